/** The wiring page and its drawings are what `npm run tables` would write now. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renderWiring, WIRING_FOLDER } from "../../tools/wiring.mjs";

test("flash/wiring* is fresh: `npm run tables` would change nothing", async () => {
  const files = await renderWiring();
  const there = readdirSync(WIRING_FOLDER).filter((name) => /^wiring(-\w+\.svg|\.md)$/.test(name));
  expect(there.sort()).toEqual([...files.keys()].sort());
  for (const [name, text] of files) expect(readFileSync(join(WIRING_FOLDER, name), "utf8"), name).toBe(text);
});
