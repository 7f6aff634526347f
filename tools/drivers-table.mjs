/**
 * `npm run tables`: writes `src/drivers/README.md`, a row for every driver, from the tags in the comment at its top and from measuring
 * it. A tag is a line ` * Part: ...`, and likewise Bus, Document, Pins and Slowest. A file that is only a piece of a driver says
 * ` * Part of: FILE` instead. JsVars are measured where the stock Espruino is here, else the numbers in the file stay.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled, ROOT } from "./setup.mjs";

const FOLDER = join(ROOT, "src", "drivers");
export const TABLE_FILE = join(FOLDER, "README.md");
const TAGS = ["Part", "Bus", "Document", "Pins", "Slowest"];
const TITLES = ["Driver", ...TAGS.slice(0, -1), "Slowest call", "JsVars", "Bytes"];
const UNKNOWN = "?";

/** Tags of the comment at the top of `text`; null for a piece of another driver. Throws when one is missing. */
export function readTags(file, text) {
  const [, comment = ""] = /^\/\*\*([\s\S]*?)\*\//.exec(text) ?? [];
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\*? ?/, "").trimEnd());
  const tagOf = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const whole = tagOf("Part of");
  if (whole !== undefined)
    return existsSync(join(FOLDER, whole)) ? null : fail(file, `is part of ${whole}, which is not there`);
  return TAGS.map((name) => tagOf(name) ?? fail(file, `has no line "${name}: ..." in the comment at its top`));
}

function fail(file, what) {
  throw new Error(`src/drivers/${file} ${what}; see tools/drivers-table.mjs`);
}

/** Every driver with its tags, by name of file. */
export function listDrivers() {
  return readdirSync(FOLDER)
    .filter((file) => /^[^.]+\.ts$/.test(file))
    .sort()
    .map((file) => ({ file, tags: readTags(file, readFileSync(join(FOLDER, file), "utf8")) }))
    .filter(({ tags }) => tags !== null);
}

/** The firmware's sources under `drivers` as the compiler emits them, by path; the functions that each exports. */
async function compile(files) {
  const { default: ts } = await import("typescript");
  const config = ts.getParsedCommandLineOfConfigFile(
    join(ROOT, "tsconfig.firmware.json"),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: console.error },
  );
  const paths = files.map((file) => join(FOLDER, file));
  const program = ts.createProgram(paths, { ...config.options, noEmit: false });
  const emitted = new Map();
  program.emit(undefined, (path, text) => emitted.set(path.replace(/\.js$/, ".ts"), text));
  const checker = program.getTypeChecker();
  const functionsOf = (path) =>
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)))
      .filter((symbol) => symbol.flags & ts.SymbolFlags.Function)
      .map(({ name }) => name);
  return { emitted, exported: new Map(paths.map((path) => [path, functionsOf(path)])) };
}

const ENTRY = "\0entry";

/** A bundle of the entry `code`, made as the one that ships but for the compiler, which has run already. */
async function bundle(code, emitted) {
  const { rollup } = await import("rollup");
  const { bundleOf } = await import(pathToFileURL(join(ROOT, "rollup.config.mjs")).href);
  const compiled = {
    name: "compiled",
    resolveId: (id, importer) => {
      if (!importer) return id;
      return isAbsolute(id) ? id : `${resolve(dirname(importer), id)}.ts`;
    },
    load: (id) => (id === ENTRY ? code : (emitted.get(id) ?? null)),
  };
  const built = await rollup(bundleOf(ENTRY, "bundle.js", compiled));
  const { output } = await built.generate({ format: "es", sourcemap: "hidden" });
  await built.close();
  return output[0].code;
}

/** Bundles by file name; "" is one without a driver. All functions of a driver are kept, whoever calls them. */
async function bundles(files) {
  const { emitted, exported } = await compile(files);
  const found = new Map([["", await bundle("io.kept=[];", emitted)]]);
  for (const file of files) {
    const path = join(FOLDER, file);
    const names = exported.get(path).join(",");
    found.set(file, await bundle(`import {${names}} from ${JSON.stringify(path)};io.kept=[${names}];`, emitted));
  }
  return found;
}

/** Loads a bundle into the engine's file store, a piece at a time, runs it from there as a board does, and says what is in use. */
const PROGRAM = `var io={};
(function(){var c=require("fs").readFileSync("bundle.js"),n=c.length,i;
for(i=0;i<n;i+=512)require("Storage").write("b",E.toString(c.substr(i,512)),i,n)})();
eval(require("Storage").read("b"));
print("in use: "+process.memory().usage);quit();
`;

/** Variables in use on Espruino once the bundle has run. */
function variables(code) {
  // The engine keeps its flash in a file of the working directory.
  const folder = mkdtempSync(join(tmpdir(), "tillet-drivers-"));
  writeFileSync(join(folder, "bundle.js"), code);
  writeFileSync(join(folder, "run.js"), PROGRAM);
  const { stdout } = spawnSync("espruino", ["run.js"], { cwd: folder, encoding: "latin1", timeout: 20_000 });
  rmSync(folder, { recursive: true, force: true });
  const [, inUse] = /in use: (\d+)/.exec(stdout) ?? [];
  if (inUse === undefined) throw new Error(`Espruino did not run the bundle:\n${stdout}`);
  return Number(inUse);
}

/** Bytes that each driver adds to a bundle; with `isEngineHere` also the JsVars that its code takes at rest. */
export async function measure(files, isEngineHere) {
  const built = await bundles(files);
  const none = { bytes: built.get("").length, jsVars: isEngineHere ? variables(built.get("")) : 0 };
  const found = new Map();
  for (const file of files) {
    const code = built.get(file);
    const jsVars = isEngineHere ? variables(code) - none.jsVars : null;
    found.set(file, { bytes: code.length - none.bytes, jsVars });
  }
  return found;
}

/** The JsVars that the table in `text` has, by file name. */
export function readJsVars(text) {
  const rows = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return new Map(
    rows.flatMap((cells) => (/^\[/.test(cells[1] ?? "") ? [[cells[1].replace(/^\[(.*)\]\(.*$/, "$1"), cells[7]]] : [])),
  );
}

const HEAD = `# Drivers

A file a peripheral: bytes of the device on one side, small reports and calls on the other, over a bus of \`board/board\`. Every wait is
bounded and ends in a named report; a device that was unplugged is found and set up again by its driver.

Generated by \`npm run tables\` from the comment at the top of each driver. Bytes: what the driver adds to the minified bundle. JsVars: what
its code takes at rest on the stock Linux build of Espruino, run from flash.
`;

export function renderTable(drivers, measured, jsVarsOf) {
  const rows = drivers.map(({ file, tags }) => [
    `[${file}](${file})`,
    ...tags.map((tag) => tag.replaceAll("|", "\\|")),
    jsVarsOf(file),
    String(measured.get(file).bytes),
  ]);
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = TITLES.map((title) => (title === "JsVars" || title === "Bytes" ? "---:" : "---"));
  return `${HEAD}\n${[line(TITLES), line(rule), ...rows.map(line)].join("\n")}\n`;
}

async function isStockEspruinoHere() {
  const { tsImport } = await import("tsx/esm/api");
  const { hasEspruino } = await tsImport("../test/engines.ts", import.meta.url);
  return hasEspruino && !process.env.ESPRUINO;
}

async function main() {
  ensureInstalled();
  const drivers = listDrivers();
  const old = existsSync(TABLE_FILE) ? readJsVars(readFileSync(TABLE_FILE, "utf8")) : new Map();
  const measured = await measure(
    drivers.map(({ file }) => file),
    await isStockEspruinoHere(),
  );
  const jsVarsOf = (file) => String(measured.get(file).jsVars ?? old.get(file) ?? UNKNOWN);
  writeFileSync(TABLE_FILE, renderTable(drivers, measured, jsVarsOf));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
