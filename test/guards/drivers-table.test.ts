/** The table of drivers is what `npm run tables` would write now: tags, bytes, and JsVars where the stock Espruino is. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import {
  listDrivers,
  measure,
  type Measured,
  readJsVars,
  readTags,
  renderTable,
  TABLE_FILE,
} from "../../tools/drivers-table.mjs";
import { hasEspruino } from "../engines";

/** The engine's own bookkeeping may differ by a little; a change that matters is larger. */
const JSVARS_TOLERANCE = 4;

/** Another build of the engine has variables of another size. */
const isStockHere = hasEspruino && !process.env.ESPRUINO;
const committed = readFileSync(TABLE_FILE, "utf8");
const jsVars = readJsVars(committed);

let measured: Map<string, Measured>;
beforeAll(async () => {
  measured = await measure(
    listDrivers().map(({ file }) => file),
    isStockHere,
  );
});

test("the table is fresh: `npm run tables` would change nothing", () => {
  expect(committed).toBe(renderTable(listDrivers(), measured, (file) => jsVars.get(file) ?? "?"));
});

test("every driver was measured on Espruino", () => {
  const unmeasured = listDrivers().filter(({ file }) => !/^\d+$/.test(jsVars.get(file) ?? ""));
  expect(unmeasured).toEqual([]);
});

test.skipIf(!isStockHere)("JsVars are as measured", () => {
  for (const [file, { jsVars: found }] of measured) {
    expect(Math.abs(Number(jsVars.get(file)) - (found ?? 0)), `${file}: ${found}`).toBeLessThanOrEqual(
      JSVARS_TOLERANCE,
    );
  }
});

describe("tags", () => {
  const GOOD =
    "/**\n * A chip.\n *\n * Part: X\n * Bus: I2C\n * Document: D 1.0\n * Pins: SDA, SCL\n * Slowest: no wait\n */\n";

  test("are read in their order", () => {
    expect(readTags("x.ts", GOOD)).toEqual(["X", "I2C", "D 1.0", "SDA, SCL", "no wait"]);
  });

  test.each(["Part", "Bus", "Document", "Pins", "Slowest"])("must have %s", (tag) => {
    const text = GOOD.replace(new RegExp(` \\* ${tag}: .*\\n`), "");
    expect(() => readTags("x.ts", text)).toThrow(`src/drivers/x.ts has no line "${tag}: ..."`);
  });

  test("count only in the comment at the top", () => {
    expect(() => readTags("x.ts", `/** A chip. */\n${GOOD}`)).toThrow('no line "Part: ..."');
  });

  test("of a piece say of which driver", () => {
    expect(readTags("x.ts", "/**\n * Part of: printer.ts\n */")).toBeNull();
    expect(() => readTags("x.ts", "/**\n * Part of: nothing.ts\n */")).toThrow("which is not there");
  });
});
