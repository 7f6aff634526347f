/** What a snapshot of the bundle costs on JerryScript beside the source: bytes, and the heap's peak once it is loaded. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BUNDLE } from "../../src/cli/world";
import { COMMANDS } from "../engines";
import { report } from "../report";

const TOOL = process.env.JERRY_SNAPSHOT ?? "jerry-snapshot";
const isHere = spawnSync(TOOL, ["--help"]).status === 0;
/** Of the source: what a snapshot may take, and what of the heap. */
const BYTES_MAX = 120_000;
const HEAP_BYTES_MAX = 160_000;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tillet-snapshot-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function peakOf(args: readonly string[]): number | null {
  const { stdout, stderr, status } = spawnSync(COMMANDS.jerryscript, ["--mem-stats", "io.js", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  const peak = /Peak allocated = (\d+) bytes/.exec(stdout + stderr)?.[1];
  return peak === undefined ? null : Number(peak);
}

test.skipIf(!isHere)("a snapshot of the bundle loads, within its bounds", ({ skip }) => {
  writeFileSync(join(folder, "io.js"), "var io={tx:print};");
  const made = spawnSync(TOOL, ["generate", "-o", "bundle.snapshot", BUNDLE], { cwd: folder, encoding: "utf8" });
  expect(made.status, made.stderr).toBe(0);
  const bytes = statSync(join(folder, "bundle.snapshot")).size;
  const fromSource = peakOf([BUNDLE]);
  const fromSnapshot = peakOf(["--exec-snapshot", "bundle.snapshot"]);
  skip(fromSnapshot === null, "this jerry was built without memory statistics");
  report("4-snapshot", [
    "The bundle on JerryScript, loaded (bytes)",
    `  source ${statSync(BUNDLE).size}, heap peak ${fromSource}`,
    `  snapshot ${bytes}, heap peak ${fromSnapshot}`,
  ]);
  expect(bytes).toBeLessThanOrEqual(BYTES_MAX);
  expect(fromSnapshot).toBeLessThanOrEqual(HEAP_BYTES_MAX);
});
