/** The works of the terminal on a board that only remembers: what no host of ours and no script can bring about. */
import { beforeEach, describe, expect, test } from "vitest";
import { Happening, Port } from "../../src/board/board";
import { readPinKeys } from "../../src/sim/journal-image";
import { trackBits } from "../../src/sim/twins/magstripe";
import { NetState } from "../../src/txn/link";
import { State } from "../../src/txn/state";
import { onHappening } from "../../src/txn/terminal";
import { Timer } from "../../src/txn/timers";
import { packMessage, reversalFields, type SealedRequest } from "../host/terminal";
import { stored } from "./device";
import { TID, WorksBench } from "./works";

const FRESH = Buffer.alloc(32, 0x5a);

let bench: WorksBench;

beforeEach(begin);

/** Power is on, and the terminal has signed on. */
function begin(): void {
  bench = new WorksBench();
  bench.signOn(FRESH);
}

/** A sale of 12.50, and its request. */
function sell(): string {
  bench.press("1250E");
  bench.swipe();
  return bench.sent()[0] as string;
}

/** The cashier stops it: the reversal. */
function sellAndStop(): SealedRequest & { line: string } {
  sell();
  bench.press("C");
  expect(bench.title()).toBe("NOT KNOWN");
  const line = bench.sent()[0] as string;
  return { ...bench.opened(line).request, line };
}

/** The host's answer to the reversal. */
function undone(request: SealedRequest, responseCode: string): string {
  const fields = reversalFields(TID, 1, 1250, { 22: "", 25: "", 39: responseCode });
  return bench.answer(request, packMessage("0410", fields));
}

describe("a reversal", () => {
  test.each(["96", "64", "91"])(
    "that the host answers with %s is repeated with the same bytes until it is done",
    (code) => {
      const request = sellAndStop();
      for (let round = 0; round < 3; round++) {
        bench.hear(undone(request, code));
        expect(bench.title()).toBe("NOT KNOWN");
        bench.fire(Timer.Link);
        bench.connect();
        expect(bench.sent()).toEqual([request.line]);
      }
      expect(stored(bench.flash.image).undone).toMatchObject([{ stan: 1, status: "open" }]);
      bench.hear(undone(request, "00"));
      expect(bench.title()).toBe("NOT CHARGED");
      expect(stored(bench.flash.image).undone).toEqual([]);
      expect(bench.board.timers.has(Timer.Link)).toBe(false);
      expect(bench.sent()).toEqual([]);
    },
  );
});

describe("work ahead", () => {
  const isArmed = () => bench.board.timers.has(Timer.Ahead);
  const doStep = () => {
    bench.board.timers.delete(Timer.Ahead);
    bench.happen(Happening.Timer, Timer.Ahead, "");
  };

  test("begins in a pause, goes on step by step, and ends", () => {
    expect(bench.board.timers.get(Timer.Ahead)).toBe(150);
    doStep();
    expect(bench.board.timers.get(Timer.Ahead)).toBe(10);
    bench.press("1");
    expect(bench.board.timers.get(Timer.Ahead)).toBe(150);
    let steps = 1;
    for (; isArmed() && steps < 100; steps++) doStep();
    // Two requests with a step of the ratchet, two subkeys, three cores and four times two powers each; the last one finds nothing.
    expect(steps).toBe(21);
  });

  test("changes neither what is sent nor what is stored, however far it came", () => {
    const before = Buffer.from(bench.flash.image);
    const line = sell();
    const image = Buffer.from(bench.flash.image);
    for (let steps = 1; steps <= 21; steps++) {
      begin();
      for (let step = 0; step < steps; step++) doStep();
      expect(Buffer.from(bench.flash.image).equals(before)).toBe(true);
      expect(sell()).toEqual(line);
      expect(Buffer.from(bench.flash.image).equals(image)).toBe(true);
    }
  });

  test("opens the answer that is awaited, however far it came", () => {
    for (let steps = 0; steps <= 8; steps++) {
      begin();
      const request = sellAndStop();
      for (let step = 0; step < steps; step++) doStep();
      expect(isArmed()).toBe(steps < 8);
      bench.hear(undone(request, "00"));
      expect(bench.title()).toBe("NOT CHARGED");
    }
  });

  test("rests while a slip is printed", () => {
    bench.works.t.state = State.Print;
    bench.works.devices.isPrinting = true;
    doStep();
    expect(isArmed()).toBe(false);
  });
});

test("of a card whose balance was asked nothing is kept", () => {
  bench.press("FDD5");
  expect(bench.title()).toBe("BALANCE");
  bench.swipe();
  const { state, track2, chipData, pinBlock, isOpen } = bench.works.t;
  expect([state, track2, chipData, pinBlock, isOpen]).toEqual([State.Ask, "", "", "", false]);
});

describe("while flash is busy", () => {
  beforeEach(() => {
    const request = sellAndStop();
    onHappening(bench.works, Happening.Net, NetState.Bytes, undone(request, "00"));
    expect(bench.reads).toHaveLength(1);
  });

  test("nothing else is taken, and all of it afterwards in its order", () => {
    onHappening(bench.works, Happening.Uart, Port.Keypad, "E1");
    onHappening(bench.works, Happening.Uart, Port.Keypad, "7E");
    expect(bench.title()).toBe("NOT KNOWN");
    bench.happen(Happening.Flash, 0, bench.reads.shift() as string);
    expect(bench.title()).toBe("SALE");
    expect(bench.works.t.amountMinor).toBe(17);
  });

  test("what waits is bounded", () => {
    for (let i = 0; i < 1000; i++) onHappening(bench.works, Happening.Uart, Port.Keypad, "1".repeat(100));
    expect(bench.works.queue.length).toBeLessThan(100);
    bench.happen(Happening.Flash, 0, bench.reads.shift() as string);
    expect(bench.works.queue).toEqual([]);
  });
});

describe("a PIN", () => {
  const PIN = "493817";

  /** A card that wants its PIN. */
  function swipePinCard(): void {
    bench.press("1250E");
    bench.happen(Happening.Bits, 2, trackBits(2, ";4761739001010010=28122061143800000000?"));
    bench.happen(Happening.Timer, Timer.Swipe, "");
    expect(bench.title()).toBe("PIN");
  }

  /** Everything that the terminal holds, and that it said to its devices. */
  function everything(): string {
    const seen = new Set<unknown>();
    const walk = (value: unknown): string => {
      if (typeof value === "string" || typeof value === "number") return `${value} `;
      if (typeof value !== "object" || value === null) return "";
      if (seen.has(value)) return "";
      seen.add(value);
      return Object.values(value).map(walk).join("");
    };
    return walk({ works: { ...bench.works, board: null }, written: bench.board.written, calls: bench.board.calls });
  }

  test("sounds and looks the same whatever its digits, and is told by nothing else", () => {
    swipePinCard();
    const told = [...PIN].map((digit) => {
      bench.board.calls.length = 0;
      bench.press(digit);
      return bench.board.calls.join();
    });
    expect(new Set(told).size).toBe(1);
    expect(told[0]).toMatch(/^tone/);
    const shown = bench.rows().join();
    expect(shown).toContain("******");
    expect(shown).not.toMatch(/[34789]/);
  });

  test.each<[string, () => void]>([
    ["C", () => bench.press("C")],
    ["too long a pause", () => bench.happen(Happening.Timer, Timer.State, "")],
    ["the end of its minute", () => bench.happen(Happening.Timer, Timer.Pin, "")],
    ["the green key", () => bench.press("E")],
    ["keys that are lost", () => (bench.flash.image.fill(0x55, -8192), bench.press("E"))],
  ])("is gone after %s", (_, leave) => {
    swipePinCard();
    bench.press(PIN);
    expect(everything().includes(PIN)).toBe(true);
    leave();
    expect(bench.title()).not.toBe("PIN");
    expect(everything().includes(PIN)).toBe(false);
    expect(bench.board.timers.has(Timer.Pin)).toBe(false);
    // The card stays while its answer may ask for another PIN.
    if (bench.works.t.state === State.Online) bench.press("C");
    expect(everything().includes("4761739001010010=2812206")).toBe(false);
  });

  test("leaves when its key is gone from flash and the sale is journalled, not before", () => {
    swipePinCard();
    bench.press(PIN);
    bench.sent();
    const before = readPinKeys(bench.flash.image)?.counter;
    onHappening(bench.works, Happening.Uart, Port.Keypad, "E");
    for (let turns = 0; bench.reads.length > 0; turns++) {
      expect([bench.sent(), stored(bench.flash.image).undone]).toEqual([[], []]);
      expect(turns).toBeLessThan(30);
      onHappening(bench.works, Happening.Flash, 0, bench.reads.shift() as string);
      if (stored(bench.flash.image).undone.length > 0) break;
    }
    expect(readPinKeys(bench.flash.image)).toMatchObject({ counter: (before ?? 0) + 1, slotCount: 1 });
    expect(bench.sent()).toEqual([]);
    bench.happen(Happening.Flash, 0, bench.reads.shift() as string);
    expect(bench.sent()).toHaveLength(1);
  });

  test("that is done in the last moment of its time is sent, not undone", () => {
    swipePinCard();
    bench.press(PIN);
    onHappening(bench.works, Happening.Uart, Port.Keypad, "E");
    onHappening(bench.works, Happening.Timer, Timer.State, "");
    onHappening(bench.works, Happening.Timer, Timer.Pin, "");
    bench.happen(Happening.Flash, 0, bench.reads.shift() as string);
    expect(bench.title()).toBe("WAIT");
    expect(stored(bench.flash.image).undone).toMatchObject([{ status: "open" }]);
  });

  test("has half a minute between keys and one in all; its timer says nothing elsewhere", () => {
    swipePinCard();
    expect([bench.board.timers.get(Timer.State), bench.board.timers.get(Timer.Pin)]).toEqual([30000, 60000]);
    bench.board.timers.set(Timer.Pin, 1);
    bench.press("1");
    expect([bench.board.timers.get(Timer.State), bench.board.timers.get(Timer.Pin)]).toEqual([30000, 1]);
    bench.press("C");
    bench.happen(Happening.Timer, Timer.Pin, "");
    expect(bench.title()).toBe("NOT CHARGED");
  });

  test("is asked of no card when its keys are lost: the host decides, and other sales go on", () => {
    bench.flash.image.fill(0xff, -8192);
    bench = new WorksBench(bench.flash.image);
    bench.connect();
    bench.sent();
    bench.press("1250E");
    bench.happen(Happening.Bits, 2, trackBits(2, ";4761739001010010=28122061143800000000?"));
    bench.happen(Happening.Timer, Timer.Swipe, "");
    expect(bench.title()).toBe("WAIT");
    expect(bench.sent()).toHaveLength(1);
  });
});
