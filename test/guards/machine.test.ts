/** The page about the machine is what `npm run tables` would write now. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MACHINE_FILE, renderMachine } from "../../tools/machine.mjs";

test("docs/machine.md is fresh: `npm run tables` would change nothing", async () => {
  expect(readFileSync(MACHINE_FILE, "utf8")).toBe(await renderMachine());
});
