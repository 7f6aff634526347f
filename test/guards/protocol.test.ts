/** The page about the protocol is what `npm run tables` would write now. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PROTOCOL_FILE, renderProtocol } from "../../tools/protocol.mjs";

test("docs/protocol.md is fresh: `npm run tables` would change nothing", async () => {
  expect(readFileSync(PROTOCOL_FILE, "utf8")).toBe(await renderProtocol());
});
