/** Operators' fingers at the terminal: no try for nothing wherever the power goes, and a sensor that is believed no more than it has to be. */
import { describe, expect, test } from "vitest";
import { Happening, Port } from "../../src/board/board";
import { keptPin } from "../../src/host/operator-pin";
import { readMisses, readOperators } from "../../src/sim/operator-image";
import { Agenda, type Planned } from "../../src/sim/agenda";
import { seededBytes } from "../../src/sim/random";
import { FingerTwin } from "../../src/sim/twins/fingerprint";
import { FlashTwin, type PlannedCut, PowerCut } from "../../src/sim/twins/flash";
import { openOperatorBook, loadOperators, onBookFlash, putEntry, isBookBusy } from "../../src/txn/operator-book";
import { Timer } from "../../src/txn/timers";
import { NATIVES } from "../natives";
import { newImage } from "../world";
import { WorksBench } from "./works";

const SECRET = Buffer.alloc(32, "tillet test secret of operators ");
const PIN = "2580";
const [FINGER, STRANGER] = [71, 5];
const SEARCH = "\x04";
const CASHIER = { number: 7, finger: true };

interface Entry {
  number: number;
  tries?: number;
  finger?: boolean;
}

/** Flash of a terminal with these operators, all of the same PIN, after so many changes of somebody else's entry. */
function staffed(entries: Entry[], fill = 0): Uint8Array {
  const flash = new FlashTwin(newImage({ operators: "on", finger: "r503" }));
  const answers: string[] = [];
  const read = (address: number, byteCount: number) => answers.push(flash.read(address, byteCount));
  const write = (address: number, text: string) => flash.write(address, text);
  const book = openOperatorBook({ read, write, erase: (address) => flash.erase(address) }, NATIVES);
  const rest = () => {
    while (isBookBusy(book)) onBookFlash(book, answers.shift() as string);
  };
  loadOperators(book);
  rest();
  const fillers = Array.from({ length: fill }, (_, each) => ({ number: 20, tries: each % 50 }));
  for (const { number, tries = 0, finger } of [{ number: 0 }, ...entries, ...fillers] as Entry[]) {
    const kept = Buffer.from(keptPin(SECRET, String(number).padStart(2, "0"), PIN)).toString("latin1");
    putEntry(book, String.fromCharCode(number + (finger ? 128 : 0), tries) + kept);
    rest();
  }
  return flash.image;
}

/** A fingerprint module's packet. */
function packet(identifier: number, contents: string): string {
  const body = Buffer.from([identifier, 0, contents.length + 2, ...Buffer.from(contents, "latin1")]);
  const sum = body.reduce((total, byte) => total + byte, 0);
  return Buffer.concat([Buffer.from("ef01ffffffff", "hex"), body, Buffer.from([sum >> 8, sum & 255])]).toString(
    "latin1",
  );
}

/** A template as the module makes it. */
function templateOf(finger: number): ReadonlySet<number> {
  const twin = new FingerTwin({ say: () => undefined, later: () => undefined });
  twin.place(finger);
  for (const contents of ["\x01", "\x02\x01", "\x01", "\x02\x02", "\x05", "\x06\x01\0\0"])
    twin.feed(packet(0x01, contents));
  return twin.library.get(0) as ReadonlySet<number>;
}

/** A terminal with its sensor, in virtual time; what happens after the power has gone is nobody's. */
class Stand {
  readonly bench: WorksBench;
  readonly twin: FingerTwin;
  /** Instruction codes of the commands that the sensor was sent. */
  asked = "";
  /** Of the states' timer, how often it was armed. */
  armed = 0;
  isCut = false;
  private readonly agenda = new Agenda();
  private due: Planned | undefined;

  constructor(bytes: Uint8Array, cut?: PlannedCut, templates: Record<number, number> = { 7: FINGER }, lie?: string) {
    this.bench = new WorksBench(bytes);
    const { board } = this.bench;
    this.twin = new FingerTwin({
      say: (text) => this.happen(Happening.Uart, Port.Finger, text),
      later: (delayMs, run) => void this.agenda.plan(delayMs, run),
      hasLight: true,
      capacity: 200,
    });
    for (const [slot, finger] of Object.entries(templates)) this.twin.library.set(Number(slot), templateOf(finger));
    const timer = board.timer.bind(board);
    board.timer = (id, delayMs) => {
      timer(id, delayMs);
      if (id === Timer.State) this.armed++;
      if (id !== Timer.Finger) return;
      this.agenda.unplan(this.due);
      this.due = delayMs < 0 ? undefined : this.agenda.plan(delayMs, () => this.happen(Happening.Timer, id, ""));
    };
    board.uart = (port, text) => {
      if (port !== Port.Finger) board.written[port] += text;
      else this.ask(text, lie);
    };
    if (cut) this.bench.flash.plan(cut);
  }

  private ask(text: string, lie: string | undefined): void {
    const instruction = text.charAt(9);
    this.asked += instruction;
    if (instruction === SEARCH && lie !== undefined)
      this.agenda.plan(50, () => this.happen(Happening.Uart, Port.Finger, packet(0x07, lie)));
    else this.twin.feed(text);
  }

  private happen(happening: Happening, value: number, text: string): void {
    this.uncut(() => this.bench.happen(happening, value, text));
  }

  private uncut(act: () => void): void {
    if (this.isCut) return;
    try {
      act();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.isCut = true;
    }
  }

  runFor(delayMs: number): this {
    const endMs = this.agenda.nowMs + delayMs;
    for (let run = this.agenda.next(endMs); run; run = this.agenda.next(endMs)) {
      this.bench.nowMs = this.agenda.nowMs;
      void run();
    }
    this.agenda.nowMs = endMs;
    this.bench.nowMs = endMs;
    return this;
  }

  press(keys: string): this {
    this.uncut(() => this.bench.press(keys));
    return this.runFor(300);
  }

  /** Puts a finger down, and lifts it. What the screen then says, "" when the power went. */
  touch(finger: number): string {
    this.twin.place(finger);
    this.runFor(1000);
    const shown = this.rows();
    this.twin.lift();
    this.runFor(1000);
    return this.isCut ? "" : shown;
  }

  rows(): string {
    this.shown = this.bench.rows().join("\n") || this.shown;
    return this.shown;
  }
  private shown = "";

  get operator(): string {
    return this.isCut ? "" : this.bench.works.t.operator;
  }

  get image(): Uint8Array {
    return this.bench.flash.image;
  }

  get searches(): number {
    return this.asked.split(SEARCH).length - 1;
  }
}

const of = (bytes: Uint8Array, number: number) => readOperators(bytes)?.find((each) => each.number === number);
/** Each cut in each of these operations, at every byte that is written. */
function cutsOf(operations: readonly { kind: string; byteCount: number }[]): PlannedCut[] {
  return operations.flatMap(({ kind, byteCount }, index) => {
    const stepBytes = kind === "write" ? 1 : byteCount / 2;
    const count = Math.floor(byteCount / stepBytes) + 1;
    return Array.from({ length: count }, (_, step) => ({ operation: index + 1, bytesDone: step * stepBytes }));
  });
}
/** The last ones turn the page. */
const FILLS = [0, 127, 128, 129, 130, 131];

describe("a finger at the login", () => {
  test("lets in whom the book lets, and is forgotten as a try", () => {
    const stand = new Stand(staffed([CASHIER])).press("F");
    stand.touch(FINGER);
    expect(stand.operator).toBe("07");
    expect(readMisses(stand.image)).toBe(0);
    expect(stand.bench.works.t.desk).toBeNull();
    expect(stand.twin.light).toBe("off");
  });

  test("is counted before the sensor is asked, and three in a row end that until a PIN was right", () => {
    let stand = new Stand(staffed([CASHIER])).press("F");
    for (const [misses, said] of [
      [1, "Finger not known."],
      [2, "Finger not known."],
      [3, "Finger off: use PIN."],
    ] as const) {
      expect(stand.touch(STRANGER)).toContain(said);
      expect([readMisses(stand.image), stand.searches]).toEqual([misses, misses]);
    }
    stand = new Stand(stand.image).press("F");
    expect(stand.touch(FINGER)).toContain("Finger off: use PIN.");
    expect([readMisses(stand.image), stand.searches, stand.operator]).toEqual([3, 0, ""]);
    // A wrong PIN does not help.
    stand.press("7E2581E");
    expect(readMisses(stand.image)).toBe(3);
    stand.press(`C F7E${PIN}E`.replace(" ", ""));
    expect([readMisses(stand.image), stand.operator]).toEqual([0, "07"]);
  });

  test("held down is one try, and one of which too little is seen is none", () => {
    const stand = new Stand(staffed([CASHIER])).press("F");
    stand.twin.place(STRANGER);
    stand.runFor(25_000);
    expect([readMisses(stand.image), stand.searches]).toEqual([1, 1]);
    stand.twin.lift();
    stand.runFor(1000);
    stand.twin.place(FINGER, 0.2);
    stand.runFor(1000);
    expect(stand.rows()).toContain("Not clear. Again.");
    expect([readMisses(stand.image), stand.searches]).toEqual([1, 1]);
    stand.twin.lift();
    stand.runFor(1000).touch(FINGER);
    expect(stand.operator).toBe("07");
  });

  test("is not looked at once a number has been typed", () => {
    const stand = new Stand(staffed([CASHIER])).press("F7E");
    stand.touch(FINGER);
    expect([stand.operator, stand.searches]).toEqual(["", 0]);
    expect(stand.twin.light).toBe("off");
  });

  test.each([0, 1, 6, 7, 8, 20, 21, 99, 100, 128, 135, 199, 200, 65535])(
    "where a sensor lies: slot %i lets in nobody who has enrolled none",
    (slot) => {
      const lie = String.fromCharCode(0, slot >> 8, slot & 255, 0, 99);
      const bytes = staffed([CASHIER, { number: 6 }, { number: 8, tries: 128 }, { number: 99 }]);
      const stand = new Stand(bytes, undefined, {}, lie).press("F");
      stand.touch(STRANGER);
      expect(stand.operator).toBe(slot === 7 ? "07" : "");
    },
  );

  test("of somebody who must change the PIN, was removed or got another is nothing worth", () => {
    const stand = new Stand(staffed([CASHIER])).press(`F0E${PIN}E`);
    stand.press("FD037E4471E4471E");
    expect(of(stand.image, 7)).toMatchObject({ mustChange: true, hasFinger: false });
    expect(stand.twin.library.size).toBe(0);
    // Its plug was out meanwhile.
    const again = new Stand(stand.image).press("F");
    expect(again.touch(FINGER)).toContain("Finger not known.");
    expect(again.twin.library.size).toBe(0);
    const removed = new Stand(staffed([CASHIER])).press(`F0E${PIN}EFD047E`);
    expect(of(removed.image, 7)).toBeUndefined();
    expect(removed.twin.library.size).toBe(0);
  });

  test("does not wait for wrong PINs, and does not take them back", () => {
    const stand = new Stand(staffed([{ ...CASHIER, tries: 6 }])).press("F");
    stand.touch(FINGER);
    expect([stand.operator, of(stand.image, 7)?.tries]).toEqual(["07", 6]);
    // And a PIN keeps the finger.
    const other = new Stand(staffed([CASHIER])).press("F7E2581E");
    expect(of(other.image, 7)).toMatchObject({ tries: 1, hasFinger: true });
    other.press(`${PIN}E`);
    expect(of(other.image, 7)).toMatchObject({ tries: 0, hasFinger: true });
  });

  test("and a sensor that comes and goes: it is said, and the time of the screen goes on", () => {
    const stand = new Stand(staffed([CASHIER]));
    stand.twin.plug(false);
    stand.press("F").runFor(2000);
    expect(stand.rows()).toContain("Sensor silent: PIN.");
    const armed = stand.armed;
    for (let times = 0; times < 5; times++) {
      stand.twin.plug(true);
      stand.runFor(8000);
      expect(stand.rows()).not.toContain("Sensor silent");
      stand.twin.plug(false);
      stand.runFor(8000);
      expect(stand.rows()).toContain("Sensor silent: PIN.");
    }
    expect(stand.armed).toBe(armed);
    stand.press(`7E${PIN}E`);
    expect(stand.operator).toBe("07");
  });

  test("where no sensor is in the settings nobody is asked for one", () => {
    const bytes = newImage({ operators: "on" });
    const stand = new Stand(bytes).press("F");
    stand.touch(FINGER);
    expect([stand.asked, stand.rows().includes("finger")]).toEqual(["", false]);
  });
});

describe("an enrolment", () => {
  const enrol = (stand: Stand) => {
    stand.press(`F7E${PIN}EFD05${PIN}E`);
    stand.touch(FINGER);
    return stand.touch(FINGER);
  };

  test("is for who has typed the PIN, and not for the admin", () => {
    const stand = new Stand(staffed([{ number: 7 }, { number: 99 }]), undefined, {});
    expect(enrol(stand)).toContain("READY");
    expect(of(stand.image, 7)?.hasFinger).toBe(true);
    expect([...stand.twin.library.keys()]).toEqual([7]);
    stand.press(`FD01F99E${PIN}EFD05`);
    expect(stand.rows()).toContain("Not allowed for you.");
    expect(stand.operator).toBe("99");
  });

  test("of two fingers is none, and of one that nobody puts down ends with the time of the screen", () => {
    const stand = new Stand(staffed([{ number: 7 }]), undefined, {}).press(`F7E${PIN}EFD05${PIN}E`);
    stand.touch(FINGER);
    expect(stand.touch(STRANGER)).toContain("Not the same.");
    expect([of(stand.image, 7)?.hasFinger, stand.twin.library.size]).toEqual([false, 0]);
    const armed = stand.armed;
    stand.runFor(60_000);
    expect(stand.armed).toBe(armed);
    stand.bench.fire(Timer.State);
    expect([stand.twin.light, stand.bench.works.t.desk]).toEqual(["off", null]);
  });

  test.each(FILLS)(
    "cut at every byte, %i changes before it: the finger counts or it does not, all else is whole",
    (fill) => {
      const before = staffed([{ number: 7 }], fill);
      const whole = new Stand(before, undefined, {});
      expect(enrol(whole)).toContain("READY");
      // The first two are those of the login.
      for (const cut of cutsOf(whole.bench.flash.operations).filter(({ operation }) => operation > 4)) {
        const name = `cut ${cut.operation}:${cut.bytesDone}`;
        const torn = new Stand(before, cut, {});
        enrol(torn);
        const counts = of(torn.image, 7)?.hasFinger;
        const again = new Stand(torn.image, undefined, torn.twin.library.size > 0 ? { 7: FINGER } : {}).press("F");
        again.touch(FINGER);
        expect(again.operator, name).toBe(counts ? "07" : "");
        if (!counts) again.press(`7E${PIN}E`);
        expect(again.operator, name).toBe("07");
        expect(again.bench.works.t.settings?.finger, name).toBe("r503");
      }
    },
  );
});

describe("a power cut in a try", () => {
  test.each(FILLS)("at every byte of every write, %i changes before it, never gives it for nothing", (fill) => {
    const before = staffed([CASHIER], fill);
    for (const finger of [FINGER, STRANGER]) {
      const whole = new Stand(before).press("F");
      whole.touch(finger);
      for (const cut of cutsOf(whole.bench.flash.operations)) {
        const name = `finger ${finger} cut ${cut.operation}:${cut.bytesDone}`;
        const torn = new Stand(before, cut).press("F");
        torn.touch(finger);
        expect(torn.operator, name).toBe("");
        // One that was known is taken back by the last write.
        if (finger === STRANGER) expect(readMisses(torn.image), name).toBeGreaterThanOrEqual(torn.searches);
        const again = new Stand(torn.image).press("F");
        again.touch(FINGER);
        expect(again.operator, name).toBe("07");
        again.press(`FD01F7E${PIN}E`);
        expect(again.operator, name).toBe("07");
      }
    }
  });

  test("by who cuts at any byte: the sensor is asked three times at most", () => {
    const random = seededBytes(31);
    for (let run = 0; run < 40; run++) {
      let bytes = staffed([CASHIER], run * 4);
      let searches = 0;
      for (let tries = 0; tries < 10; tries++) {
        const cut = { operation: 1 + (random(1).charCodeAt(0) % 4), bytesDone: random(1).charCodeAt(0) % 40 };
        const stand = new Stand(bytes, cut).press("F");
        stand.touch(STRANGER);
        searches += stand.searches;
        bytes = stand.image;
      }
      expect(searches, `run ${run}`).toBeLessThanOrEqual(3);
    }
  });
});
