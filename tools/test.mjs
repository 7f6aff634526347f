/**
 * `npm test`: installs what is missing, builds the firmware, then runs everything. Words after `npm test --` go to the runner: a file
 * name, `-t NAME`.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureBuilt } from "./build.mjs";
import { ensureInstalled, orStop, ROOT } from "./setup.mjs";

await orStop(async () => {
  ensureInstalled();
  await ensureBuilt();
});
const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: "inherit",
});
process.exit(status ?? 1);
