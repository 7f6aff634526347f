/** Lines that the test run prints at its end: sizes, counts, what was skipped. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const REPORT_FOLDER = join(import.meta.dirname, "..", ".cache", "report");

/** `name` orders the reports. */
export function report(name: string, lines: readonly string[]): void {
  writeFileSync(join(REPORT_FOLDER, `${name}.txt`), `${lines.join("\n")}\n`);
}
