#!/usr/bin/env node
/** The `tillet` command: sets up what is missing, then hands over to `src/cli`. */
import { ensureBuilt } from "../tools/build.mjs";
import { ensureInstalled } from "../tools/setup.mjs";

try {
  ensureInstalled();
  await ensureBuilt();
  const { tsImport } = await import("tsx/esm/api");
  const { main } = await tsImport("../src/cli/main.ts", import.meta.url);
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`tillet: ${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 2;
}
