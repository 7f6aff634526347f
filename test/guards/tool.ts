/** A development tool as the command line has it: its words, and whether it was content. */
import { execFile } from "node:child_process";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");

/** `script` is a file in `node_modules`. Gives "" when the tool ends well, else what it said. */
export function complaints(script: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const command = [join(ROOT, "node_modules", script), ...args];
    const options = { cwd: ROOT, maxBuffer: 2 ** 26, env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined } };
    execFile(process.execPath, command, options, (error, out, err) => {
      resolve(error ? `${out}${err}`.trim() || error.message : "");
    });
  });
}
