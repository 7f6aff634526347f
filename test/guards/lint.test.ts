/** The tree is clean under `eslint.config.mjs` and the formatter, and the firmware's bans refuse what they are there for. */
import { parser } from "typescript-eslint";
import { ESLint, Linter } from "eslint";
import { beforeAll, describe, expect, test } from "vitest";
import { complaints, ROOT } from "./tool";

describe("the tree", () => {
  test("has no lint", async () => {
    expect(await complaints("eslint/bin/eslint.js", [".", "--max-warnings", "0"])).toBe("");
  });

  test("is formatted; `npm run format` does it", async () => {
    expect(await complaints("prettier/bin/prettier.cjs", ["--list-different", "."])).toBe("");
  });
});

describe("firmware source may not have", () => {
  const BANNED: [code: string, advice: RegExp][] = [
    ["class A {}", /record and functions/],
    ["export const a = class {};", /record and functions/],
    ["enum Kind { A = 1 }", /const enum/],
    ["export function f(a = 1) { return a; }", /pass the value/],
    ["export const f = (a = 1) => a;", /pass the value/],
    ["export function f(...a: number[]) { return a; }", /pass an array/],
    ["export const a = [...b];", /concat/],
    ["f(...b);", /concat/],
    ["const [a] = b;", /by its name/],
    ["const { a } = b;", /by its name/],
    ["export function f({ a }: T) { return a; }", /by its name/],
    ["export async function f() { return 1; }", /send an event/],
    ["export function* f() { return 1; }", /send an event/],
    ["for (const k in o) f(k);", /order of keys/],
    ["export const n = +text;", /fromDigits/],
    ["export const n = Number(text);", /fromDigits/],
    ["export const s = n.toFixed(2);", /minor units/],
    ["export const n = Math.random();", /ask the board/],
    ['import { readFileSync } from "node:fs";', /own files/],
    ['import nacl from "tweetnacl";', /own files/],
    ["console.log(1);", /board\/board/],
    ["export const n = Date.now();", /Time is the board's/],
    ["setTimeout(f, 1);", /Time is the board's/],
  ];
  const FINE =
    'import { a } from "./a";\nexport const enum Kind { A = 1 }\nexport const f = (n: number) => -n + parseInt("1", 10);';

  const rulesOf = new Map<string, Linter.RulesRecord>();
  beforeAll(async () => {
    const eslint = new ESLint({ cwd: ROOT });
    for (const file of ["src/main.ts", "src/txn/step.ts", "src/proto/fields.table.ts", "src/sim/handheld.ts"]) {
      const { rules } = (await eslint.calculateConfigForFile(file)) as { rules: Linter.RulesRecord };
      const bans = Object.entries(rules).filter(([name]) => name.startsWith("no-restricted-"));
      rulesOf.set(file, Object.fromEntries(bans));
    }
  });
  const messages = (file: string, code: string) =>
    new Linter()
      .verify(code, { files: ["**/*.ts"], languageOptions: { parser }, rules: rulesOf.get(file) ?? {} }, "a.ts")
      .map(({ message }) => message);

  test.each(BANNED)("%s", (code, advice) => {
    expect(messages("src/txn/step.ts", code).join("\n")).toMatch(advice);
    expect(messages("src/main.ts", code).join("\n")).toMatch(advice);
  });

  test("a ban on what it needs", () => expect(messages("src/txn/step.ts", FINE)).toEqual([]));

  test("its bans in tables, which run at build time, or on the simulator", () => {
    expect(rulesOf.get("src/proto/fields.table.ts")).toEqual({});
    expect(rulesOf.get("src/sim/handheld.ts")).toEqual({});
  });
});
