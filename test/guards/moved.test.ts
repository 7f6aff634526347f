/** What the build moves: functions into the part that alone calls them, and declarations to the start of a function. */
import { parse } from "acorn";
import { describe, expect, test } from "vitest";
import { hoist } from "../../tools/hoist.mjs";
import { markOnce } from "../../tools/once.mjs";
import { sink } from "../../tools/sink.mjs";

/** The names of the functions that stand outside of all others afterwards. */
function outside(code: string): string[] {
  const { body } = parse(sink(code).code, { ecmaVersion: "latest", sourceType: "module" });
  return body.flatMap((each) => (each.type === "FunctionDeclaration" ? [each.id.name] : []));
}

const PART = "\nfunction part() {\n  function inner() { return one(); }\n  return { inner: inner };\n}\n";

describe("a function that one part alone calls", () => {
  test("stands in it, and so does what that alone calls", () => {
    const code = `function two() { return 2; }\nfunction one() { return two(); }${PART}part().inner();`;
    expect(outside(code)).toEqual(["part"]);
    expect(new Function(`${sink(code).code}\nreturn part().inner();`)()).toBe(2);
  });

  test.each([
    ["it is called elsewhere, too", "one();"],
    ["a local has its name", "function other(one) { return one; }"],
  ])("stays where it is when %s", (_, use) => {
    expect(outside(`function one() { return 1; }${PART}${use}`)).toContain("one");
  });

  test("stays when it makes a function: what is held of that would hold the part", () => {
    expect(outside(`function one() { return () => 1; }${PART}`)).toContain("one");
  });

  test("stays when it is used as a value", () => {
    expect(outside(`function one() { return 1; }${PART.replace("one()", "one")}`)).toContain("one");
  });

  test("stays when two parts call it", () => {
    expect(outside(`function one() { return 1; }${PART}${PART.replace("part", "other")}`)).toContain("one");
  });

  test("goes into the innermost part", () => {
    const nested =
      "\nfunction outer() {\n  function part() {\n    function inner() { return one(); }\n    return inner;\n  }\n  return part;\n}";
    expect(sink(`function one() { return 1; }${nested}`).code).toMatch(/function part\(\) \{\s*function one/);
  });
});

test("a variable of a function or of the program is declared before its use", () => {
  const code = "function sum(a) { b = a + 1; return b; var b }\nc = 1; var c\nvar kept = 1;";
  expect(hoist(code).code).toBe("let c;function sum(a) {let b; b = a + 1; return b;  }\nc = 1; \nvar kept = 1;");
});

test("one expression that is called once is marked; not in a loop, not a value, not a longer body", () => {
  const code = `function once(a) { return a + 1; }
function twice() { return 1; }
function looped() { return 2; }
function value() { return 3; }
function long(a) { a++; return a; }
use(once(1), twice(), twice(), value, long(1));
for (;;) looped();`;
  expect(markOnce(code).code).toBe(code.replace("use(once", "use(/*@__INLINE__*/ once"));
});
