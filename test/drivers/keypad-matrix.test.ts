/** The key matrix: a circuit with bouncing contacts on one side, keys as a finger meant them on the other. */
import { beforeEach, describe, expect, test } from "vitest";
import {
  CHECK_MS,
  DEBOUNCE_MS,
  KeypadReport,
  LONG_MS,
  REPEAT_AFTER_MS,
  REPEAT_MS,
  SCANS_MAX,
  STUCK_MS,
} from "../../src/drivers/keypad-matrix";
import { seededBytes } from "../../src/sim/random";
import { LAYOUT_4X4, LAYOUT_4X5, Matrix } from "./matrix";

/** From contact to report, whatever else is held. */
const LATENCY_MS_MAX = 30;

let matrix: Matrix;
beforeEach(() => {
  matrix = new Matrix().start();
});

const press = (key: string) => matrix.twin.press(key);
const release = (key: string) => matrix.twin.release(key);
const runFor = (ms: number) => matrix.desk.runFor(ms);

/** Nothing is down any more, and nothing is left of it. */
function expectRest(): void {
  runFor(200);
  expect(matrix.taken()).toEqual([]);
  expect(matrix.isArmed).toBe(false);
  expect(matrix.pad).toMatchObject({ seen: 0, down: 0, ignored: 0, fault: KeypadReport.None, fresh: 0 });
}

describe.each([
  ["4x4", LAYOUT_4X4],
  ["4x5", LAYOUT_4X5],
  ["5x4", ["FUD ", "123C", "456B", "789.", ":0 E"]],
] as const)("on a %s matrix", (_, layout) => {
  test("every key is told once, a debounce after its contact", () => {
    matrix = new Matrix(layout).start();
    for (const key of layout.join("").replaceAll(" ", "")) {
      const atMs = matrix.desk.nowMs;
      press(key);
      runFor(60);
      release(key);
      runFor(60);
      expect(matrix.heard.map((each) => each.atMs - atMs)).toEqual([DEBOUNCE_MS]);
      expect(matrix.taken()).toEqual([key]);
    }
    expectRest();
  });
});

test("a place without a key types nothing", () => {
  matrix = new Matrix(["12", "3 "]).start();
  press(" ");
  runFor(100);
  release(" ");
  expectRest();
});

describe("a contact that bounces", () => {
  test.each([[[1]], [[1, 2]], [[1, 2, 4, 5]], [[1, 3, 5, 7, 8, 9]], [[4, 6, 9, 11, 12, 13, 14, 15]]])(
    "after %j ms is one key, in time",
    (bounceMs) => {
      matrix.twin.bounceMs = bounceMs;
      const atMs = matrix.desk.nowMs;
      press("5");
      runFor(80);
      expect(matrix.heard.length).toBe(bounceMs.length % 2 === 0 ? 1 : 0);
      for (const each of matrix.heard) expect(each.atMs - atMs).toBeLessThanOrEqual(LATENCY_MS_MAX);
      matrix.heard.length = 0;
      matrix.twin.bounceMs = bounceMs.length % 2 === 0 ? bounceMs : [];
      release("5");
      expectRest();
    },
  );

  test("for ever is a loose line, named once, and works when it is quiet", () => {
    for (let ms = 0; ms < 500; ms += DEBOUNCE_MS) matrix.desk.later(ms, () => (ms % 2 ? release("5") : press("5")));
    runFor(500);
    expect(matrix.taken()).toEqual(["line"]);
    release("5");
    expectRest();
    press("5");
    runFor(20);
    expect(matrix.taken()).toEqual(["5"]);
  });
});

describe("two keys", () => {
  test("roll over in every pair, in the order of the fingers", () => {
    for (const first of LAYOUT_4X4.join("")) {
      for (const second of LAYOUT_4X4.join("").replace(first, "")) {
        press(first);
        runFor(33);
        const atMs = matrix.desk.nowMs;
        press(second);
        runFor(37);
        expect((matrix.heard[1]?.atMs ?? 1e9) - atMs, `${first} then ${second}`).toBeLessThanOrEqual(LATENCY_MS_MAX);
        release(first);
        runFor(30);
        release(second);
        runFor(40);
        expect(matrix.taken(), `${first} then ${second}`).toEqual([first, second]);
      }
    }
    expectRest();
  });

  test("at once are both told", () => {
    press("1");
    press("9");
    runFor(30);
    expect(matrix.taken().sort()).toEqual(["1", "9"]);
    release("1");
    release("9");
    expectRest();
  });

  test("the first one again while the second is held", () => {
    press("1");
    runFor(30);
    press("2");
    runFor(30);
    release("1");
    runFor(30);
    press("1");
    runFor(30);
    expect(matrix.taken()).toEqual(["1", "2", "1"]);
  });
});

describe("three corners of a rectangle", () => {
  test("never type the fourth, nor the third before it is alone with one other", () => {
    press("1");
    runFor(30);
    press("3");
    runFor(30);
    press("7");
    runFor(100);
    expect(matrix.taken()).toEqual(["1", "3"]);
    release("1");
    runFor(LATENCY_MS_MAX);
    expect(matrix.taken()).toEqual(["7"]);
    release("3");
    release("7");
    expectRest();
  });

  test("for every rectangle, in any order", () => {
    const keys = LAYOUT_4X4.join("");
    for (let a = 0; a < 16; a++) {
      for (let b = 0; b < 16; b++) {
        if (a >> 2 === b >> 2 || (a & 3) === (b & 3)) continue;
        const pressed = [keys[a], keys[(a & 12) | (b & 3)], keys[b]] as string[];
        const ghost = keys[(b & 12) | (a & 3)];
        for (const key of pressed) press(key);
        runFor(60);
        for (const key of pressed) release(key);
        runFor(60);
        expect(matrix.taken()).not.toContain(ghost);
      }
    }
    expectRest();
  });
});

describe("a held key", () => {
  test("is told long once", () => {
    press("F");
    runFor(LONG_MS - 1);
    expect(matrix.taken()).toEqual(["F"]);
    runFor(CHECK_MS + DEBOUNCE_MS);
    expect(matrix.taken()).toEqual(["long F"]);
    runFor(5000);
    release("F");
    expectRest();
  });

  test("repeats when it is B, and only then", () => {
    const atMs = matrix.desk.nowMs + DEBOUNCE_MS;
    press("B");
    runFor(REPEAT_AFTER_MS + 5 * REPEAT_MS + DEBOUNCE_MS);
    const times = matrix.heard.map((each) => each.atMs - atMs);
    expect(matrix.taken()).toEqual(["B", "B", "B", "B", "B", "B", "B"]);
    expect(times).toEqual([0, 400, 520, 640, 760, 880, 1000]);
    release("B");
    expectRest();
  });

  test("does not go on when another one came", () => {
    press("B");
    runFor(300);
    press("1");
    runFor(700);
    expect(matrix.taken()).toEqual(["B", "1"]);
  });

  test("that is stuck is named and then ignored, while the others work", () => {
    press("5");
    runFor(STUCK_MS + 2 * CHECK_MS);
    expect(matrix.taken()).toEqual(["5", "long 5", "stuck 5"]);
    expect(matrix.pad.fault).toBe(KeypadReport.Stuck);
    runFor(10 * STUCK_MS);
    for (const key of "1234 6789:0.ECBF".replace(" ", "")) {
      press(key);
      runFor(40);
      release(key);
      runFor(40);
      expect(matrix.taken()).toEqual([key]);
    }
    press("1");
    runFor(30);
    press("9");
    runFor(30);
    expect(matrix.taken()).toEqual(["1", "9"]);
    release("1");
    release("9");
    release("5");
    expectRest();
    press("5");
    runFor(30);
    expect(matrix.taken()).toEqual(["5"]);
  });

  test("while others are typed is named all the same, and they are not", () => {
    press("5");
    for (let i = 0; i < 700; i++) {
      press("1");
      runFor(40);
      release("1");
      runFor(40);
    }
    expect(matrix.taken().filter((each) => each.startsWith("stuck"))).toEqual(["stuck 5"]);
  });

  test("at power-on is told like any other", () => {
    matrix = new Matrix();
    press("C");
    matrix.start();
    runFor(20);
    expect(matrix.taken()).toEqual(["C"]);
    release("C");
    expectRest();
  });
});

describe("a shorted line", () => {
  test("of a row lets its keys say so, and the others work", () => {
    matrix.twin.change(({ shortedRows }) => shortedRows.add(1));
    for (const [key, told] of [
      ["1", "1"],
      ["5", "line"],
      ["0", "0"],
    ] as const) {
      press(key);
      runFor(60);
      release(key);
      runFor(60);
      expect(matrix.taken()).toEqual([told]);
    }
    matrix.twin.change(({ shortedRows }) => shortedRows.clear());
    press("5");
    runFor(60);
    expect(matrix.taken()).toEqual(["5"]);
    release("5");
    expectRest();
  });

  test("of a column is named, then ignored, and the other columns work", () => {
    matrix.twin.change(({ shortedColumns }) => shortedColumns.add(2));
    runFor(100);
    expect(matrix.taken()).toEqual(["line"]);
    runFor(STUCK_MS);
    expect(matrix.taken()).toEqual(["stuck 3"]);
    press("5");
    runFor(60);
    expect(matrix.taken()).toEqual(["5"]);
    release("5");
    matrix.twin.change(({ shortedColumns }) => shortedColumns.clear());
    expectRest();
  });
});

test("a matrix that is pulled out releases its keys, and works when it is back", () => {
  press("5");
  runFor(50);
  matrix.twin.change((twin) => (twin.isPlugged = false));
  release("5");
  press("1");
  runFor(100);
  expect(matrix.taken()).toEqual(["5"]);
  release("1");
  matrix.twin.change((twin) => (twin.isPlugged = true));
  press("2");
  runFor(50);
  release("2");
  runFor(50);
  expect(matrix.taken()).toEqual(["2"]);
  expectRest();
});

describe("a board that does not answer", () => {
  test.each([1, 2, 3, 4, 5, 9])("after %i answers is named once, in a bounded time, and asked again", (answers) => {
    matrix.twin.press("5");
    for (let i = 1; i < answers; i++) runFor(DEBOUNCE_MS);
    runFor(0);
    matrix.isDeaf = true;
    runFor((SCANS_MAX + 2) * CHECK_MS);
    const told = matrix.taken();
    expect(told.filter((each) => each !== "5")).toEqual(["silent"]);
    runFor(10_000);
    expect(matrix.taken()).toEqual([]);
    matrix.isDeaf = false;
    release("5");
    runFor(2000);
    expectRest();
    press("1");
    runFor(30);
    expect(matrix.taken()).toEqual(["1"]);
  });
});

test("an edge that nobody told costs its key, not the next one", () => {
  matrix.isDeaf = true;
  press("5");
  runFor(50);
  matrix.isDeaf = false;
  release("5");
  expectRest();
  press("6");
  runFor(50);
  expect(matrix.taken()).toEqual(["6"]);
});

test("levels of another length are not taken for an answer", () => {
  const { desk } = matrix;
  desk.buses.inputs.set(1, () => "0");
  desk.buses.changed(1);
  runFor(10);
  expect(matrix.taken()).toEqual([]);
  expect(matrix.isArmed).toBe(false);
});

test("a typist with two bouncing fingers gives every key once, in order", () => {
  const random = seededBytes(7);
  const below = (limit: number) => random(1).charCodeAt(0) % limit;
  const keys = "1234567890:.EC";
  let typed = "";
  let atMs = 0;
  let lastEndMs = [0, 0];
  for (let i = 0; i < 500; i++) {
    const key = keys.charAt(below(keys.length));
    // Two fingers at most, and a key comes up before it goes down again.
    atMs = Math.max(atMs + 35 + below(60), Math.min(...lastEndMs) + 35);
    if (typed.slice(-2).includes(key)) continue;
    const endMs = atMs + 40 + below(60);
    lastEndMs = [Math.max(...lastEndMs), endMs];
    typed += key;
    matrix.desk.later(atMs, () => {
      matrix.twin.bounceMs = below(2) ? [1, 2] : [1, 2, 3, 5];
      press(key);
    });
    matrix.desk.later(endMs, () => release(key));
  }
  runFor(atMs + 500);
  expect(matrix.taken().join("")).toBe(typed);
  expectRest();
});
