/** The works of the terminal on a board that only remembers: what no host of ours and no script can bring about. */
import { beforeEach, describe, expect, test } from "vitest";
import { type Board, Happening, Port } from "../../src/board/board";
import { testKey } from "../../src/host/keys";
import { advance, sealAnswer } from "../../src/host/seal";
import { openDisplay } from "../../src/drivers/display";
import { plain } from "../../src/proto/plain";
import { readPinKeys } from "../../src/sim/journal-image";
import { DisplayTwin } from "../../src/sim/twins/display";
import { FlashTwin } from "../../src/sim/twins/flash";
import { trackBits } from "../../src/sim/twins/magstripe";
import { NetState } from "../../src/txn/link";
import { State } from "../../src/txn/state";
import { onHappening } from "../../src/txn/terminal";
import { Timer } from "../../src/txn/timers";
import { openWorks, type Works } from "../../src/txn/works";
import { type FakeBoard, fakeBoard } from "../drivers/fake-board";
import { packMessage, reversalFields } from "../host/terminal";
import { newImage } from "../world";
import { stored } from "./device";

const TID = "00000001";

let board: FakeBoard;
let works: Works;
let flash: FlashTwin;
let display: DisplayTwin;
/** Flash reads that are not answered yet. */
let reads: string[];

beforeEach(begin);

function begin(): void {
  flash = new FlashTwin(newImage());
  display = new DisplayTwin();
  reads = [];
  const twin: Board["flash"] = {
    read: (address, byteCount) => reads.push(flash.read(address, byteCount)),
    write: (address, text) => flash.write(address, text),
    erase: (address) => flash.erase(address),
  };
  board = { ...fakeBoard(), flash: twin };
  works = openWorks(board, plain, openDisplay(board));
  happen(Happening.PowerOn, 0, "");
  happen(Happening.Timer, Timer.State, "");
  happen(Happening.Net, NetState.Open, "");
}

/** One thing, and everything that flash has to say to it. */
function happen(happening: Happening, value: number, text: string): void {
  onHappening(works, happening, value, text);
  while (reads.length > 0) onHappening(works, Happening.Flash, 0, reads.shift() as string);
}

function press(keys: string): void {
  happen(Happening.Uart, Port.Keypad, keys);
}

/** The title row. */
function title(): string {
  display.feed(board.written[Port.Display] as string);
  board.written[Port.Display] = "";
  return display.rows()[1] as string;
}

/** Lines that went to the host since the last call. */
function sent(): string[] {
  return board.calls.splice(0).filter((call) => call.startsWith("net "));
}

/** A sale of 12.50, its request sent. */
function sell(): void {
  press("1250E");
  happen(Happening.Bits, 2, trackBits(2, ";4761739001010010=28122011143800000000?"));
  happen(Happening.Timer, Timer.Swipe, "");
}

/** The host's answer to the reversal, which is the second request. */
function undone(responseCode: string): string {
  const { key } = advance(advance(testKey(TID)).chain);
  const message = packMessage("0410", reversalFields(TID, 1, 1250, { 22: "", 25: "", 39: responseCode }));
  return sealAnswer(TID, 2, message, key);
}

describe("a reversal", () => {
  beforeEach(() => {
    sell();
    expect(sent()).toHaveLength(1);
    press("C");
    expect(title()).toBe("NOT KNOWN");
  });

  test.each(["96", "64", "91"])(
    "that the host answers with %s is repeated with the same bytes until it is done",
    (code) => {
      const [line] = sent();
      for (let round = 0; round < 3; round++) {
        happen(Happening.Net, NetState.Bytes, undone(code));
        expect(title()).toBe("NOT KNOWN");
        expect(board.timers.get(Timer.Link)).toBeGreaterThan(0);
        happen(Happening.Timer, Timer.Link, "");
        happen(Happening.Net, NetState.Open, "");
        expect(sent()).toEqual([line]);
      }
      expect(stored(flash.image).undone).toMatchObject([{ stan: 1, status: "open" }]);
      happen(Happening.Net, NetState.Bytes, undone("00"));
      expect(title()).toBe("NOT CHARGED");
      expect(stored(flash.image).undone).toEqual([]);
      expect(board.timers.has(Timer.Link)).toBe(false);
      expect(sent()).toEqual([]);
    },
  );
});

describe("work ahead", () => {
  const isArmed = () => board.timers.has(Timer.Ahead);
  const doStep = () => {
    board.timers.delete(Timer.Ahead);
    happen(Happening.Timer, Timer.Ahead, "");
  };

  test("begins in a pause, goes on step by step, and ends", () => {
    expect(board.timers.get(Timer.Ahead)).toBe(150);
    doStep();
    expect(board.timers.get(Timer.Ahead)).toBe(10);
    press("1");
    expect(board.timers.get(Timer.Ahead)).toBe(150);
    let steps = 1;
    for (; isArmed() && steps < 100; steps++) doStep();
    // Two requests with a step of the ratchet, two subkeys, three cores and four times two powers each; the last one finds nothing.
    expect(steps).toBe(21);
  });

  test("changes neither what is sent nor what is stored, however far it came", () => {
    sell();
    const line = sent();
    const image = Buffer.from(flash.image);
    for (let steps = 1; steps <= 21; steps++) {
      begin();
      for (let step = 0; step < steps; step++) doStep();
      expect(Buffer.from(flash.image).equals(newImage())).toBe(true);
      sell();
      expect(sent()).toEqual(line);
      expect(Buffer.from(flash.image).equals(image)).toBe(true);
    }
  });

  test("opens the answer that is awaited, however far it came", () => {
    for (let steps = 0; steps <= 8; steps++) {
      begin();
      sell();
      press("C");
      for (let step = 0; step < steps; step++) doStep();
      expect(isArmed()).toBe(steps < 8);
      happen(Happening.Net, NetState.Bytes, undone("00"));
      expect(title()).toBe("NOT CHARGED");
    }
  });

  test("rests while a slip is printed", () => {
    works.t.state = State.Print;
    doStep();
    expect(isArmed()).toBe(false);
  });
});

describe("while flash is busy", () => {
  beforeEach(() => {
    sell();
    press("C");
    sent();
    onHappening(works, Happening.Net, NetState.Bytes, undone("00"));
    expect(reads).toHaveLength(1);
  });

  test("nothing else is taken, and all of it afterwards in its order", () => {
    onHappening(works, Happening.Uart, Port.Keypad, "E1");
    onHappening(works, Happening.Uart, Port.Keypad, "7E");
    expect(title()).toBe("NOT KNOWN");
    happen(Happening.Flash, 0, reads.shift() as string);
    expect(title()).toBe("SALE");
    expect(works.t.amountMinor).toBe(17);
  });

  test("what waits is bounded", () => {
    for (let i = 0; i < 1000; i++) onHappening(works, Happening.Uart, Port.Keypad, "1".repeat(100));
    expect(works.queue.length).toBeLessThan(100);
    happen(Happening.Flash, 0, reads.shift() as string);
    expect(works.queue).toEqual([]);
  });
});

describe("a PIN", () => {
  const PIN = "493817";

  /** A card that wants its PIN. */
  function swipePinCard(): void {
    press("1250E");
    happen(Happening.Bits, 2, trackBits(2, ";4761739001010010=28122061143800000000?"));
    happen(Happening.Timer, Timer.Swipe, "");
    expect(title()).toBe("PIN");
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
    return walk({ works: { ...works, board: null }, written: board.written, calls: board.calls });
  }

  test("sounds and looks the same whatever its digits, and is told by nothing else", () => {
    swipePinCard();
    const told = [...PIN].map((digit) => {
      board.calls.length = 0;
      press(digit);
      return board.calls.join();
    });
    expect(new Set(told).size).toBe(1);
    expect(told[0]).toMatch(/^tone/);
    display.feed(board.written[Port.Display] as string);
    expect(display.rows().join()).toContain("******");
    expect(display.rows().join()).not.toMatch(/[34789]/);
  });

  test.each<[string, () => void]>([
    ["C", () => press("C")],
    ["too long a pause", () => happen(Happening.Timer, Timer.State, "")],
    ["the end of its minute", () => happen(Happening.Timer, Timer.Pin, "")],
    ["the green key", () => press("E")],
    ["keys that are lost", () => (flash.image.fill(0x55, -8192), press("E"))],
  ])("is gone after %s", (_, leave) => {
    swipePinCard();
    press(PIN);
    expect(everything().includes(PIN)).toBe(true);
    leave();
    expect(title()).not.toBe("PIN");
    expect(everything().includes(PIN)).toBe(false);
    expect(board.timers.has(Timer.Pin)).toBe(false);
    // The card stays while its answer may ask for another PIN.
    if (works.t.state === State.Online) press("C");
    expect(everything().includes("4761739001010010=2812206")).toBe(false);
  });

  test("leaves when its key is gone from flash and the sale is journalled, not before", () => {
    swipePinCard();
    press(PIN);
    sent();
    const before = readPinKeys(flash.image)?.counter;
    onHappening(works, Happening.Uart, Port.Keypad, "E");
    for (let turns = 0; reads.length > 0; turns++) {
      expect([sent(), stored(flash.image).undone]).toEqual([[], []]);
      expect(turns).toBeLessThan(30);
      onHappening(works, Happening.Flash, 0, reads.shift() as string);
      if (stored(flash.image).undone.length > 0) break;
    }
    expect(readPinKeys(flash.image)).toMatchObject({ counter: (before ?? 0) + 1, slotCount: 1 });
    expect(sent()).toEqual([]);
    happen(Happening.Flash, 0, reads.shift() as string);
    expect(sent()).toHaveLength(1);
  });

  test("that is done in the last moment of its time is sent, not undone", () => {
    swipePinCard();
    press(PIN);
    onHappening(works, Happening.Uart, Port.Keypad, "E");
    onHappening(works, Happening.Timer, Timer.State, "");
    onHappening(works, Happening.Timer, Timer.Pin, "");
    happen(Happening.Flash, 0, reads.shift() as string);
    expect(title()).toBe("WAIT");
    expect(stored(flash.image).undone).toMatchObject([{ status: "open" }]);
  });

  test("has half a minute between keys and one in all; its timer says nothing elsewhere", () => {
    swipePinCard();
    expect([board.timers.get(Timer.State), board.timers.get(Timer.Pin)]).toEqual([30000, 60000]);
    board.timers.set(Timer.Pin, 1);
    press("1");
    expect([board.timers.get(Timer.State), board.timers.get(Timer.Pin)]).toEqual([30000, 1]);
    press("C");
    happen(Happening.Timer, Timer.Pin, "");
    expect(title()).toBe("NOT CHARGED");
  });

  test("is asked of no card when its keys are lost: the host decides, and other sales go on", () => {
    flash.image.fill(0xff, -8192);
    works = openWorks(board, plain, openDisplay(board));
    happen(Happening.PowerOn, 0, "");
    happen(Happening.Timer, Timer.State, "");
    happen(Happening.Net, NetState.Open, "");
    sent();
    press("1250E");
    happen(Happening.Bits, 2, trackBits(2, ";4761739001010010=28122061143800000000?"));
    happen(Happening.Timer, Timer.Swipe, "");
    expect(title()).toBe("WAIT");
    expect(sent()).toHaveLength(1);
  });
});
