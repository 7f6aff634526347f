/** The touch glass: two plates and a converter on one side, dots as a finger meant them on the other. */
import { beforeEach, describe, expect, test } from "vitest";
import { LOOK_MS, RETRY_MS, TouchReport } from "../../src/drivers/xpt2046";
import { seededBytes } from "../../src/sim/random";
import { Glass } from "./glass";

/** From the touch to its report. */
const LATENCY_MS_MAX = 30;
/** Noise of 5 counts is less than a dot; rounding is one more. */
const WRONG_DOTS_MAX = 2;

let glass: Glass;
beforeEach(() => {
  glass = new Glass().start();
});

function expectRest(): void {
  glass.desk.runFor(200);
  glass.heard.length = 0;
  const { lookCount } = glass;
  glass.desk.runFor(60_000);
  expect(glass.heard).toEqual([]);
  expect(glass.lookCount).toBe(lookCount);
  expect(glass.isArmed).toBe(false);
}

test("a glass that nobody touches is looked at once", () => {
  expect(glass.lookCount).toBe(1);
  expectRest();
});

test("a finger is found where it is, on the whole glass", () => {
  for (let x = 2; x < 240; x += 17) {
    for (let y = 2; y < 320; y += 29) {
      const atMs = glass.desk.nowMs;
      glass.twin.press(x, y);
      glass.desk.runFor(100);
      glass.twin.release();
      glass.desk.runFor(100);
      const [first, ...others] = glass.heard.splice(0);
      expect(first?.report).toBe(TouchReport.At);
      expect((first?.atMs ?? 0) - atMs).toBeLessThanOrEqual(LATENCY_MS_MAX);
      expect(Math.abs((first?.x ?? 0) - x)).toBeLessThanOrEqual(WRONG_DOTS_MAX);
      expect(Math.abs((first?.y ?? 0) - y)).toBeLessThanOrEqual(WRONG_DOTS_MAX);
      expect(others.at(-1)?.report).toBe(TouchReport.Up);
    }
  }
  expectRest();
});

test("a conversion that is far off moves nothing: the median does not know it", () => {
  glass.twin.noise = [0, 0, 0, 0, 700, 0, 0, 0, -700, 0, 0];
  glass.twin.press(120, 160);
  glass.desk.runFor(200);
  for (const { x, y } of glass.heard) {
    expect(Math.abs(x - 120)).toBeLessThanOrEqual(WRONG_DOTS_MAX);
    expect(Math.abs(y - 160)).toBeLessThanOrEqual(WRONG_DOTS_MAX);
  }
  expect(glass.taken()).toContain(TouchReport.At);
});

test("a finger that slides is followed", () => {
  glass.twin.press(20, 200);
  glass.desk.runFor(60);
  glass.twin.press(220, 300);
  glass.desk.runFor(60);
  const last = glass.heard.at(-1);
  expect(Math.abs((last?.x ?? 0) - 220)).toBeLessThanOrEqual(WRONG_DOTS_MAX);
  glass.twin.release();
  expectRest();
});

describe("no touch is", () => {
  test("one that is shorter than two looks", () => {
    glass.twin.press(100, 100);
    glass.desk.runFor(LOOK_MS - 5);
    glass.twin.release();
    glass.desk.runFor(200);
    expect(glass.heard).toEqual([]);
    expectRest();
  });

  test("one too light; it counts once it is firm, though no edge tells that", () => {
    glass.twin.press(100, 100, 20_000);
    glass.desk.runFor(1000);
    expect(glass.heard).toEqual([]);
    glass.twin.press(100, 100, 300);
    glass.desk.runFor(200);
    expect(glass.taken()).toContain(TouchReport.At);
  });

  test("two places in two looks", () => {
    glass.twin.press(10, 10);
    glass.desk.runFor(5);
    glass.twin.press(200, 300);
    glass.desk.runFor(5);
    expect(glass.heard).toEqual([]);
    glass.desk.runFor(LOOK_MS);
    expect(glass.heard).toEqual([]);
    glass.desk.runFor(LOOK_MS);
    expect(glass.heard.map(({ report }) => report)).toEqual([TouchReport.At]);
  });
});

test("a contact that opens for one look is not lifted", () => {
  glass.twin.press(100, 100);
  glass.desk.runFor(100);
  glass.heard.length = 0;
  glass.twin.release();
  glass.desk.runFor(LOOK_MS - 2);
  glass.twin.press(100, 100);
  glass.desk.runFor(200);
  expect(glass.taken()).not.toContain(TouchReport.Up);
});

describe("a chip that is not there", () => {
  test.each([
    ["pulled out", (glass: Glass) => (glass.twin.isPlugged = false)],
    ["on a board that does not answer", (glass: Glass) => (glass.isMute = true)],
    ["cut short", (glass: Glass) => (glass.spoil = (bytes) => bytes.slice(1))],
  ])("%s is told once, in the middle of a touch as well, and found again", (_, spoil) => {
    glass.twin.press(100, 100);
    glass.desk.runFor(100);
    glass.heard.length = 0;
    spoil(glass);
    glass.desk.runFor(10 * RETRY_MS);
    // A glass without power has no pen line, and is at first one that was let go.
    expect(glass.taken().filter((report) => report !== TouchReport.Up)).toEqual(
      _ === "pulled out" ? [] : [TouchReport.Silent],
    );
    glass.twin.release();
    glass.isMute = false;
    glass.spoil = (bytes) => bytes;
    glass.twin.isPlugged = true;
    glass.desk.runFor(2 * RETRY_MS);
    glass.heard.length = 0;
    glass.twin.press(50, 50);
    glass.desk.runFor(100);
    expect(glass.taken()).toContain(TouchReport.At);
  });

  test("from the start is told once, and looked for every second", () => {
    glass = new Glass();
    glass.twin.isPlugged = false;
    glass.start();
    expect(glass.taken()).toEqual([TouchReport.Silent]);
    glass.desk.runFor(10 * RETRY_MS);
    expect(glass.taken()).toEqual([]);
    expect(glass.lookCount).toBe(11);
    glass.twin.isPlugged = true;
    glass.desk.runFor(2 * RETRY_MS);
    expectRest();
  });
});

test("each bit that must be low is looked at", () => {
  const clean = new Glass().twin.exchange("\xb1\0\xc1\0\x91\0\x91\0\x91\0\x91\0\xd1\0\xd1\0\xd1\0\xd0\0\0");
  expect(clean.length).toBe(21);
  for (let at = 1; at < 21; at++) {
    for (const bit of at % 2 === 1 ? [0x80] : [1, 2, 4]) {
      glass = new Glass();
      glass.spoil = (bytes) =>
        bytes.slice(0, at) + String.fromCharCode(bytes.charCodeAt(at) ^ bit) + bytes.slice(at + 1);
      glass.start();
      expect(glass.taken(), `byte ${at}, bit ${bit}`).toEqual([TouchReport.Silent]);
    }
  }
});

test("with any bytes a timer runs or the glass is at rest", () => {
  const random = seededBytes(7);
  glass.twin.press(100, 100);
  for (let i = 0; i < 20_000; i++) {
    const noise = random(21);
    glass.spoil = (bytes) => (i % 3 === 0 ? noise : bytes);
    glass.desk.runFor(10);
    expect(glass.isArmed).toBe(true);
  }
});
