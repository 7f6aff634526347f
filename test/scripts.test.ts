/** Every script of `test/scripts` plays to its end as it expects; the bare engines answer each happening of it with the same orders. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BARE_ENGINES } from "./engines";
import { expectSameOn, record, type Recorded } from "./replay";
import { openSharedHost, playOn, type SharedHost } from "./world";

const FOLDER = join(import.meta.dirname, "scripts");
/** A run of all tests has time for some on the engines, one in so many; STORIES in the environment asks for all. */
const STEPS = { node: 1, espruino: 8, jerryscript: 2 };
/** The agreement of keys while nothing else is to do takes Espruino a minute; it is in tests of its own. */
const settings = { rekey: "off" } as const;
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith(".ndjson"));

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(() => shared.close());

const lines = (events: readonly unknown[]) => events.map((event) => JSON.stringify(event));

describe.each(NAMES.map((name, index) => ({ name, index })))("$name", ({ name, index }) => {
  const script = readFileSync(join(FOLDER, name), "utf8");
  let onNode: Promise<Recorded> | null = null;
  const recorded = () => (onNode ??= record(shared, script, { settings }));

  test("plays as it says, terminal and host agree", async () => {
    const { failure, agree, events } = await recorded();
    expect(failure).toBe("");
    expect(agree).toBe(true);
    expect(Object.keys(events.at(-1) ?? {})).toEqual(["t", "end"]);
  });

  test("gives the same events twice", async () => {
    const { events } = await playOn(shared, script, { settings });
    expect(lines(events)).toEqual(lines((await recorded()).events));
  });

  for (const { name: engine, isHere } of BARE_ENGINES) {
    const isAsked = process.env.STORIES === "all" || index % STEPS[engine] === 0;
    test.skipIf(!isHere || !isAsked)(`is answered order by order the same on ${engine}`, async () =>
      expectSameOn(engine, await recorded()),
    );
  }
});
