/** Installs the packages when they are missing or older than the lock file. Node's own modules only: nothing else is there yet. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

function isInstalled() {
  const installed = join(ROOT, "node_modules", ".package-lock.json");
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(ROOT, "package-lock.json")).mtimeMs;
}

/** Throws when npm cannot install. */
export function ensureInstalled() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 11)) {
    throw new Error(`Tillet needs Node 20.11 or newer; this is ${process.version}.`);
  }
  if (isInstalled()) return;
  process.stderr.write("Installing packages (once, about half a minute) ...\n");
  const result = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) throw new Error("npm ci failed; see above. Is the package registry within reach?");
}

/** Does `work`, or says why not and ends the process with status 1: who runs a tool wants the finding, not the tool's stack. */
export async function orStop(work) {
  try {
    await work();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
