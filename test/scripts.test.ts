/** Every script of `test/scripts` plays to its end as it expects, on every engine with the same events. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BARE_ENGINES } from "./engines";
import { openSharedHost, playOn, type SharedHost } from "./world";

const FOLDER = join(import.meta.dirname, "scripts");
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith(".ndjson"));

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(() => shared.close());

const lines = (events: readonly unknown[]) => events.map((event) => JSON.stringify(event));

describe.each(NAMES)("%s", (name) => {
  const script = readFileSync(join(FOLDER, name), "utf8");

  test("plays as it says, terminal and host agree", async () => {
    const { failure, agree, events } = await playOn(shared, script);
    expect(failure).toBe("");
    expect(agree).toBe(true);
    expect(Object.keys(events.at(-1) ?? {})).toEqual(["t", "end"]);
  });

  test("gives the same events twice", async () => {
    const first = await playOn(shared, script);
    const second = await playOn(shared, script);
    expect(lines(second.events)).toEqual(lines(first.events));
  });

  for (const { name: engine, isHere } of BARE_ENGINES) {
    test.skipIf(!isHere)(`gives the same events and sends the same bytes on ${engine}`, async () => {
      const onNode = await playOn(shared, script);
      const onEngine = await playOn(shared, script, { engine });
      expect(lines(onEngine.events)).toEqual(lines(onNode.events));
      expect(onEngine.sent).toEqual(onNode.sent);
      expect(Buffer.from(onEngine.image).equals(Buffer.from(onNode.image))).toBe(true);
    });
  }
});
