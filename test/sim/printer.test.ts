/**
 * The printer twin: what ESC/POS puts on paper and when, what it says of itself, what gets lost, and that it stops at whatever the
 * printer does not know.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { FONT_A, FONT_B, glyphOf } from "../../src/sim/twins/font";
import { MODELS, PrinterTwin, type Slip, type Trouble } from "../../src/sim/twins/printer";

const CUT = "\x1dV\x01";
const ASK = (which: number) => `\x10\x04${String.fromCharCode(which)}`;
const CONFIRM = "\x1dr\x01";
/** A byte on the wire and a line under the head of the 80 mm printer, ms: 115,200 baud, 150 mm/s. */
const LINE_MS = 25;

let printer: PrinterTwin;
let slips: Slip[];
let answers: [string, number][];
let nowMs: number;
let planned: { atMs: number; run: () => void }[];

function open(model: string): void {
  slips = [];
  answers = [];
  planned = [];
  nowMs = 0;
  printer = new PrinterTwin(
    {
      later: (delayMs, run) => void planned.push({ atMs: nowMs + delayMs, run }),
      say: (bytes) => answers.push([bytes, nowMs]),
      torn: (slip) => slips.push(slip),
    },
    model,
  );
}
beforeEach(() => open("80"));

function runFor(delayMs: number): void {
  const untilMs = nowMs + delayMs;
  for (;;) {
    const [next] = planned.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
    if (!next) break;
    planned.splice(planned.indexOf(next), 1);
    nowMs = next.atMs;
    next.run();
  }
  nowMs = untilMs;
}

function feed(bytes: string, forMs = 60000): void {
  printer.feed(bytes);
  runFor(forMs);
}

/** Rows of a piece of paper as text, `#` for ink. */
const picture = (rows: readonly Uint8Array[], from = 0, to = 576) =>
  rows.map((row) => [...row.subarray(from, to)].map((dot) => (dot ? "#" : ".")).join(""));

describe("prints", () => {
  test("lines where and as large as they are set, until they are set otherwise", () => {
    feed(`left\n\x1ba\x01mid\n\x1ba\x02\x1d!\x11big\n\x1b@plain\n${CUT}`);
    expect(slips.map(({ lines }) => lines)).toEqual([
      ["left", `${" ".repeat(22)}mid`, `${" ".repeat(42)}big`, "plain"],
    ]);
    expect(slips[0]?.rows).toHaveLength(30 + 30 + 48 + 30);
  });

  test("the same, however the bytes come apart", () => {
    for (const byte of `\x1ba\x01mid\n\x1bd\x02${CUT}`) feed(byte, 1);
    runFor(1000);
    expect(slips[0]?.lines).toEqual([`${" ".repeat(22)}mid`]);
    expect(slips[0]?.rows).toHaveLength(90);
  });

  test("each character dot for dot, in both fonts", () => {
    feed(`A\x1bM\x01B\x1bM\0\n${CUT}`);
    const rows = slips[0]?.rows ?? [];
    const of = (char: string, font: typeof FONT_A) => {
      const { dots } = glyphOf(char, font);
      return Array.from({ length: font.rows }, (_, y) => dots.subarray(y * font.columns, (y + 1) * font.columns));
    };
    expect(picture(rows.slice(0, 24), 0, 12)).toEqual(picture(of("A", FONT_A)));
    // Small ones stand on the same line.
    expect(picture(rows.slice(7, 24), 12, 21)).toEqual(picture(of("B", FONT_B)));
    expect(picture(rows.slice(24), 0, 21).join("")).not.toContain("#");
  });

  test("emphasis a dot wider, underline below, white on black turned over, twice as large twice as large", () => {
    feed(`I\n\x1bE\x01I\n\x1bE\0\x1b-\x02I\n\x1b-\0\x1dB\x01I\n\x1dB\0\x1d!\x11I\n${CUT}`);
    const rows = slips[0]?.rows ?? [];
    const cell = (line: number) => rows.slice(line * 30, line * 30 + 24).map((row) => [...row.subarray(0, 12)]);
    const plain = cell(0);
    expect(cell(1)).toEqual(plain.map((row) => row.map((dot, x) => (dot || row[x - 1] ? 1 : 0))));
    expect(cell(2)).toEqual(plain.map((row, y) => (y < 22 ? row : row.map(() => 1))));
    expect(cell(3)).toEqual(plain.map((row) => row.map((dot) => 1 - dot)));
    const large = rows.slice(120, 168).map((row) => [...row.subarray(0, 24)]);
    expect(large).toEqual(plain.flatMap((row) => [row, row]).map((row) => row.flatMap((dot) => [dot, dot])));
  });

  test("code pages and GBK", () => {
    feed(`\x82\x1bt\x13\xd5\n${CUT}`);
    open("80-gbk");
    feed(`\xc9\xcc\xbb\xa7\x1c.\x82\x1c&\xa3\xa4\n${CUT}`);
    expect(slips[0]?.lines).toEqual(["商户é￥"]);
    expect(picture(slips[0]?.rows ?? [], 84).join("")).not.toContain("#");
  });

  test("images, in the line and on their own", () => {
    feed(`a\x1b*\x21\x02\0\x80\0\x01\x01\0\x80b\n\x1dv0\0\x01\0\x02\0\xa5\x5a\x1dv0\x03\x01\0\x01\0\xa5${CUT}`);
    const rows = slips[0]?.rows ?? [];
    expect(picture(rows.slice(0, 24), 12, 14)).toEqual(
      Array.from({ length: 24 }, (_, y) => (y === 0 ? "#." : y === 7 || y === 16 ? ".#" : y === 23 ? "#." : "..")),
    );
    expect(picture(rows.slice(30, 32), 0, 9)).toEqual(["#.#..#.#.", ".#.##.#.."]);
    expect(picture(rows.slice(32), 0, 17)).toEqual(["##..##....##..##.", "##..##....##..##."]);
  });

  test("a full line, and no more than that", () => {
    feed(`${"x".repeat(48)}\n`);
    expect(() => feed("x".repeat(49))).toThrow("588 dots in a line of 576");
    open("58");
    expect(() => feed(`\x1d!\x10${"x".repeat(17)}\n`)).toThrow("408 dots in a line of 384");
  });

  test("at the speed of wire and head", () => {
    feed(`${"a\n".repeat(10)}`, 5 * LINE_MS + 2);
    expect(printer.hanging().lines).toHaveLength(6);
    runFor(60000);
    expect(printer.hanging().lines).toHaveLength(10);
  });
});

describe("says how it is", () => {
  const CASES: [Trouble | "low" | "out", string][] = [
    ["ok", "\x12\x12\x12\x12"],
    ["low", "\x12\x12\x12\x1e"],
    ["out", "\x1a\x32\x12\x7e"],
    ["cover", "\x1a\x16\x12\x12"],
    ["cutter", "\x1a\x52\x1a\x12"],
    ["broken", "\x1a\x52\x32\x12"],
    ["hot", "\x1a\x52\x52\x12"],
    ["unplugged", ""],
  ];
  test.each(CASES)("%s", (what, wanted) => {
    if (what === "low" || what === "out") printer.setPaper(what);
    else printer.setTrouble(what);
    feed([1, 2, 3, 4].map(ASK).join(""));
    expect(answers.map(([bytes]) => bytes).join("")).toBe(wanted);
  });

  test("at once, also while it prints, and even inside another command", () => {
    feed(`a\n${ASK(4)}\x1dv0\0\x03\0\x01\0${ASK(1)}${CONFIRM}`);
    expect(answers.map(([bytes]) => bytes)).toEqual(["\x12\x12", "\0"]);
    expect(answers[0]?.[1]).toBeLessThan(LINE_MS);
    expect(picture(printer.hanging().rows.slice(30), 0, 24)).toEqual(["...#.........#.........#"]);
  });

  test("in its turn when asked so: when all before it is on paper", () => {
    feed(`a\n\x1d!\x01b\n${CONFIRM}${CONFIRM}`);
    const [first, second] = answers.map(([, atMs]) => atMs);
    expect(first).toBeGreaterThanOrEqual(25 + 40);
    expect(second).toBeLessThan(25 + 40 + 10);
    printer.setPaper("low");
    feed(CONFIRM);
    expect(answers[2]?.[0]).toBe("\x03");
  });

  test("only as its model does", () => {
    for (const [model, wanted] of [
      ["58-status", "\x12"],
      ["58-mute", ""],
    ] as const) {
      open(model);
      feed(ASK(1) + CONFIRM);
      expect(answers.map(([bytes]) => bytes).join("")).toBe(wanted);
    }
  });
});

describe("trouble", () => {
  test("stops it; what came in waits, and comes out when it is over", () => {
    for (const trouble of ["cover", "hot", "broken"] as const) {
      open("80");
      feed("a\n");
      printer.setTrouble(trouble);
      feed("b\n");
      expect(printer.hanging().lines).toEqual(["a"]);
      printer.setTrouble("ok");
      runFor(1000);
      expect(printer.hanging().lines).toEqual(["a", "b"]);
    }
  });

  test("with the cutter is over when the terminal says so, and what waited is forgotten", () => {
    printer.setTrouble("cutter");
    feed("a\n\x10\x05\x02\x1b@b\n");
    expect(printer.trouble).toBe("ok");
    expect(printer.hanging().lines).toEqual(["b"]);
  });

  test("paper that ends tears the slip; what comes then is printed on the next roll", () => {
    feed("a\n");
    printer.setPaper("out");
    feed("b\n");
    expect(slips.map(({ lines }) => lines)).toEqual([["a"]]);
    printer.setPaper("ok");
    feed(`c\n${CUT}`);
    expect(slips.map(({ lines }) => lines)).toEqual([["a"], ["b", "c"]]);
  });

  test("unplugged it hears and says nothing, and has forgotten all but its paper", () => {
    feed("a\n\x1ba\x01half\x1b");
    printer.setTrouble("unplugged");
    feed(`x\n${ASK(1)}`);
    expect(answers).toEqual([]);
    printer.setTrouble("ok");
    feed("b\n");
    expect(printer.hanging().lines).toEqual(["a", "b"]);
  });

  test("unplugged after so many bytes", () => {
    for (let bytes = 0; bytes < 6; bytes++) {
      open("80");
      printer.unplugAfter(bytes);
      feed("a\nb\nc\nd\n");
      expect(printer.bytesHeard).toBe(0);
      expect(printer.hanging().lines).toEqual(bytes < 2 ? [] : ["a"]);
    }
  });

  test("unplugged but for its power it goes on where it was, and passes over what it does not know until ESC @", () => {
    printer.unplugAfter(3, true);
    feed("a\n\x1ba\x01b\n");
    printer.setTrouble("ok");
    feed("\x02c\n\x05");
    expect(printer.hanging().lines).toEqual(["a", "c"]);
    expect(() => feed("\x1b@\x05")).toThrow("byte 5 is no text");
  });

  test("what its buffer cannot hold is lost", () => {
    open("58-mute");
    printer.setPaper("out");
    feed("x".repeat(600));
    expect([printer.bytesWaiting, printer.bytesLost]).toEqual([512, 88]);
  });

  test("power goes: half a line and half a command do not stay, the paper does", () => {
    feed("a\n\x1ba\x01half\x1b");
    printer.reset();
    feed("b\n");
    expect(printer.hanging().lines).toEqual(["a", "b"]);
  });
});

describe("stops at", () => {
  test.each([
    ["an unknown ESC command", "\x1bZ", 'unknown command "\\u001bZ"'],
    ["an unknown GS command", "\x1dZ", "unknown command"],
    ["an unknown DLE command", "\x10\x14", "unknown command"],
    ["a code page that it lacks", "\x1bt\x02", "no code page 2"],
    ["double-byte text that it lacks", "\x1c&", "no double-byte text"],
    ["an image within a line", "a\x1dv0\0\x01\0\x01\0\xff", "an image within a line"],
    ["an image that is too wide", "\x1dv0\0\x49\0\x01\0" + "\xff".repeat(73), "an image of 584 dots"],
    ["a QR code without data", "\x1d(k\x03\x001Q0", "no QR code to print"],
    ["a barcode without its code set", "\x1dkI\x01a", "without {A, {B or {C"],
  ])("%s", (_, bytes, message) => {
    expect(() => feed(bytes)).toThrow(message);
  });

  test("a cut or a symbol that the model does not have", () => {
    open("58");
    expect(() => feed(CUT)).toThrow("there is no cutter");
    open("58-mute");
    expect(() => feed("\x1d(k\x03\x001Q0")).toThrow("draws no QR code");
    expect(() => feed("\x1dkI\x03{Ba")).toThrow("draws no Code 128");
  });

  test("every byte that is neither text nor begins a command", () => {
    for (let byte = 0; byte < 32; byte++) {
      if ([0x00, 0x0a, 0x0d, 0x10, 0x1b, 0x1c, 0x1d].includes(byte)) continue;
      open("80");
      expect(() => feed(String.fromCharCode(byte)), `byte ${byte}`).toThrow(`byte ${byte} is no text`);
    }
  });

  test("a model that nobody makes", () => {
    expect(() => open("99")).toThrow(`known are ${Object.keys(MODELS).join(", ")}`);
  });
});
