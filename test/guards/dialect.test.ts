/** The dialect check finds each thing that the bare engines cannot run, for a reason that is true on the engines themselves. */
import { join } from "node:path";
import { rollup } from "rollup";
import { minify } from "terser";
import { describe, expect, test } from "vitest";
import type { EngineName } from "../../src/sim/engines/engine";
import { checkDialect, formatFinding } from "../../tools/dialect.mjs";
import { GLOBAL_WHY, MEMBER_WHY, METHODS, OPERATORS, SYNTAX_WHY } from "../../tools/dialect-rules.mjs";
import { BARE_ENGINES, hasEspruino } from "../engines";
import { PASSING, REFUSED } from "./dialect.samples";
import { outcomes, printedBy } from "./snippets";
import { ROOT } from "./tool";

const text = (code: string) => checkDialect(code).map(formatFinding).join("\n");

describe("finds", () => {
  for (const [code, finds] of REFUSED) {
    test(code.replaceAll("\n", "\\n"), () => {
      const found = checkDialect(`\n\n${code}`);
      expect([...new Set(found.map(({ construct }) => construct))]).toEqual([finds].flat());
      expect(found[0].line).toBe(3);
    });
  }

  test("a construct on the line where it stands", () => {
    const code = "var a = 1;\nio.tx(a);\n\nio.tx(\n  a ** 2);\nio.tx(a?.b);\n";
    expect(text(code)).toBe(
      "  bundle:5: **: a syntax error on Espruino\n  bundle:6: ChainExpression: a syntax error on Espruino",
    );
  });

  test("everything that it has a reason for", () => {
    const reasons = [SYNTAX_WHY, OPERATORS, MEMBER_WHY].flatMap(Object.keys);
    const names = Object.keys(GLOBAL_WHY).map((name) => `global ${name}`);
    const methods = Object.keys(METHODS).map((name) => `.${name}()`);
    const sampled = new Set(REFUSED.flatMap(([, finds]) => finds));
    expect([...reasons, ...names, ...methods].filter((name) => !sampled.has(name))).toEqual([]);
  });
});

describe("lets pass", () => {
  for (const code of PASSING) {
    test(code.replaceAll("\n", "\\n"), () => expect(text(code)).toBe(""));
  }

  for (const { name: engine, isHere } of BARE_ENGINES) {
    test.skipIf(!isHere)(`only what shows the same on ${engine} as on Node`, () => {
      const list = (outcome: { shown: string[]; error: string }, i: number) => ({ code: PASSING[i], ...outcome });
      const onNode = outcomes("node", PASSING);
      expect(onNode.filter(({ shown, error }) => error !== "" || shown.length === 0)).toEqual([]);
      expect(outcomes(engine, PASSING).map(list)).toEqual(onNode.map(list));
    });
  }
});

/** The engines that a reason speaks of. */
function named(why: string): EngineName[] {
  const place = / on (Espruino|JerryScript|both engines)/.exec(why)?.[1];
  if (place === "both engines") return ["espruino", "jerryscript"];
  return place === "Espruino" ? ["espruino"] : place === "JerryScript" ? ["jerryscript"] : [];
}

const CLAIMS = REFUSED.map(([code, finds, there]) => {
  const construct = [finds].flat()[0];
  const { why } = checkDialect(code).find((finding) => finding.construct === construct) ?? { why: "" };
  return { code, construct, why, there };
});

describe("says what is true", () => {
  test("and shows it with a sample", () => {
    const shown = new Set(CLAIMS.filter(({ there }) => there).map(({ why }) => why));
    // These two take a process of their own, below.
    const apart = ["DebuggerStatement", "Math.random"];
    const unproven = CLAIMS.filter(({ construct, why }) => !apart.includes(construct) && !shown.has(why));
    expect(unproven.filter(({ why }) => named(why).length > 0 && !/known/.test(why))).toEqual([]);
  });

  for (const { name: engine, isHere } of BARE_ENGINES) {
    test.skipIf(!isHere)(`of ${engine}`, () => {
      const claims = CLAIMS.filter(({ why, there }) => there && named(why).includes(engine));
      const codes = claims.map(({ code }) => code);
      const onNode = outcomes("node", codes);
      const untrue = outcomes(engine, codes).flatMap((outcome, i) => {
        const { code, why, there } = claims[i];
        const isSyntax = why.includes("syntax error");
        const fails = isSyntax ? outcome.error.startsWith("SyntaxError") : outcome.error !== "";
        const differs = outcome.error === "" && outcome.shown.join() !== onNode[i].shown.join();
        return (there === "fails" ? fails : differs) ? [] : [{ code, why, there, outcome }];
      });
      expect(claims.length).toBeGreaterThan(0);
      expect(untrue).toEqual([]);
    });
  }

  test("and its samples do run where nothing is wrong", () => {
    const ran = CLAIMS.filter(({ construct, there }) => there && !/^(global|Export)/.test(construct));
    const broken = outcomes(
      "node",
      ran.map(({ code }) => code),
    );
    expect(broken.flatMap(({ error }, i) => (error === "" ? [] : [{ code: ran[i].code, error }]))).toEqual([]);
  });
});

describe.skipIf(!hasEspruino)("Espruino", () => {
  test("reads a leading zero as octal wherever text becomes a number by itself", () => {
    const [outcome] = outcomes("espruino", ["io.tx(+'010'); io.tx(Number('010')); io.tx(parseInt('010', 10))"]);
    expect(outcome.shown).toEqual(["8", "8", "10"]);
  });

  test("takes a string right after `case x:` for an empty one", () => {
    const [outcome] = outcomes("espruino", [
      "switch (1) { case 1: 'k' === '' ? io.tx('empty') : io.tx('k') }",
      "switch (1) { default: 'k' === '' ? io.tx('empty') : io.tx('k') }",
    ]);
    expect(outcome.shown).toEqual(["empty"]);
  });

  test("starts its random numbers anew each time", () => {
    const first = printedBy("espruino", "print('random '+Math.random());");
    expect(first).toMatch(/random 0\.\d+/);
    expect(printedBy("espruino", "print('random '+Math.random());")).toBe(first);
  });

  test("does not come back from `debugger`", () => {
    const printed = printedBy("espruino", "print('be'+'fore');debugger;print('af'+'ter');", 1000);
    expect(printed).toMatch(/before/);
    expect(printed).not.toMatch(/after/);
  });
});

describe("a finding in a minified bundle", () => {
  const SOURCES: Record<string, string> = {
    "src/first.js": 'import { second } from "./second.js";\nio.rx = function (n) {\n  io.tx(second(n));\n};\n',
    "src/second.js":
      "\n\nexport function second(n) {\n  return n.map(function (each) {\n    return each.toFixed(2);\n  });\n}\n",
  };

  test("names the source's file and line", async () => {
    const bundle = await rollup({
      input: join(ROOT, "src/first.js"),
      plugins: [
        {
          name: "sources",
          resolveId: (id, from) => (from ? join(from, "..", id) : id),
          load: (id) => SOURCES[id.slice(ROOT.length + 1)] ?? null,
          renderChunk: async (code) => {
            const { code: small, map } = await minify(code, { toplevel: true, sourceMap: true });
            return { code: small ?? "", map: JSON.parse(String(map)) as string };
          },
        },
      ],
    });
    const { output } = await bundle.generate({ file: join(ROOT, "dist/tiny.js"), format: "es", sourcemap: true });
    const [{ code, map }] = output;
    expect(code.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(checkDialect(code, map).map(formatFinding)).toEqual([
      "  src/second.js:5: .toFixed(): rounds differently on Espruino",
    ]);
  });
});
