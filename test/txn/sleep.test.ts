/** The panel goes dark when nobody is there, and never while it would hide something; the first key or card only lights it. */
import { beforeEach, expect, test } from "vitest";
import { Happening, Port } from "../../src/board/board";
import { trackBits } from "../../src/sim/twins/magstripe";
import { parseSettings } from "../../src/txn/settings";
import { Event, State } from "../../src/txn/state";
import { step } from "../../src/txn/step";
import { Timer } from "../../src/txn/timers";
import { newImage } from "../world";
import { TRACK2, WorksBench } from "./works";

const FRESH = Buffer.alloc(32, 0x5a);

let bench: WorksBench;
beforeEach(() => begin(3));

function begin(sleep: number): void {
  bench = new WorksBench(newImage({ sleep }));
  bench.signOn(FRESH);
}

/** So many ticks of the first screen, a minute each. */
function idle(minutes: number): void {
  for (let i = 0; i < minutes; i++) bench.fire(Timer.State);
}
const isDark = () => bench.rows().every((row) => row === "");

test("after its minutes, and not before; 0 is never", () => {
  idle(2);
  expect(isDark()).toBe(false);
  idle(2);
  expect(isDark()).toBe(true);
  begin(0);
  idle(2000);
  expect(isDark()).toBe(false);
});

test.each([
  ["10 unless said", "", 10],
  ["as said", "|sleep=25", 25],
  ["never", "|sleep=0", 0],
  ["10 where it is no number", "|sleep=x", 10],
])("its minutes: %s", (_, option, minutes) => {
  expect(parseSettings(`1|2|EUR|978|2|host|7583|a|b|2601|test${option}`)?.sleepMinutes).toBe(minutes);
});

test("a key lights it and is not taken; the next one is", () => {
  idle(4);
  bench.press("5");
  expect(bench.title()).toBe("READY");
  bench.press("5");
  expect(bench.works.t.amountMinor).toBe(5);
});

test.each([
  ["past the head", () => bench.happen(Happening.Bits, 2, trackBits(2, TRACK2))],
  ["by a reader of its own", () => bench.happen(Happening.Uart, Port.Stripe, `${TRACK2}\r\n`)],
])("a card %s lights it and pays nothing", (_, swipe) => {
  idle(4);
  swipe();
  if (bench.board.timers.has(Timer.Stripe)) bench.fire(Timer.Stripe);
  expect(bench.title()).toBe("READY");
  expect(bench.works.t.txn).toBeNull();
});

test("not while a request has no end, or the rest of an amount is to be paid", () => {
  bench.press("1250E");
  bench.swipe();
  bench.press("CC");
  expect(bench.works.t.state).toBe(State.Idle);
  idle(30);
  expect(isDark()).toBe(false);
  begin(3);
  bench.works.t.splitMinor = 100;
  idle(30);
  expect(isDark()).toBe(false);
});

test("what needs somebody lights it, and it is lit when that is over", () => {
  idle(4);
  expect(bench.works.t.isDark).toBe(true);
  step(bench.works.t, Event.OutOfStep);
  expect(bench.works.t.isDark).toBe(false);
  step(bench.works.t, Event.Cancel);
  expect([bench.works.t.state, bench.works.t.isDark]).toEqual([State.Idle, false]);
});
