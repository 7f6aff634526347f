/** Patterns of tones and lamps: what is heard and seen, and that it ends in the dark. */
import { beforeEach, expect, test } from "vitest";
import { Group, Happening } from "../../src/board/board";
import { beepKey, type Buzzer, onBuzzerTimer, openBuzzer, Signal, signal } from "../../src/drivers/buzzer";
import { BuzzerTwin } from "../../src/sim/twins/buzzer";
import { BusDesk } from "./bus-desk";

const TIMER = 6;
let desk: BusDesk;
let buzzer: Buzzer;
let twin: BuzzerTwin;
let seen: [atMs: number, what: string][];
beforeEach(() => {
  seen = [];
  twin = new BuzzerTwin();
  desk = new BusDesk((happening, value) => {
    if (happening === Happening.Timer && value === TIMER) onBuzzerTimer(buzzer);
  });
  desk.buses.outputs.set(Group.Led, (levels) => {
    if (twin.lamps !== levels) seen.push([desk.nowMs, levels]);
    twin.setLamps(levels);
  });
  const board = {
    ...desk.board,
    tone: (frequencyHz: number, durationMs: number) => {
      const name = twin.hear(desk.nowMs, frequencyHz, durationMs);
      if (name) seen.push([desk.nowMs, name]);
    },
  };
  buzzer = openBuzzer(board, TIMER);
});

test.each([
  [
    "accepted",
    Signal.Accepted,
    [
      [0, "100"],
      [0, "ok"],
      [1200, "000"],
    ],
  ],
  [
    "refused",
    Signal.Refused,
    [
      [0, "001"],
      [0, "error"],
      [1200, "000"],
    ],
  ],
  [
    "attention",
    Signal.Attention,
    [
      [0, "010"],
      [0, "attention"],
      [100, "000"],
      [150, "010"],
      [250, "000"],
      [300, "010"],
      [400, "000"],
    ],
  ],
  [
    "remove card",
    Signal.RemoveCard,
    [
      [0, "110"],
      [0, "remove"],
      [240, "000"],
      [440, "110"],
      [680, "000"],
    ],
  ],
] as const)("%s is one name, and dark in the end", (_, steps, expected) => {
  signal(buzzer, steps);
  desk.runFor(5000);
  expect(seen).toEqual(expected);
  expect(desk.timers.size).toBe(0);
  expect(twin.lamps).toBe("000");
});

test("a key is a tone and no lamp, and leaves the lamps be", () => {
  signal(buzzer, Signal.Accepted);
  desk.runFor(300);
  beepKey(buzzer);
  desk.runFor(100);
  expect(twin.lamps).toBe("100");
  expect(seen.at(-1)).toEqual([300, "key"]);
  desk.runFor(2000);
  expect(twin.lamps).toBe("000");
});

test("a new pattern ends the one before it", () => {
  signal(buzzer, Signal.Attention);
  desk.runFor(120);
  signal(buzzer, Signal.Refused);
  desk.runFor(3000);
  expect(seen.map(([, what]) => what)).toEqual(["010", "attention", "000", "001", "error", "000"]);
});

test("the same pattern again is heard again", () => {
  signal(buzzer, Signal.Refused);
  desk.runFor(50);
  signal(buzzer, Signal.Refused);
  desk.runFor(3000);
  expect(seen.filter(([, what]) => what === "error")).toHaveLength(2);
  signal(buzzer, Signal.Attention);
  desk.runFor(3000);
  signal(buzzer, Signal.Attention);
  desk.runFor(3000);
  expect(seen.filter(([, what]) => what === "attention")).toHaveLength(2);
});

test("an error at the same moment does not drown what was accepted", () => {
  signal(buzzer, Signal.Accepted);
  signal(buzzer, Signal.Refused);
  desk.runFor(3000);
  expect(seen).toEqual([
    [0, "100"],
    [0, "ok"],
    [250, "001"],
    [250, "error"],
    [1450, "000"],
  ]);
});
