/** Store and forward: what waits for the link is known over power cuts and turned pages, comes in order, and keeps everything else waiting. */
import { describe, expect, test } from "vitest";
import { readBook } from "../../src/sim/journal-image";
import { FlashTwin } from "../../src/sim/twins/flash";
import { amountFact, mustWait } from "../../src/txn/forward";
import { cardFact, keyFact } from "../../src/txn/facts";
import { BATCH_PAGES_MAX } from "../../src/txn/ring";
import { Event, Notice, openTerminal, State, type Terminal } from "../../src/txn/state";
import { openWatch } from "../../src/txn/watch";
import { newImage } from "../world";
import { type Device, loaded } from "./device";
import { settings } from "./samples";

/** What waits, by the terminal and by a reader that shares no code with it. */
const own = ({ t }: Device) => Array.from(t.waiting.matchAll(/\|(.{6})/g), ([, stan]) => Number(stan));
const seen = ({ image }: FlashTwin) =>
  readBook(image)
    .transactions.filter(({ status }) => status === "open")
    .map(({ stan }) => stan);

/** Flash with sales of 10.01, 10.02 ... that wait. */
function withWaiting(count: number): { flash: FlashTwin; device: Device } {
  const flash = new FlashTwin(newImage());
  const device = loaded(flash);
  for (let sale = 1; sale <= count; sale++) device.store(1000 + sale);
  return { flash, device };
}

describe("in the journal", () => {
  test("what was taken waits in its order; what has an outcome is gone from it; a power cut changes nothing", () => {
    const { flash, device } = withWaiting(3);
    expect([own(device), seen(flash)]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    let live = device;
    for (const [stan, kinds] of [
      [1, "AR"],
      [2, "D"],
      [3, "N"],
    ] as const) {
      live = loaded(flash);
      expect(live.t).toMatchObject({ isOpen: false, waiting: device.t.waiting.slice(33 * (stan - 1)) });
      expect(live.takeOldest()).toBe(Event.Forward);
      expect(live.t).toMatchObject({ isOpen: true, amountMinor: 1000 + stan });
      expect(live.t.txn).toMatchObject({ stan, amountMinor: 1000 + stan, kind: "30" });
      // In hand, and among those that wait, until it has its outcome.
      expect(own(loaded(flash))[0]).toBe(stan);
      for (const kind of kinds) live.write(kind);
    }
    expect([own(live), own(loaded(flash)), seen(flash)]).toEqual([[], [], []]);
    expect(readBook(flash.image)).toMatchObject({ count: 1, total: 1001, nextStan: 4 });
  });

  test("what was sent and parked again keeps its place, before one that came later", () => {
    const { flash, device } = withWaiting(2);
    device.takeOldest();
    device.t.isOpen = false;
    device.store(1003);
    expect([own(device), own(loaded(flash))]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(device.takeOldest()).toBe(Event.Forward);
    expect(device.t.txn).toMatchObject({ stan: 1 });
  });

  test("over turned pages: each is found where it was written, with the frame that it had, and counted once", () => {
    const { flash, device } = withWaiting(8);
    const frames = [...Array(8).keys()].map((index) => Buffer.from(flash.image).indexOf(`00000${index + 1}300000`));
    expect(frames.every((at) => at > 0)).toBe(true);
    for (let sale = 0; sale < 60; sale++) device.sell(5);
    expect(device.t.batchPages).toBeGreaterThan(4);
    expect(own(device)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const at of frames) {
      const again = loaded(flash);
      expect(again.takeOldest()).toBe(Event.Forward);
      expect(again.j.saleBody).toBe(Buffer.from(flash.image).toString("latin1", at, at + again.j.saleBody.length));
      again.write("A");
      again.write("R");
    }
    const last = loaded(flash);
    expect(own(last)).toEqual([]);
    expect(readBook(flash.image)).toMatchObject({ count: 68, total: 60 * 5 + 8036 });
    expect(last.t.totals.slice(0, 15)).toBe("000000008336068");
  });

  test("one that flash no longer has takes the terminal out of service: nothing behind it may overtake it", () => {
    const { flash, device } = withWaiting(2);
    const at = Buffer.from(flash.image).indexOf("000001300000");
    (flash.image[at + 60] as number) &= 0xf0;
    (flash.image[at + 61] as number) &= 0x0f;
    expect(device.takeOldest()).toBe(Event.Lost);
  });

  test("what the bank approved by telephone is alone", () => {
    const { flash, device } = withWaiting(0);
    device.store(1000, `${" ".repeat(28)}471108`);
    expect([own(device), device.t.isOpen]).toEqual([[], true]);
    expect(loaded(flash).t).toMatchObject({ isOpen: true, waiting: "" });
  });
});

describe("while one waits", () => {
  const entry = (stan: number) => `|${String(stan).padStart(6, "0")}300000000010004761730010  `;
  const terminal = (count: number, changes: Partial<Terminal> = {}): Terminal => ({
    ...openTerminal(),
    state: State.Idle,
    settings: settings({ floorMinor: 2000, tipPercentMax: 20 }),
    waiting: [...Array(count).keys()].map((index) => entry(index + 1)).join(""),
    ...changes,
  });

  test.each([
    ["one more", terminal(7), "1", Notice.None],
    ["more than may wait", terminal(8), "1", Notice.QueueFull],
    ["more than this one's limit", terminal(2, { limits: openWatch("q2") }), "1", Notice.QueueFull],
    ["as many as with no other limit", terminal(7, { limits: openWatch("f1") }), "1", Notice.None],
    ["more than there is room for", terminal(1, { batchPages: BATCH_PAGES_MAX - 1 }), "1", Notice.QueueFull],
    ["the menu", terminal(1), "", Notice.SmallOnly],
    ["anything with a link", terminal(1, { isLinkUp: true }), "1", Notice.Sending],
  ])("%s", (_, t, digits, notice) => {
    expect([mustWait(t, digits), t.notice]).toEqual([notice !== Notice.None, notice]);
    // Also where the last of them is in hand, which no key but with a link has to respect.
    for (const state of [State.Idle, State.Approved, State.Declined, State.Notice]) {
      const begun = keyFact({ ...t, state, isOpen: !t.isLinkUp, notice: Notice.None }, digits === "" ? "F" : "1");
      expect(begun).toBe(notice === Notice.None ? Event.Digit : Event.Barred);
    }
  });

  test("an amount above the limit is stopped before a card, one below it asks for no tip", () => {
    const at = (amountMinor: number) => keyFact(terminal(1, { state: State.Amount, amountMinor }), "E");
    expect([at(2000), at(2001)]).toEqual([Event.Enter, Event.Barred]);
    expect(amountFact(terminal(1, { settings: null }))).toBe(Event.Barred);
  });

  test.each([
    ["101", false, Event.Stored],
    ["101", true, Event.Stored],
    ["201", false, Event.Barred],
    ["106", false, Event.Barred],
    ["106", true, Event.Barred],
  ])("a card with %s, link %s: %i", (service, isLinkUp, event) => {
    const t = terminal(1, { state: State.Card, amountMinor: 2000, isLinkUp, canTakePin: true });
    expect(cardFact(t, "", `;4761739001010010=2812${service}1143800000000?`)).toBe(event);
    expect(t.notice).toBe(event === Event.Barred ? Notice.SmallOnly : Notice.None);
  });
});
