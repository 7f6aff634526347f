/** Builds the firmware bundles into `dist/` when a source is newer than they are. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
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
