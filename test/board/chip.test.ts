/**
 * The bundles for boards with pins, as they are flashed, on Espruino's API played in Node: a sale gives the receipt and the bookings of the
 * console board; the radio is joined again with longer waits, and what was open over it is closed.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runScript, type RunResult } from "../../src/cli/run";
import { openHandheld, ROOT } from "../../src/cli/world";
import { wiring as cyd } from "../../src/board/profiles/cyd";
import { wiring as s3 } from "../../src/board/profiles/s3";
import { wiring as wroom } from "../../src/board/profiles/wroom";
import type { Wiring } from "../../src/board/wiring";
import type { ScriptEvent } from "../../src/sim/script";
import { FlashTwin } from "../../src/sim/twins/flash";
import type { PanelName } from "../../src/sim/twins/panel";
import { newImage, openSharedHost, playOn, type SharedHost } from "../world";
import { FakeEsp32 } from "./fake-esp32";

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(() => shared.close());

const bundleOf = (name: string) => join(ROOT, "dist", `tillet-${name}.js`);
const scriptOf = (name: string) => readFileSync(join(ROOT, "test", "scripts", `${name}.ndjson`), "utf8");

const folderOf = (name: string) => join(ROOT, "test", "scripts", dirname(name));

/** What a customer and the host see, times and chance apart. */
function outcome(events: readonly ScriptEvent[]): unknown {
  const kept = events.filter((event) => "printed" in event || "host" in event || "end" in event);
  const text = JSON.stringify(kept.map(({ t: _, ...event }) => event));
  const plain = text.replace(/Approval code( +)\d{6}/g, "Approval code$1000000");
  return JSON.parse(plain.replace(/\d\d:\d\d:\d\d/g, "00:00:00")) as unknown;
}

async function play(board: FakeEsp32, panel: PanelName, story: string): Promise<RunResult & { events: ScriptEvent[] }> {
  const events: ScriptEvent[] = [];
  const options = { engine: board, panel, seed: 1, script: scriptOf(story), scriptFolder: folderOf(story) };
  const result = await runScript({ ...options, onEvent: (event) => events.push(event) }, async (world) => {
    const opened = await shared.openWorld(world);
    board.handheld = opened.handheld;
    board.flash = opened.flash;
    return opened;
  });
  return { ...result, events };
}

describe.each<[string, Wiring, PanelName, string[]]>([
  ["wroom", wroom, "oled", ["sale", "tap", "sale-pin", "answer-late", "declined-funds", "line-test"]],
  ["s3", s3, "tft", ["tap", "tap-pin"]],
  ["cyd", cyd, "touch", ["touch/sale"]],
])("the board %s", (name, wiring, panel, stories) => {
  test.each(stories)("plays %s as the console board does", async (story) => {
    const board = new FakeEsp32(bundleOf(name), wiring);
    const onBoard = await play(board, panel, story);
    const onConsole = await playOn(shared, scriptOf(story), { panel, scriptFolder: folderOf(story) });
    expect(onBoard.failure).toBe("");
    expect(board.complaints).toEqual([]);
    expect(outcome(onBoard.events)).toEqual(outcome(onConsole.events));
    // A tone that the next one cuts short is heard as another one here.
    const beepCount = (events: readonly ScriptEvent[]) => events.filter((event) => "beep" in event).length;
    expect(beepCount(onBoard.events)).toBe(beepCount(onConsole.events));
  });
});

describe("the radio", () => {
  async function boot(): Promise<{ board: FakeEsp32; runFor: (ms: number) => Promise<void> }> {
    const board = new FakeEsp32(bundleOf("wroom"), wroom);
    const flash = new FlashTwin(newImage());
    board.flash = flash;
    const handheld = openHandheld(
      { engine: board, panel: "oled", onEvent: () => undefined },
      flash,
      shared.host,
      (count) => "\x55".repeat(count),
    );
    board.handheld = handheld;
    await handheld.powerOn();
    return { board, runFor: (ms) => handheld.runFor(ms) };
  }

  test("is joined again after 1, 2, 4 ... 60 s", async () => {
    const { board, runFor } = await boot();
    await runFor(1000);
    expect(board.joinsMs).toEqual([0]);
    board.refuses = true;
    board.wifi.get("disconnected")?.();
    await runFor(300_000);
    const waits = board.joinsMs.slice(1).map((ms, i) => Math.round((ms - (board.joinsMs[i] as number)) / 1000));
    expect(waits.slice(1, 9)).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
    board.refuses = false;
    await runFor(62_000);
    const joinCount = board.joinsMs.length;
    await runFor(300_000);
    expect(board.joinsMs.length).toBe(joinCount);
  });

  test("takes the connection with it", async () => {
    const { board, runFor } = await boot();
    await runFor(5000);
    expect(board.isConnected).toBe(true);
    board.wifi.get("disconnected")?.();
    expect(board.isConnected).toBe(false);
    await runFor(30_000);
    expect(board.isConnected).toBe(true);
  });
});
