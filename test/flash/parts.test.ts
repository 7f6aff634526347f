/** The bundle in files, as a board has it: together they are the bundle, and each is evaluated in its place. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { MAIN, splitParts } from "../../flash/parts";
import { BUNDLE } from "../../src/cli/world";

const LONG = "x".repeat(200);
const FILLER = `const filler = "${"-".repeat(20)}".repeat(3);`
  .repeat(8)
  .replace(/filler/g, (_, at: number) => `f${at}`);

/** Runs the files as an engine with a file store does. */
function run(files: ReadonlyMap<string, string>, ending: string): unknown {
  const require = () => ({ read: (name: string) => files.get(name) });
  return new Function("require", `${files.get(MAIN)}\n${ending}`)(require);
}

describe("a bundle in files", () => {
  const part = `function part() {${FILLER} function inner(a) { return a + outer; } return { inner: inner }; }`;

  test("has a file for each part, which sees what is around it", () => {
    const files = splitParts(`let outer = 2; ${part}`);
    expect([...files.keys()]).toEqual([MAIN, "t0"]);
    expect(files.get(MAIN)).not.toContain("inner");
    expect(run(files, "return part().inner(3);")).toBe(5);
  });

  test("has a file for a part of a part", () => {
    const files = splitParts(`let outer = 2; function around() {${FILLER} ${part} return part().inner(1); }`);
    expect(files.size).toBe(3);
    expect(run(files, "return around();")).toBe(3);
  });

  test("has a file for each long text, as the bytes that it is", () => {
    const files = splitParts(`function words() { return "${LONG}\\xe9\\n"; }`);
    expect(files.get("s0")).toBe(`${LONG}\xe9\n`);
    expect(run(files, "return words();")).toBe(`${LONG}\xe9\n`);
  });

  test.each([
    ["has parameters", `function part(a) {${FILLER} return a; }`],
    ["returns in more than one place", `function part() {${FILLER} if (f0) return 1; return 2; }`],
    ["is short", "function part() { return 1; }"],
  ])("leaves a function where it is that %s", (_, code) => {
    expect(splitParts(code)).toEqual(new Map([[MAIN, code]]));
  });
});

test("of the shipped bundle a third is read at power-on, and nothing is lost", () => {
  const code = readFileSync(BUNDLE, "latin1");
  const files = splitParts(code);
  expect((files.get(MAIN) ?? "").length).toBeLessThan(0.4 * code.length);
  const sum = [...files.values()].reduce((all, text) => all + text.length, 0);
  expect(sum).toBeGreaterThan(0.95 * code.length);
});
