/** `npm test`: installs what is missing, then runs everything. Words after `npm test --` go to the runner: a file name, `-t NAME`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureInstalled, ROOT } from "./setup.mjs";

try {
  ensureInstalled();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: "inherit",
});
process.exit(status ?? 1);
