/** House rules that a machine can check, over every file that is not built or installed. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "./tool";

const LINES_MAX = 300;

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Also what is not committed yet; without git, so that an unpacked archive is checked too. */
function listFiles(): string[] {
  const skipped = new Set([
    ".git",
    ...read(".gitignore")
      .split("\n")
      .map((line) => line.replace(/\/$/, "")),
  ]);
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !skipped.has(name))
      .flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]));
  return walk(ROOT).map((path) => relative(ROOT, path).replaceAll("\\", "/"));
}

const TEXTS = listFiles()
  .map((file) => ({ file, text: read(file) }))
  .filter(({ text }) => !text.includes("\0"));
const WRITTEN = TEXTS.filter(({ file }) => file !== "package-lock.json");

/** "file:line: what" for each match of `pattern`. */
function matches(files: readonly { file: string; text: string }[], pattern: RegExp): string[] {
  return files.flatMap(({ file, text }) =>
    text
      .split("\n")
      .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim().slice(0, 100)}`] : [])),
  );
}

// Written so that this file does not match itself.
const PROMISES = /\b(TO[D]O|FIX[M]E|XX[X])\b/;
const ALONE = /\b(it|test|describe|suite)(\.\w+)*\.(only)\b/;
const MACHINE = /(^|[^\w.~])(\/(home|root|Users|work|mnt|private|opt)\/\w|[A-Z]:\\\\?\w)/;

describe("every file", () => {
  test("is seen", () => expect(TEXTS.length).toBeGreaterThan(100));

  test("ends in a line feed", () => {
    expect(TEXTS.filter(({ text }) => text !== "" && !text.endsWith("\n")).map(({ file }) => file)).toEqual([]);
  });

  test("has no note of work left undone", () => expect(matches(WRITTEN, PROMISES)).toEqual([]));

  test("has no test that keeps the others from running", () => expect(matches(WRITTEN, ALONE)).toEqual([]));

  test("names no place on one machine", () => expect(matches(WRITTEN, MACHINE)).toEqual([]));

  test(`of src has at most ${LINES_MAX} lines, tables apart`, () => {
    const long = TEXTS.filter(({ file }) => /^src\/.*(?<!\.table)\.ts$/.test(file))
      .map(({ file, text }) => ({ file, lines: text.split("\n").length - 1 }))
      .filter(({ lines }) => lines > LINES_MAX);
    expect(long).toEqual([]);
  });

  test.each([
    [PROMISES, "// TO" + "DO: later"],
    [ALONE, "test" + ".only('x', f)"],
    [ALONE, "describe.concurrent" + ".only('x', f)"],
    [MACHINE, 'open("/ho' + 'me/me/tillet")'],
    [MACHINE, "/Us" + "ers/me/tillet"],
    [MACHINE, "C:" + "\\Projects\\tillet"],
  ])("is searched with %s", (pattern, line) => expect(matches([{ file: "a", text: line }], pattern)).toHaveLength(1));
});

describe("package.json", () => {
  const versions = (text: string) => {
    const { dependencies, devDependencies } = JSON.parse(text) as Record<string, Record<string, string>>;
    return Object.entries({ ...dependencies, ...devDependencies });
  };

  test("names exact versions", () => {
    const all = versions(read("package.json"));
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter(([, version]) => !/^(npm:[^ ]+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test("and its lock file no registry, so that any will do", () => {
    expect(matches([{ file: "package-lock.json", text: read("package-lock.json") }], /"resolved"|registry\./)).toEqual(
      [],
    );
  });

  test("has one way to test: `.ci/run` is `npm test`", () => {
    expect(read(".ci/run")).toBe("#!/bin/sh\nexec npm test\n");
  });
});
