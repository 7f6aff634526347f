/** Builds the firmware bundles into `dist/` when a source is newer than they are; those that are named, in any case. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ensureInstalled, orStop, ROOT } from "./setup.mjs";

const SOURCES = [
  ...readdirSync(join(ROOT, "src"))
    .filter((name) => /^main.*\.ts$/.test(name))
    .map((name) => `src/${name}`),
  ...["board", "drivers", "glyphs", "proto", "crypto", "limits", "txn"].map((name) => `src/${name}`),
  "tools/gb2312.mjs",
  "tools/raster.mjs",
];
/** As the targets in `rollup.config.mjs`, which cannot be read before the packages are there. */
const BUNDLES = [
  "console",
  "console-oled",
  "console-tft",
  "console-touch",
  "tillet-cyd",
  "tillet-linux",
  "tillet-s3",
  "tillet-wroom",
];
const RECIPE = [
  "rollup.config.mjs",
  "tools/dialect.mjs",
  "tools/dialect-rules.mjs",
  "tools/sink.mjs",
  "tools/once.mjs",
  "tools/hoist.mjs",
  "tsconfig.json",
  "tsconfig.firmware.json",
  "package-lock.json",
];

function newestMs(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

export function isFresh() {
  const sourceMs = Math.max(...[...SOURCES, ...RECIPE].map((each) => newestMs(join(ROOT, each))));
  return BUNDLES.every((name) => {
    const bundle = join(ROOT, "dist", `${name}.js`);
    return existsSync(bundle) && statSync(bundle).mtimeMs > sourceMs;
  });
}

/** Throws with the compiler's or the dialect check's findings; the bundle then stays as it was. */
export async function ensureBuilt() {
  if (isFresh()) return;
  process.stderr.write("Building the firmware ...\n");
  try {
    await build();
  } catch (error) {
    throw new Error(
      `The firmware does not build.
${error.message}`,
      { cause: error },
    );
  }
}

/** In as many processes as there are cores: a bundle takes ten seconds of one. */
async function build() {
  const shares = BUNDLES.map((name, index) => [name, index % availableParallelism()]);
  const workers = [...new Set(shares.map(([, worker]) => worker))].map((worker) =>
    buildApart(shares.filter(([, each]) => each === worker).map(([name]) => name)),
  );
  const findings = (await Promise.all(workers)).filter((text) => text !== "");
  if (findings.length > 0) throw new Error(findings.join("\n"));
}

/** Gives what went wrong, "" when nothing did. */
function buildApart(names) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...names], { cwd: ROOT });
  let text = "";
  child.stderr.on("data", (bytes) => (text += bytes));
  return new Promise((resolve) =>
    child.on("close", (status) => resolve(status === 0 ? "" : text.trim() || `It ended with ${status}.`)),
  );
}

async function buildHere(names) {
  const { rollup } = await import("rollup");
  const { default: configurations } = await import(pathToFileURL(join(ROOT, "rollup.config.mjs")).href);
  for (const { output, ...input } of configurations) {
    if (!names.includes(basename(output.file, ".js"))) continue;
    const bundle = await rollup(input);
    await bundle.write({ ...output, file: join(ROOT, output.file) });
    await bundle.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await orStop(async () => {
    const names = process.argv.slice(2);
    if (names.length > 0) return buildHere(names);
    ensureInstalled();
    await ensureBuilt();
  });
}
