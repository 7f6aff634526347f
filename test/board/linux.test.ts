/**
 * The Linux board, a real engine with its buses on sockets and its flash in a file: the stories of `test/scripts` give the same events as on
 * the console board, and a sale is whole after SIGKILL inside each write to the file. CUTS in the environment says how many of the cuts are
 * played, after all stories; unless given, as much as fits into a run of all tests.
 */
import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ScriptEvent } from "../../src/sim/script";
import { hasEspruino } from "../engines";
import { report } from "../report";
import { newImage, openSharedHost, playOn, type SharedHost } from "../world";
import { linuxCuts, playCut, playOnLinux, readStory, SCRIPTS } from "./linux-cuts";

/** One story of each kind; all of them with CUTS. */
const FEW = "tap paper-out swipe-ways answer-late power-cut-printing";
const NAMES = process.env.CUTS
  ? readdirSync(SCRIPTS).flatMap((name) => /^(.*)\.ndjson$/.exec(name)?.[1] ?? [])
  : FEW.split(" ");
const CUTS = Number(process.env.CUTS ?? 6);
const ALL_CUTS_MIN = 2000;
const CUT_MS_MAX = 10_000;
/** Each time the link waits it is up to a quarter longer by chance, and this board's chance is its own. */
const CHANCE_MS = 5000;

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(() => shared.close());

/** Times apart, and what the host makes of the board's chance. */
function story(events: readonly ScriptEvent[]): unknown {
  const text = JSON.stringify(events.map(({ t: _, ...event }) => event));
  return JSON.parse(text.replace(/Approval code( +)\d{6}/g, "Approval code$1000000")) as unknown;
}

describe.skipIf(!hasEspruino)("on the Linux board", () => {
  test.each(NAMES)("%s.ndjson gives the events of the console board", async (name) => {
    const script = readStory(name);
    const onConsole = await playOn(shared, script);
    const onLinux = await playOnLinux(shared, script, newImage());
    expect(onLinux.failure).toBe("");
    expect(story(onLinux.events)).toEqual(story(onConsole.events));
    onLinux.events.forEach(({ t }, index) => {
      expect(Math.abs(t - (onConsole.events[index]?.t ?? NaN))).toBeLessThan(CHANCE_MS);
    });
  });

  test("a story is whole after SIGKILL inside a write to its flash", { timeout: (CUTS + 1) * CUT_MS_MAX }, async () => {
    const all = await linuxCuts(shared);
    expect(all.length).toBeGreaterThanOrEqual(ALL_CUTS_MIN);
    const failures: string[] = [];
    for (const [index, each] of all.slice(0, CUTS).entries()) {
      const failure = await playCut(shared, each);
      if (failure) failures.push(failure);
      // After each one: a run of an hour can be watched.
      report("3-linux-board", [
        `Power cuts on the Linux board, SIGKILL inside a write to its flash file: ${index + 1} of ${all.length}`,
        ...failures,
      ]);
    }
    expect(failures).toEqual([]);
  });
});
