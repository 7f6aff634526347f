/** Builds the firmware bundles into `dist/` when a source is newer than they are. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled, orStop, ROOT } from "./setup.mjs";

const SOURCES = ["src/main.ts", "src/board", "src/drivers", "src/proto", "src/crypto", "src/txn"];
const RECIPE = [
  "rollup.config.mjs",
  "tools/dialect.mjs",
  "tools/dialect-rules.mjs",
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
  const bundle = join(ROOT, "dist", "console.js");
  return (
    existsSync(bundle) &&
    statSync(bundle).mtimeMs > Math.max(...[...SOURCES, ...RECIPE].map((each) => newestMs(join(ROOT, each))))
  );
}

/** Throws with the compiler's or the dialect check's findings; the bundle then stays as it was. */
export async function ensureBuilt() {
  if (isFresh()) return;
  process.stderr.write("Building the firmware ...\n");
  // The recipe names its files from the project's folder.
  const folder = process.cwd();
  if (folder !== ROOT) process.chdir(ROOT);
  try {
    await build();
  } catch (error) {
    throw new Error(
      `The firmware does not build.
${error.message}`,
      { cause: error },
    );
  } finally {
    if (folder !== ROOT) process.chdir(folder);
  }
}

async function build() {
  const { rollup } = await import("rollup");
  const { default: configurations } = await import(pathToFileURL(join(ROOT, "rollup.config.mjs")).href);
  for (const { output, ...input } of configurations) {
    const bundle = await rollup(input);
    await bundle.write({ ...output, file: join(ROOT, output.file) });
    await bundle.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await orStop(async () => {
    ensureInstalled();
    await ensureBuilt();
  });
}
