/** The code scanner: the manual's own examples, texts however they are cut, what is thrown away, and a module that comes and goes. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Port } from "../../src/board/board";
import {
  CODE_BYTES_MAX,
  onScannerBytes,
  onScannerTimer,
  openScanner,
  POLL_MS,
  QUIET_MS,
  SCAN_MS_MAX,
  type Scanner,
  ScannerReport,
  startScan,
  stopScan,
  Tail,
} from "../../src/drivers/scanner";
import { DONE, SET_MODE, SET_TAIL, TRIGGER_OFF, TRIGGER_ON, writeZone } from "../../src/drivers/scanner.table";
import { ScannerTwin } from "../../src/sim/twins/scanner";
import { Desk } from "./desk";

const TIMER = 4;
const QUIET_TIMER = 5;
const NAMES = ["None", "Code", "NoCode", "Silent", "Ready", "Overlong", "Torn", "Garbage"];
const EAN = "4006381333931";

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex").toString("latin1");

/** Driver and desk; `heard` tells what was reported, codes with their text. */
function open(tail: Tail) {
  const desk = new Desk();
  const heard: string[] = [];
  const hear = (scanner: Scanner, report: ScannerReport) => {
    if (report !== ScannerReport.None)
      heard.push(report === ScannerReport.Code ? scanner.code : (NAMES[report] ?? "?"));
    return report;
  };
  const feed = (text: string) => {
    for (let report = hear(scanner, onScannerBytes(scanner, text)); report !== ScannerReport.None;) {
      report = hear(scanner, onScannerBytes(scanner, ""));
    }
  };
  desk.onTimer = (id) => void hear(scanner, onScannerTimer(scanner, id));
  desk.onBytes = (_, text) => feed(text);
  const scanner = openScanner(desk.board, TIMER, QUIET_TIMER, tail);
  const sent = () => desk.board.written.splice(Port.Scanner, 1, "")[0];
  return { desk, scanner, heard, feed, sent };
}

/** Set up by a module that says no more than it must. */
function openAlone(tail: Tail) {
  const opened = open(tail);
  opened.feed(DONE + DONE);
  opened.heard.splice(0);
  return opened;
}

function openWithTwin(tail: Tail) {
  const opened = open(tail);
  const { desk, sent } = opened;
  const twin = new ScannerTwin(
    (text) => desk.say(Port.Scanner, text),
    (delayMs, run) => void desk.later(delayMs, run),
  );
  desk.devices.set(Port.Scanner, twin);
  // The first command was sent before anybody listened.
  twin.feed(sent());
  desk.runFor(1000);
  return { ...opened, twin };
}

describe("the manual's examples", () => {
  test.each([
    ["8.3, 3E to 000A", writeZone(0x000a, 0x3e), "7E 00 08 01 00 0A 3E 4C CF"],
    ["zone bits to their defaults", writeZone(0x00d9, 0x50), "7E 00 08 01 00 D9 50 81 D3"],
    ["settings to the user's own", writeZone(0x00d9, 0x55), "7E 00 08 01 00 D9 55 D1 76"],
    ["deep sleep", writeZone(0x00d9, 0xa5), "7E 00 08 01 00 D9 A5 3E 69"],
    ["the answer to all of them", DONE, "02 00 00 01 00 33 31"],
  ])("%s", (_, built, published) => expect(built).toBe(bytes(published)));

  /** What the module says to a command, in the manual and in a log of a GM861. */
  test.each([
    ["7E 00 07 01 00 0A 01 EE 8A", "02 00 00 01 00 33 31"],
    ["7E 00 07 01 00 2A 02 D8 0F", "02 00 00 02 00 00"],
    ["7E 00 08 01 00 0A 3E 4C CF 7E 00 07 01 00 0A 01 EE 8A", "02 00 00 01 00 33 31 02 00 00 01 3E E4 AC"],
    ["7E 00 09 01 00 00 00 DE C8", "02 00 00 01 00 33 31"],
    ["7E 00 08 01 00 02 01 AB CD", "02 00 00 01 00 33 31"],
    ["7E 00 07 01 00 0A 01 11 22", ""],
    ["7E 00 08 01 00 0A 3E 11 22", ""],
    ["7E 00 08 01 00 0A 3E", ""],
  ])("the twin answers %s as the module does", (command, answer) => {
    const desk = new Desk();
    let said = "";
    const twin = new ScannerTwin(
      (text) => (said += text),
      (delayMs, run) => void desk.later(delayMs, run),
    );
    twin.feed(bytes(command));
    desk.runFor(300);
    expect(said.startsWith(bytes(answer)) && (answer !== "" || said === "")).toBe(true);
    // Half a command is forgotten: the next one is understood.
    desk.runFor(500);
    twin.feed(TRIGGER_ON);
    desk.runFor(300);
    expect(said.endsWith(DONE)).toBe(true);
  });

  test("every single wrong bit and every missing end of a command leaves it without effect", () => {
    for (const command of [SET_MODE, SET_TAIL.slice(9, 18), TRIGGER_ON, TRIGGER_OFF]) {
      for (let cut = 0; cut < command.length; cut++) expect(answerTo(command.slice(0, cut))).toBe("");
      for (let bit = 0; bit < command.length * 8; bit++) expect(answerTo(flip(command, bit)), `bit ${bit}`).toBe("");
      expect(answerTo(command)).toBe(DONE);
    }
  });
});

function flip(text: string, bit: number): string {
  const at = bit >> 3;
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (bit & 7))) + text.slice(at + 1);
}

function answerTo(command: string): string {
  const desk = new Desk();
  let said = "";
  const twin = new ScannerTwin(
    (text) => (said += text),
    (delayMs, run) => void desk.later(delayMs, run),
  );
  twin.feed(command);
  desk.runFor(300);
  return said;
}

describe("texts", () => {
  test.each([
    [Tail.Cr, "\r"],
    [Tail.Lf, "\n"],
    [Tail.Lf, "\r\n"],
    [Tail.CrLf, "\r\n"],
    [Tail.Tab, "\t"],
  ])("with tail %i, however they are cut", (tail, ending) => {
    const text = fc.stringMatching(/^[ -~]{1,60}$/);
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 6 }), fc.array(fc.nat(40), { maxLength: 12 }), (texts, cuts) => {
        const { heard, feed } = openAlone(tail);
        const stream = texts.map((each) => each + ending).join("");
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          feed(stream.slice(at, at + cut));
          at += cut;
        }
        expect(heard).toEqual(texts);
      }),
      { seed: 1 },
    );
  });

  test("a payment QR code keeps its own line ends", () => {
    const { heard, feed } = openAlone(Tail.Cr);
    const epc = "BCD\n002\n1\nSCT\n\nTillet\nDE71110220330123456789\nEUR12.30";
    feed(`${epc}\r`);
    expect(heard).toEqual([epc]);
  });

  test("without a tail, silence ends one", () => {
    const { desk, heard, feed } = openAlone(Tail.None);
    feed(EAN.slice(0, 5));
    desk.runFor(QUIET_MS - 1);
    feed(EAN.slice(5));
    desk.runFor(QUIET_MS - 1);
    expect(heard).toEqual([]);
    desk.runFor(1);
    expect(heard).toEqual([EAN]);
  });

  test("every truncation is torn, whole or nothing: never a shorter code", () => {
    for (let length = 0; length <= EAN.length; length++) {
      const { desk, heard, feed } = openAlone(Tail.Cr);
      feed(EAN.slice(0, length));
      desk.runFor(QUIET_MS);
      expect(heard).toEqual(length > 0 ? ["Torn"] : []);
      feed(`${EAN}\r`);
      expect(heard.at(-1)).toBe(EAN);
    }
  });

  test("every single wrong bit gives one text of the same length, garbage, or a torn one", () => {
    for (let bit = 0; bit < (EAN.length + 1) * 8; bit++) {
      const { desk, heard, feed } = openAlone(Tail.Cr);
      feed(flip(`${EAN}\r`, bit));
      desk.runFor(QUIET_MS);
      const [first = ""] = heard;
      const isCut = flip(`${EAN}\r`, bit).indexOf("\r") < EAN.length;
      expect(heard.length).toBeGreaterThan(0);
      if (!isCut) expect(first.length === EAN.length || first === "Garbage" || first === "Torn", first).toBe(true);
    }
  });

  test.each(["\0", "\x02", "\x7f", "\x80", "\xff", "\x1b"])("%j makes it garbage", (byte) => {
    const { heard, feed } = openAlone(Tail.Cr);
    feed(`40063${byte}81333931\r${EAN}\r`);
    expect(heard).toEqual(["Garbage", EAN]);
  });

  test("GS, TAB and LF do not", () => {
    const { heard, feed } = openAlone(Tail.Cr);
    feed("]d2011234\x1d21A\tb\n\r");
    expect(heard).toEqual(["]d2011234\x1d21A\tb\n"]);
  });

  test("tails alone are nothing", () => {
    const { heard, feed } = openAlone(Tail.Lf);
    feed("\n\r\n\n\r\n");
    expect(heard).toEqual([]);
  });
});

describe("long texts", () => {
  test.each([Tail.Cr, Tail.CrLf, Tail.Tab])(
    "with tail %i: the longest is kept, one byte more is thrown away whole",
    (tail) => {
      const ending = ["", "\r", "\n", "\r\n", "\t"][tail];
      for (const piece of [1, 7, 64, 5000]) {
        const { heard, feed, scanner } = openAlone(tail);
        const stream = `${"x".repeat(CODE_BYTES_MAX)}${ending}${"y".repeat(CODE_BYTES_MAX + 1)}${ending}${EAN}${ending}`;
        for (let at = 0; at < stream.length; at += piece) feed(stream.slice(at, at + piece));
        expect(heard).toEqual(["x".repeat(CODE_BYTES_MAX), "Overlong", EAN]);
        expect(scanner.rest).toBe("");
      }
    },
  );

  test.each([Tail.None, Tail.Cr, Tail.Lf, Tail.CrLf, Tail.Tab])(
    "with tail %i: 4 kB is one report, and memory stays small",
    (tail) => {
      const { desk, heard, feed, scanner } = openAlone(tail);
      for (let sentBytes = 0; sentBytes < 4096; sentBytes += 32) {
        feed("<script>".repeat(4));
        expect(scanner.rest.length).toBeLessThanOrEqual(CODE_BYTES_MAX + 2);
        desk.runFor(30);
      }
      desk.runFor(QUIET_MS);
      expect(heard).toEqual(["Overlong"]);
      feed(EAN + ["", "\r", "\n", "\r\n", "\t"][tail]);
      desk.runFor(QUIET_MS);
      expect(heard).toEqual(["Overlong", EAN]);
    },
  );
});

describe("repeats", () => {
  test("a code counts once until it was away for a second", () => {
    const { desk, heard, feed } = openAlone(Tail.Cr);
    for (let i = 0; i < 5; i++) {
      feed(`${EAN}\r`);
      desk.runFor(999);
    }
    expect(heard).toEqual([EAN]);
    desk.runFor(1);
    feed(`${EAN}\r`);
    expect(heard).toEqual([EAN, EAN]);
  });

  test("another one in between makes it new", () => {
    const { heard, feed } = openAlone(Tail.Cr);
    feed(`${EAN}\rB\r${EAN}\rB\rB\r`);
    expect(heard).toEqual([EAN, "B", EAN, "B"]);
  });
});

describe("with a module", () => {
  let opened: ReturnType<typeof openWithTwin>;
  beforeEach(() => {
    opened = openWithTwin(Tail.Cr);
    opened.sent();
  });

  test("it is set up and ready", () => {
    const { heard, twin } = opened;
    expect(heard).toEqual(["Ready"]);
    expect([twin.zones[0x00], twin.zones[0x60]]).toEqual([0xd5, 0x01]);
  });

  test.each([
    [Tail.None, 0x00],
    [Tail.Cr, 0x01],
    [Tail.Lf, 0x21],
    [Tail.CrLf, 0x21],
    [Tail.Tab, 0x41],
  ])("tail %i is zone bit 0060 = %i, and a code with it comes through", (tail, value) => {
    const { desk, scanner, heard, twin } = openWithTwin(tail);
    expect(twin.zones[0x60]).toBe(value);
    startScan(scanner);
    twin.present("ABC-123");
    desk.runFor(1000);
    expect(heard).toEqual(["Ready", "ABC-123"]);
  });

  test("nothing is read that nobody asked for", () => {
    const { desk, heard, twin } = opened;
    twin.present(EAN);
    desk.runFor(10_000);
    expect(heard).toEqual(["Ready"]);
  });

  test("a scan reads what is held there, before or after", () => {
    const { desk, scanner, heard, twin, sent } = opened;
    startScan(scanner);
    desk.runFor(3000);
    twin.present("first");
    desk.runFor(500);
    twin.present("second");
    startScan(scanner);
    desk.runFor(500);
    expect(heard).toEqual(["Ready", "first", "second"]);
    expect(sent()).toBe(TRIGGER_ON + TRIGGER_ON);
  });

  test("a scan without a code ends, and the light goes out", () => {
    const { desk, scanner, heard, twin, sent } = opened;
    startScan(scanner);
    desk.runFor(SCAN_MS_MAX - 1);
    expect(heard).toEqual(["Ready"]);
    desk.runFor(1);
    expect(heard).toEqual(["Ready", "NoCode"]);
    desk.runFor(100);
    expect(sent()).toBe(TRIGGER_ON + TRIGGER_OFF);
    expect(twin.zones[0x02] & 1).toBe(0);
  });

  test("a stopped scan says nothing, and the light goes out", () => {
    const { desk, scanner, heard, twin } = opened;
    startScan(scanner);
    desk.runFor(1000);
    stopScan(scanner);
    desk.runFor(100);
    expect(twin.zones[0x02] & 1).toBe(0);
    twin.present(EAN);
    desk.runFor(20_000);
    expect(heard).toEqual(["Ready"]);
    expect(desk.board.timers.has(TIMER)).toBe(true);
  });

  test("a scan that is asked for while the settings are written begins after them", () => {
    const { desk, scanner, heard, twin } = openWithTwin(Tail.Cr);
    desk.runFor(POLL_MS - 1000 + 20);
    startScan(scanner);
    twin.present(EAN);
    desk.runFor(1000);
    expect(heard).toEqual(["Ready", EAN]);
  });

  test("the code of a moment ago does not end a new scan; the next one does", () => {
    const { desk, scanner, heard, twin } = opened;
    startScan(scanner);
    twin.present(EAN);
    desk.runFor(500);
    startScan(scanner);
    desk.runFor(500);
    expect(heard).toEqual(["Ready", EAN]);
    twin.present("next");
    desk.runFor(500);
    expect(heard).toEqual(["Ready", EAN, "next"]);
  });

  test("what is thrown away as the time ends does not begin another reading", () => {
    const { desk, scanner, heard, feed, sent } = openAlone(Tail.Cr);
    startScan(scanner);
    feed(DONE);
    desk.runFor(SCAN_MS_MAX - 1);
    feed("\0\r");
    desk.runFor(1);
    sent();
    feed(DONE);
    feed("\0\r");
    expect(sent()).toBe("");
    desk.runFor(0);
    expect(heard).toEqual(["Garbage", "Garbage", "NoCode"]);
    expect(sent()).toBe(TRIGGER_OFF);
  });

  test("a code that came before the light went on ends the scan, and the light goes out again", () => {
    const { desk, scanner, heard, twin, sent } = opened;
    startScan(scanner);
    desk.onBytes(Port.Scanner, "early\r");
    desk.runFor(100);
    expect(heard).toEqual(["Ready", "early"]);
    expect(sent()).toBe(TRIGGER_ON + TRIGGER_OFF);
    expect(twin.zones[0x02] & 1).toBe(0);
  });

  test("a code that comes while the settings are written does not keep them from being written", () => {
    const { desk, scanner, heard, feed, sent } = open(Tail.Cr);
    feed("early\r");
    expect(heard).toEqual(["early"]);
    expect(desk.board.timers.get(TIMER)).toBe(500);
    sent();
    feed(DONE);
    expect(sent()).toBe(SET_TAIL.slice(9, 18));
    feed(DONE);
    expect(heard).toEqual(["early", "Ready"]);
    expect(scanner.code).toBe("early");
  });

  test("what is thrown away does not end a scan, and does not make it longer", () => {
    const { desk, scanner, heard, twin } = opened;
    startScan(scanner);
    for (let i = 0; i < 30; i++) {
      twin.babble("\x01\x02\x03\r");
      desk.runFor(SCAN_MS_MAX / 20);
    }
    expect(heard.filter((each) => each !== "Garbage")).toEqual(["Ready", "NoCode"]);
  });

  test("a hostile code of 4 kB is one report, and the scan goes on while its time lasts", () => {
    const { desk, scanner, heard, twin } = opened;
    startScan(scanner);
    twin.present("<script>".repeat(512));
    desk.runFor(5000);
    expect(heard).toEqual(["Ready", "Overlong"]);
    twin.present(EAN);
    desk.runFor(500);
    expect(heard).toEqual(["Ready", "Overlong", EAN]);
  });

  test("unplugged: Silent within 8 s, once; back: Ready within 6 s, set up as before", () => {
    const { desk, heard, twin } = opened;
    for (const plugMs of [0, 1234, 4990, 5005]) {
      heard.splice(0);
      desk.runFor(plugMs);
      twin.plug(false);
      desk.runFor(8000);
      expect(heard).toEqual(["Silent"]);
      desk.runFor(60_000);
      expect(heard).toEqual(["Silent"]);
      twin.plug(true);
      desk.runFor(6000);
      expect(heard).toEqual(["Silent", "Ready"]);
      expect(twin.zones[0x00]).toBe(0xd5);
    }
  });

  test("unplugged in a scan or before it: the scan ends as Silent or NoCode, and the next one works", () => {
    for (const unplugMs of [0, 5, 15, 3000]) {
      const { desk, scanner, heard, twin } = openWithTwin(Tail.Cr);
      startScan(scanner);
      desk.runFor(unplugMs);
      twin.plug(false);
      desk.runFor(9000);
      expect(heard.some((each) => each === "Silent" || each === "NoCode")).toBe(true);
      startScan(scanner);
      desk.runFor(2000);
      expect(heard.at(-1)).toBe("Silent");
      twin.plug(true);
      desk.runFor(7000);
      startScan(scanner);
      twin.present(EAN);
      desk.runFor(500);
      expect(heard.slice(-2)).toEqual(["Ready", EAN]);
    }
  });

  test("unplugged in the middle of a text: torn, not half a number", () => {
    const { desk, scanner, heard, twin } = opened;
    startScan(scanner);
    twin.present("https://example.org/loyalty/0123456789/0123456789/0123456789");
    desk.runFor(175);
    twin.plug(false);
    desk.runFor(1000);
    expect(heard).toEqual(["Ready", "Torn"]);
  });

  test("plugged out and in again between two polls: the settings come back by themselves", () => {
    const { desk, heard, twin } = opened;
    twin.plug(false);
    twin.plug(true);
    expect(twin.zones[0x00]).toBe(0xd4);
    desk.runFor(POLL_MS);
    expect(twin.zones[0x00]).toBe(0xd5);
    expect(heard).toEqual(["Ready"]);
  });
});
