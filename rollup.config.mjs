import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import typescript from "@rollup/plugin-typescript";
import { rollup } from "rollup";
import { minify } from "terser";
import { tsImport } from "tsx/esm/api";
import { checkDialect, formatFinding } from "./tools/dialect.mjs";

/** Runs `*.table.ts` at build time: the bundle gets the strings and numbers that such a file exports, not its code. */
function tables() {
  return {
    name: "tables",
    async load(id) {
      if (!id.endsWith(".table.ts")) return null;
      const constants = await tsImport(id, import.meta.url);
      return Object.entries(constants)
        .filter(([, value]) => typeof value === "string" || typeof value === "number")
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join("\n");
    },
  };
}

/** One program for all parts of a bundle: types are checked across them. */
function compiled() {
  return typescript({
    tsconfig: "tsconfig.firmware.json",
    noEmit: false,
    noEmitOnError: true,
    sourceMap: true,
    include: ["src/**/*.ts", "test/**/*.probe.ts"],
  });
}

function refuseWarnings(warning) {
  throw new Error(warning.message);
}

/**
 * `NAME.lazy.ts` hands out a module from a function. In the bundle the module stands inside that function, so that an engine that runs
 * from flash has nothing of it in memory until the function is called, and nothing when its result is let go.
 */
function lazy() {
  return {
    name: "lazy",
    async load(id) {
      if (!id.endsWith(".lazy.ts")) return null;
      const source = readFileSync(id, "utf8");
      const [, module] = /from "([^"]+)"/.exec(source);
      const [, name] = /export function (\w+)/.exec(source);
      const part = await rollup({
        input: `${join(dirname(id), module)}.ts`,
        plugins: [tables(), compiled()],
        onwarn: refuseWarnings,
      });
      const { output } = await part.generate({ format: "es", sourcemap: "hidden" });
      await part.close();
      const code = output[0].code.replace(/export \{([^}]*)\};\s*$/, (_, names) => `return {${fieldsOf(names)}};`);
      return `export function ${name}() {\n${code}\n}`;
    },
  };
}

/** The list of an export clause as the fields of a record. */
function fieldsOf(names) {
  return names
    .split(",")
    .map((each) => each.trim().split(" as "))
    .map(([local, exported = local]) => `${exported}: ${local}`)
    .join(", ");
}

/**
 * Minifies without changing what Espruino sees. A string right after `case x:` reads as empty there, so comparisons keep their
 * order (`lhs_constants`); `var` is not hoisted, so nothing is inlined that needs one (`inline: 1`).
 */
function minified() {
  return {
    name: "minified",
    async renderChunk(code) {
      const out = await minify(code, {
        ecma: 5,
        toplevel: true,
        sourceMap: true,
        compress: { passes: 2, hoist_funs: true, reduce_funcs: false, lhs_constants: false, inline: 1 },
        format: { ascii_only: true },
      });
      return { code: out.code, map: JSON.parse(out.map) };
    },
  };
}

/** Fails the build over anything that one of the engines cannot run, naming file, line and construct. */
function dialect() {
  return {
    name: "dialect",
    generateBundle(options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const findings = checkDialect(chunk.code, chunk.map);
        if (findings.length > 0) {
          this.error(`${chunk.fileName} does not run on every engine:\n${findings.map(formatFinding).join("\n")}`);
        }
      }
    },
  };
}

/** One bundle: every target, and every test of firmware on its own, is built in this way. */
export function bundleOf(input, file) {
  return {
    input,
    output: { file, format: "es", sourcemap: "hidden" },
    plugins: [tables(), lazy(), compiled(), minified(), dialect()],
    onwarn: refuseWarnings,
  };
}

export const BOARDS = ["console"];

export default BOARDS.map((board) => bundleOf("src/main.ts", `dist/${board}.js`));
