/** The wall clock: every day of a century, against the calendar of the machine that runs the tests. */
import { beforeEach, describe, expect, test } from "vitest";
import { type Clock, localTime, openClock, secondsOff, setClock, weekday } from "../../src/drivers/clock";
import { seededBytes } from "../../src/sim/random";

const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2000, 0, 1);
const text = (ms: number) => new Date(ms).toISOString().replace(/[-:T]/g, "").slice(0, 14);

let clock: Clock;
beforeEach(() => {
  clock = openClock();
});

test("before it is set nobody knows the time", () => {
  expect(localTime(clock, 0)).toBe("");
  expect(localTime(clock, 1e12)).toBe("");
  expect(secondsOff(clock, "20260105120000", 0)).toBe(-1);
});

test("every day of the century is told as it was set", () => {
  const wrong: string[] = [];
  for (let day = 0; day < 36_525; day++) {
    const now = text(FIRST_MS + day * DAY_MS + (day % 86_400) * 1000);
    const isRight = setClock(clock, now, 5) && localTime(clock, 5) === now;
    if (!isRight || weekday(now) !== new Date(FIRST_MS + day * DAY_MS).getUTCDay()) wrong.push(now);
  }
  expect(wrong).toEqual([]);
});

test("it goes on over every midnight, month and leap year, from one setting", () => {
  const wrong: string[] = [];
  setClock(clock, "20000101000000", 1000);
  for (let day = 0; day < 36_525; day++) {
    for (const second of [0, 86_399]) {
      const now = text(FIRST_MS + day * DAY_MS + second * 1000);
      if (localTime(clock, 1000 + day * DAY_MS + second * 1000) !== now) wrong.push(now);
    }
  }
  expect(wrong).toEqual([]);
});

test("it agrees with the machine from any moment to any other", () => {
  const random = seededBytes(9);
  const below = (limit: number) => {
    let value = 0;
    for (const byte of random(6)) value = value * 256 + byte.charCodeAt(0);
    return value % limit;
  };
  for (let i = 0; i < 3_000; i++) {
    const fromMs = FIRST_MS + below(36_500) * DAY_MS + below(86_400) * 1000;
    const afterMs = below(25 * DAY_MS);
    const setAtMs = below(40 * DAY_MS);
    setClock(clock, text(fromMs), setAtMs);
    expect(localTime(clock, setAtMs + afterMs)).toBe(text(fromMs + afterMs));
    expect(secondsOff(clock, text(fromMs + 7000), setAtMs)).toBe(7);
    expect(secondsOff(clock, text(fromMs), setAtMs + 7999)).toBe(7);
  }
});

describe("what is no time changes nothing", () => {
  test.each([
    "",
    "2026010512000",
    "202601051200000",
    "20260105 12000",
    "2026010512000x",
    "19991231235959",
    "21000101000000",
    "20260005120000",
    "20261305120000",
    "20260100120000",
    "20260132120000",
    "20260431120000",
    "20260229120000",
    "20280230120000",
    "20260105240000",
    "20260105126000",
    "20260105120060",
    "undefinedundef",
    "-0260105120000",
  ])("%j", (wrong) => {
    setClock(clock, "20260105120000", 0);
    expect(setClock(clock, wrong, 60_000)).toBe(false);
    expect(localTime(clock, 1000)).toBe("20260105120001");
    expect(secondsOff(clock, wrong, 0)).toBe(-1);
  });

  test("and the end of the century is the end", () => {
    setClock(clock, "20991231235959", 0);
    expect(localTime(clock, 999)).toBe("20991231235959");
    expect(localTime(clock, 1000)).toBe("");
  });
});

test("leap days: 2000, 2024 and 2028 have one, 2026 and 2099 have none", () => {
  for (const [year, has] of [
    [2000, true],
    [2024, true],
    [2026, false],
    [2028, true],
    [2099, false],
  ] as const) {
    expect(setClock(clock, `${year}0229000000`, 0)).toBe(has);
    setClock(clock, `${year}0228235959`, 0);
    expect(localTime(clock, 1000)).toBe(has ? `${year}0229000000` : `${year}0301000000`);
  }
});
