import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import typescript from "@rollup/plugin-typescript";
import { rollup } from "rollup";
import { minify } from "terser";
import { tsImport } from "tsx/esm/api";
import { ESPRUINO_GLOBALS } from "./tools/dialect-rules.mjs";
import { checkDialect, formatFinding } from "./tools/dialect.mjs";
import { hoist } from "./tools/hoist.mjs";
import { markOnce } from "./tools/once.mjs";
import { sink } from "./tools/sink.mjs";

const isPieces = (value) => Array.isArray(value) && value.every((each) => typeof each === "function");

/** What the bundle gets of an exported value of a table. A function that the table has made of text is called "anonymous". */
function constant([name, value]) {
  if (typeof value === "function" && value.name === "anonymous")
    return `export ${String(value).replace("anonymous", name)}`;
  if (isPieces(value))
    return `export const ${name} = [${value.map((piece) => `()=>${JSON.stringify(piece())}`).join()}];`;
  return typeof value === "string" || typeof value === "number"
    ? `export const ${name} = ${JSON.stringify(value)};`
    : "";
}

/**
 * Runs `*.table.ts` at build time: the bundle gets the strings, numbers and generated functions that such a file exports, and arrays of
 * functions that give a string each, not its code.
 */
function tables() {
  return {
    name: "tables",
    async load(id) {
      if (!id.endsWith(".table.ts")) return null;
      const constants = await tsImport(id, import.meta.url);
      return Object.entries(constants).map(constant).join("\n");
    },
  };
}

let program;

/** One program for all parts of all bundles that this process builds: types are checked across them, and once. */
function compiled() {
  return (program ??= startedOnce(
    typescript({
      tsconfig: "tsconfig.firmware.json",
      noEmit: false,
      noEmitOnError: true,
      sourceMap: true,
      include: ["src/**/*.ts", "test/**/*.probe.ts", "test/**/*.table.ts"],
    }),
  ));
}

/** By itself the compiler begins anew with each bundle. */
function startedOnce(types) {
  let isStarted = false;
  return {
    ...types,
    buildStart(options) {
      if (!isStarted) types.buildStart.call(this, options);
      isStarted = true;
    },
  };
}

function refuseWarnings(warning) {
  throw new Error(warning.message);
}

/**
 * `NAME.lazy.ts` hands out a module from a function. In the bundle the module stands inside that function, with all that nothing else
 * imports, so that an engine that runs from flash has nothing of it in memory until the function is called, and nothing when its result
 * is let go. A part of a part shares what the outer one has.
 */
function lazy(input, types) {
  const emitted = { name: "emitted", resolveId: types.resolveId, load: types.load };
  const stub = { name: "stub", load: (id) => (id.endsWith(".lazy.ts") ? "export default 0;" : null) };
  const quiet = { shimMissingExports: true, onwarn: () => undefined };
  /** The modules that `entry` brings with it, those of its parts left out. */
  async function modulesOf(entry) {
    const bundle = await rollup({ input: entry, plugins: [tables(), stub, emitted], ...quiet });
    await bundle.close();
    return bundle.cache.modules.map(({ id }) => id);
  }
  /** `entry`: of what surrounds the parts; `around`: the modules that surround that. */
  function partsIn(entry, around) {
    let known;
    return {
      name: "lazy",
      async load(id) {
        if (!id.endsWith(".lazy.ts")) return null;
        const source = readFileSync(id, "utf8");
        const [, module] = /from "([^"]+)"/.exec(source);
        const [, name] = /export function (\w+)/.exec(source);
        const outside = await (known ??= modulesOf(entry).then((ids) => new Set([...around, ...ids])));
        const inner = `${join(dirname(id), module)}.ts`;
        const part = await rollup({
          input: inner,
          external: (each, _, isResolved) => isResolved && outside.has(each),
          plugins: [tables(), partsIn(inner, outside), emitted],
          makeAbsoluteExternalsRelative: false,
          onwarn: refuseWarnings,
        });
        const { output } = await part.generate({ format: "es" });
        await part.close();
        const imports = [];
        const code = output[0].code
          .replace(/^import .*;$/gm, (line) => (imports.push(line), ""))
          .replace(/export \{([^}]*)\};\s*$/, (_, names) => `return {${fieldsOf(names)}};`);
        return `${imports.join("\n")}\nexport function ${name}() {\n${code}\n}`;
      },
    };
  }
  return partsIn(input, []);
}

/** The list of an export clause as the fields of a record. */
function fieldsOf(names) {
  return names
    .split(",")
    .map((each) => each.trim().split(" as "))
    .map(([local, exported = local]) => `${exported}: ${local}`)
    .join(", ");
}

/** Names that the engines and the simulator's transport know; all other fields get short ones, since every record holds them in memory. */
const ENGINE_NAMES = `
  tx rx cases toUint8Array mapInPlace CRC32 sum convolve AES encrypt mode createArrayBuffer drawImage width height bpp buffer palette
  length charAt charCodeAt fromCharCode indexOf lastIndexOf substr substring slice split join
  repeat padStart padEnd replace startsWith endsWith toUpperCase toLowerCase toString trim test
  push pop shift unshift concat map forEach fill set subarray splice apply call bind
  floor ceil round abs min max random imul pow log sqrt stringify parse prototype at
`
  .trim()
  .split(/\s+/);

/** Before the minifier and after it: see there. */
const sunk = { name: "sunk", renderChunk: sink };
const marked = { name: "marked", renderChunk: markOnce };
const hoisted = { name: "hoisted", renderChunk: hoist };

/** What the boards on Espruino call besides. */
const ESPRUINO_NAMES = [
  ...["SHA256", "enableWatchdog", "kickWatchdog", "reboot", "openFile", "seek", "close", "erasePage", "read", "write"],
  ...["connect", "host", "port", "on", "end", "password", "setup", "send", "tx", "rx", "sda", "scl", "bitrate"],
  ...["sck", "mosi", "miso", "baud", "address", "stop", "writeTo", "readFrom", "freq"],
  ...["repeat", "edge", "debounce", "data", "getStatus", "station", "rssi", "getIP", "ip", "getHostByName"],
];

/**
 * Minifies without changing what Espruino sees. A string right after `case x:` reads as empty there, so comparisons keep their
 * order (`lhs_constants`).
 */
function minified(engine) {
  return {
    name: "minified",
    async renderChunk(code) {
      // A constant is as good as a variable once the compiler has seen that it is one, and two letters longer.
      const out = await minify(code.replace(/^( *)const /gm, "$1let   "), {
        ecma: 5,
        toplevel: true,
        sourceMap: true,
        mangle: { properties: { builtins: engine.mangles, reserved: engine.names } },
        compress: { passes: 2, hoist_funs: true, reduce_funcs: false, lhs_constants: false, inline: 3 },
        format: { ascii_only: true },
      });
      return { code: out.code, map: JSON.parse(out.map) };
    },
  };
}

/** Fails the build over anything that one of the engines cannot run, naming file, line and construct. */
function dialect(globals) {
  return {
    name: "dialect",
    generateBundle(options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const findings = checkDialect(chunk.code, chunk.map, globals);
        if (findings.length > 0) {
          this.error(`${chunk.fileName} does not run on every engine:\n${findings.map(formatFinding).join("\n")}`);
        }
      }
    },
  };
}

/**
 * What a bundle may lean on: `names` that keep their length, `globals` that the checks let pass. `mangles`: all names that any browser
 * knows become short as well, unless they are among those; where much of an engine is called they rather stay.
 */
const CONSOLE = { names: ENGINE_NAMES, globals: new Set(), mangles: true };
const ESPRUINO = { names: [...ENGINE_NAMES, ...ESPRUINO_NAMES], globals: ESPRUINO_GLOBALS, mangles: false };

/** One bundle: every target, and every test of firmware on its own, is built in this way. */
export function bundleOf(input, file, types = compiled(), engine = CONSOLE) {
  return {
    input,
    output: { file, format: "es", sourcemap: "hidden" },
    plugins: [tables(), lazy(input, types), types, sunk, marked, minified(engine), hoisted, dialect(engine.globals)],
    onwarn: refuseWarnings,
  };
}

/** Each target by the name of its bundle. The console board comes with each family of displays and runs on any engine. */
export const BOARDS = {
  console: { main: "src/main.ts", engine: CONSOLE },
  "console-oled": { main: "src/main-oled.ts", engine: CONSOLE },
  "console-tft": { main: "src/main-tft.ts", engine: CONSOLE },
  "console-touch": { main: "src/main-touch.ts", engine: CONSOLE },
  "tillet-cyd": { main: "src/main-cyd.ts", engine: ESPRUINO },
  "tillet-linux": { main: "src/main-linux.ts", engine: ESPRUINO },
  "tillet-s3": { main: "src/main-s3.ts", engine: ESPRUINO },
  "tillet-wroom": { main: "src/main-wroom.ts", engine: ESPRUINO },
};

export default Object.entries(BOARDS).map(([board, { main, engine }]) =>
  bundleOf(main, `dist/${board}.js`, compiled(), engine),
);
