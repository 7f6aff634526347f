/** The printer twin: what ESC/POS puts on paper, the status it gives, and that it stops at whatever the printer does not know. */
import { beforeEach, describe, expect, test } from "vitest";
import {
  PAPER_COLUMNS,
  PAPER_DOTS,
  type PrintedLine,
  PrinterTwin,
  slipDots,
  slipText,
} from "../../src/sim/twins/printer";

let printer: PrinterTwin;
let slips: PrintedLine[][];
let answers: [string, number][];
beforeEach(() => {
  slips = [];
  answers = [];
  printer = new PrinterTwin(
    (bytes, printMs) => answers.push([bytes, printMs]),
    (lines) => slips.push(lines),
  );
});

const CUT = "\x1dV\x01";
const ASK = "\x10\x04\x04";

describe("prints", () => {
  test("lines where and as large as they are set, until they are set otherwise", () => {
    printer.feed(`left\n\x1ba\x01mid\n\x1ba\x02\x1d!\x11big\n\x1b@plain\n${CUT}`);
    expect(slips).toEqual([
      [
        { text: "left", align: "left", wide: 1, high: 1 },
        { text: "mid", align: "centre", wide: 1, high: 1 },
        { text: "big", align: "right", wide: 2, high: 2 },
        { text: "plain", align: "left", wide: 1, high: 1 },
      ],
    ]);
    const text = ["left", `${" ".repeat(14)}mid`, `${" ".repeat(26)}big`, "plain"];
    expect(slips.map(slipText)).toEqual([text]);
  });

  test("the same, however the bytes come apart", () => {
    for (const byte of `\x1ba\x01mid\n\x1bd\x02${CUT}`) printer.feed(byte);
    expect(slips).toMatchObject([[{ text: "mid", align: "centre" }, { text: "" }, { text: "" }]]);
  });

  test("a full line, and no more than that", () => {
    printer.feed(`${"x".repeat(PAPER_COLUMNS)}\n`);
    expect(() => printer.feed(`${"x".repeat(PAPER_COLUMNS + 1)}\n`)).toThrow("33 characters in 32 columns");
    expect(() => printer.feed(`\x1d!\x10${"x".repeat(17)}\n`)).toThrow("17 characters in 16 columns");
  });

  test("dots in the middle for a line in the middle", () => {
    const dots = slipDots([{ text: "HH", align: "centre", wide: 2, high: 1 }]);
    const inked = dots.flatMap((row) => [...row.keys()].filter((x) => row[x]));
    expect(dots.every((row) => row.length === PAPER_DOTS)).toBe(true);
    expect(Math.min(...inked)).toBeGreaterThanOrEqual((PAPER_DOTS - 48) / 2);
    expect(Math.max(...inked)).toBeLessThan((PAPER_DOTS + 48) / 2);
  });
});

describe("says how it is", () => {
  test.each([
    ["ok", "\x12"],
    ["low", "\x1e"],
    ["out", "\x7e"],
  ] as const)("paper %s", (paper, status) => {
    printer.setPaper(paper);
    printer.feed(ASK);
    expect(answers).toEqual([[status, 0]]);
  });

  test("when the lines before are on paper", () => {
    printer.feed(`a\n\x1d!\x01b\n${ASK}${ASK}`);
    expect(answers).toEqual([
      ["\x12", 3 * 62],
      ["\x12", 0],
    ]);
  });

  test("not at all when it is unplugged", () => {
    printer.isPlugged = false;
    printer.feed(`a\n${ASK}\0`);
    expect([answers, printer.hanging()]).toEqual([[], []]);
  });
});

describe("paper", () => {
  test("that ends tears the slip; what comes then is not printed", () => {
    printer.feed("a\n");
    printer.setPaper("out");
    printer.feed("b\n");
    printer.setPaper("ok");
    printer.feed(`c\n${CUT}`);
    expect(slips.map(slipText)).toEqual([["a"], ["c"]]);
  });

  test("stays through a power cut, half a line and half a command do not", () => {
    printer.feed("a\n\x1ba\x01half\x1b");
    printer.reset();
    printer.feed("b\n");
    expect(printer.hanging()).toMatchObject([{ text: "a" }, { text: "b", align: "left" }]);
  });
});

describe("stops at", () => {
  test.each([
    ["an unknown ESC command", "\x1b3", 'unknown command "\\u001b3"'],
    ["an unknown GS command", "\x1dk", "unknown command"],
    ["an unknown DLE command", "\x10\x14", "unknown command"],
    ["another status", "\x10\x04\x01", "status 1 is not simulated"],
  ])("%s", (_, bytes, message) => {
    expect(() => printer.feed(bytes)).toThrow(message);
  });

  test("every byte that is neither text nor begins a command", () => {
    for (let byte = 0; byte < 256; byte++) {
      if ([0x0a, 0x10, 0x1b, 0x1d].includes(byte) || (byte >= 32 && byte < 127)) continue;
      expect(() => printer.feed(String.fromCharCode(byte)), `byte ${byte}`).toThrow(`byte ${byte} is neither text`);
    }
  });
});
