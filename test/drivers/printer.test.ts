/** The printer driver, byte by byte: it always knows where a job stopped, and never waits for ever. */
import { beforeEach, describe, expect, test } from "vitest";
import { Port } from "../../src/board/board";
import {
  ANSWER_MS,
  IDLE_MS,
  onPrinterBytes,
  onPrinterTimer,
  openPrinter,
  pollPrinter,
  print,
  type Printer,
  startPrinter,
} from "../../src/drivers/printer";
import { PrinterReport } from "../../src/drivers/status";
import { type FakeBoard, fakeBoard } from "./fake-board";

const TIMER = 7;
const ASK = "\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04";
/** A question on its own. */
const POLL = "\0".repeat(8) + ASK;
const FINE = "\x12\x12\x12\x12";
const SETUP = "\x1b@\x1c.\x1bt\0";
const CONFIRM = "\x1dr\x01";
const CONFIRMED = "\0";
const JOB = ["lone", "ltwo", "lthree"];
const lines = (index: number) => JOB[index] ?? "";
/** Answers to questions 1 to 4, by the tables of DLE EOT: as of a printer that stands still for that reason. */
const FAULTS = [
  { name: "cover open", answers: "\x1a\x16\x12\x12", report: PrinterReport.CoverOpen },
  { name: "cover open, no paper seen", answers: "\x1a\x36\x12\x7e", report: PrinterReport.CoverOpen },
  { name: "paper end", answers: "\x1a\x32\x12\x7e", report: PrinterReport.PaperOut },
  { name: "paper end, told by the sensor alone", answers: "\x12\x12\x12\x72", report: PrinterReport.PaperOut },
  { name: "cutter", answers: "\x1a\x52\x1a\x12", report: PrinterReport.CutterStuck },
  { name: "unrecoverable", answers: "\x1a\x52\x32\x12", report: PrinterReport.Broken },
  { name: "too hot", answers: "\x1a\x52\x52\x12", report: PrinterReport.TooHot },
] as const;

let board: FakeBoard;
let printer: Printer;

/** What went to the printer since the last call. */
function sent(): string {
  const bytes = board.written[Port.Printer] as string;
  board.written[Port.Printer] = "";
  return bytes;
}

function open(profile: string): void {
  board = fakeBoard();
  printer = openPrinter(
    board,
    TIMER,
    () => "",
    () => null,
  );
  startPrinter(printer, profile);
  onPrinterBytes(printer, FINE);
  sent();
}

beforeEach(() => open("58"));

const styled = (text: string) => `\x1ba\0\x1d!\0\x1bE\0\x1dB\0\x1bM\0${text}\n`;

test("a job: before each line a question, behind each line another; one line is ahead of what is printed", () => {
  print(printer, lines, true);
  expect(sent()).toBe(ASK + SETUP + CONFIRM);
  expect(onPrinterBytes(printer, FINE)).toBe(PrinterReport.None);
  expect(sent()).toBe(ASK + styled("one") + CONFIRM);
  onPrinterBytes(printer, FINE);
  expect(sent()).toBe("");
  onPrinterBytes(printer, CONFIRMED);
  expect(sent()).toBe(ASK + styled("two") + CONFIRM);
  onPrinterBytes(printer, FINE + CONFIRMED);
  expect(sent()).toBe(ASK + styled("three") + CONFIRM);
  onPrinterBytes(printer, FINE + CONFIRMED);
  expect(sent()).toBe(`${ASK}\x1bd\x04${CONFIRM}`);
  onPrinterBytes(printer, FINE + CONFIRMED);
  expect(sent()).toBe("");
  onPrinterBytes(printer, CONFIRMED);
  expect(sent()).toBe(POLL);
  expect(board.timers.get(TIMER)).toBe(ANSWER_MS);
  expect(onPrinterBytes(printer, FINE)).toBe(PrinterReport.Done);
  expect(board.timers.get(TIMER)).toBe(IDLE_MS);
});

test("a cutter cuts", () => {
  open("80");
  print(printer, () => "", true);
  expect(sent()).toContain("\x1b@\x1c.\x1bt\x13");
  onPrinterBytes(printer, FINE);
  expect(sent()).toBe(`${ASK}\x1bd\x04\x1dV\x01${CONFIRM}`);
});

/** Questions of a job: before the setup, before each line, before the end, and the last one. */
const QUESTIONS = JOB.length + 3;

function goTo(question: number): void {
  print(printer, lines, true);
  for (let i = 0; i < question; i++) onPrinterBytes(printer, FINE + CONFIRMED + (i === QUESTIONS - 2 ? CONFIRMED : ""));
  sent();
}

describe.each(Array.from({ length: QUESTIONS }, (_, index) => index))("at question %i", (question) => {
  beforeEach(() => goTo(question));

  test.each(FAULTS)("$name stops the job", ({ answers, report }) => {
    expect(onPrinterBytes(printer, answers)).toBe(report);
    expect(board.timers.get(TIMER)).toBe(IDLE_MS);
    expect(onPrinterBytes(printer, FINE + CONFIRMED)).toBe(PrinterReport.None);
    expect(sent()).toBe("");
    expect(printer.hasBegun).toBe(question > 0);
  });

  test("a fault is seen whatever pieces the answers come in", () => {
    for (const answer of "\x1a\x16\x12") expect(onPrinterBytes(printer, answer)).toBe(PrinterReport.None);
    expect(onPrinterBytes(printer, "\x12")).toBe(PrinterReport.CoverOpen);
  });

  test("silence ends after three questions", () => {
    expect(onPrinterTimer(printer)).toBe(PrinterReport.None);
    expect(onPrinterTimer(printer)).toBe(PrinterReport.None);
    expect(sent()).toBe(POLL + POLL);
    expect(onPrinterTimer(printer)).toBe(PrinterReport.Silent);
    expect(board.timers.has(TIMER)).toBe(true);
  });

  test("bytes that are no status are not an answer", () => {
    for (let byte = 0; byte < 256; byte++) {
      if ((byte & 0x93) !== 0x12 && byte > 0x1f) onPrinterBytes(printer, String.fromCharCode(byte).repeat(4));
    }
    expect(sent()).toBe("");
  });

  test("off-line without a reason is waited for while there is something to print", () => {
    const isLast = question === QUESTIONS - 1;
    expect(onPrinterBytes(printer, "\x1a\x1a\x12\x12")).toBe(isLast ? PrinterReport.Done : PrinterReport.None);
    expect(sent()).toBe("");
    expect(board.timers.has(TIMER)).toBe(true);
  });
});

test("a printer that answers and does not print is given up in the end", () => {
  print(printer, lines, true);
  onPrinterBytes(printer, FINE);
  let report: PrinterReport = PrinterReport.None;
  let turns = 0;
  for (; report === PrinterReport.None && turns < 100; turns++) {
    report = onPrinterTimer(printer);
    if (report === PrinterReport.None) report = onPrinterBytes(printer, FINE);
  }
  expect(report).toBe(PrinterReport.Silent);
  expect(turns * ANSWER_MS).toBe(10000);
});

test("such a printer is not printed on again by itself; one that was away is", () => {
  goTo(2);
  for (let report: PrinterReport = PrinterReport.None; report === PrinterReport.None;) {
    report = onPrinterTimer(printer);
    if (report === PrinterReport.None) report = onPrinterBytes(printer, FINE);
  }
  pollPrinter(printer);
  expect(onPrinterBytes(printer, FINE)).toBe(PrinterReport.None);
  for (let i = 0; i < 4; i++) expect(onPrinterTimer(printer)).toBe(PrinterReport.None);
  pollPrinter(printer);
  sent();
  expect(onPrinterBytes(printer, FINE)).toBe(PrinterReport.Able);
  expect(sent()).toMatch(/^\0+\x1b@\x1c\.\x1bt\0$/);
  goTo(2);
  for (let i = 0; i < 3; i++) onPrinterTimer(printer);
  pollPrinter(printer);
  expect(onPrinterBytes(printer, FINE)).toBe(PrinterReport.Able);
});

test("after silence the next job ends whatever was begun, and moves the scrap away", () => {
  goTo(2);
  for (let i = 0; i < 3; i++) onPrinterTimer(printer);
  sent();
  print(printer, lines, true);
  const begun = sent();
  expect(begun).toMatch(/\0{1024}\x1b@\x1c\.\x1bt\0\x1bd\x04\x1dr\x01$/);
});

test("XOFF holds the next line back until XON, and not for ever", () => {
  print(printer, lines, true);
  onPrinterBytes(printer, `\x13${FINE}`);
  expect(sent()).toBe(ASK + SETUP + CONFIRM);
  onPrinterBytes(printer, CONFIRMED);
  expect(sent()).toBe("");
  onPrinterBytes(printer, "\x11");
  expect(sent()).toBe(ASK + styled("one") + CONFIRM);
  onPrinterBytes(printer, "\x13");
  let report: PrinterReport = PrinterReport.None;
  for (let turns = 0; report === PrinterReport.None && turns < 100; turns++) {
    report = onPrinterTimer(printer);
    if (report === PrinterReport.None) report = onPrinterBytes(printer, FINE);
  }
  expect(report).toBe(PrinterReport.Silent);
});

describe("while idle", () => {
  test("it is asked again and again, and only news are told", () => {
    for (let i = 0; i < 3; i++) {
      expect(onPrinterTimer(printer)).toBe(PrinterReport.None);
      expect(sent()).toBe(POLL);
      expect(onPrinterBytes(printer, FINE)).toBe(PrinterReport.None);
      expect(board.timers.get(TIMER)).toBe(IDLE_MS);
    }
    for (const { answers, report } of FAULTS.filter((each, index) => each.report !== FAULTS[index - 1]?.report)) {
      onPrinterTimer(printer);
      expect(onPrinterBytes(printer, answers)).toBe(report);
      onPrinterTimer(printer);
      expect(onPrinterBytes(printer, answers)).toBe(PrinterReport.None);
    }
    sent();
    onPrinterTimer(printer);
    expect(onPrinterBytes(printer, FINE)).toBe(PrinterReport.Able);
    expect(sent()).toBe(POLL + SETUP);
  });

  test("near end is not out", () => {
    onPrinterTimer(printer);
    expect(onPrinterBytes(printer, "\x12\x12\x12\x1e")).toBe(PrinterReport.None);
    expect(printer.isPaperLow).toBe(true);
    onPrinterTimer(printer);
    onPrinterBytes(printer, FINE);
    expect(printer.isPaperLow).toBe(false);
  });

  test("nothing that comes unasked is an answer", () => {
    for (let byte = 0; byte < 256; byte++) {
      expect(onPrinterBytes(printer, String.fromCharCode(byte).repeat(9))).toBe(PrinterReport.None);
    }
    expect(sent()).toBe("");
  });

  test("a job waits for the answers that are on their way, and fails of what they say", () => {
    onPrinterTimer(printer);
    onPrinterBytes(printer, "\x12\x12");
    sent();
    print(printer, lines, true);
    expect(sent()).toBe("");
    onPrinterBytes(printer, "\x12\x12");
    expect(sent()).toBe(ASK + SETUP + CONFIRM);
    onPrinterBytes(printer, "\x1a\x16\x12\x12");
    onPrinterTimer(printer);
    print(printer, lines, true);
    expect(onPrinterBytes(printer, "\x1a\x16\x12\x12")).toBe(PrinterReport.CoverOpen);
  });
});

test("a second job does not begin within the first", () => {
  goTo(1);
  print(printer, () => "", true);
  onPrinterBytes(printer, FINE + CONFIRMED);
  expect(sent()).toContain("two");
});

test("a stuck cutter is told to recover when the next job begins", () => {
  goTo(2);
  onPrinterBytes(printer, "\x1a\x52\x1a\x12");
  sent();
  print(printer, lines, true);
  expect(sent().startsWith("\x10\x05\x02\x10\x04\x01")).toBe(true);
});

test("with a low battery no job begins, and that is said", () => {
  print(printer, lines, false);
  expect(sent()).toBe("");
  expect(board.timers.get(TIMER)).toBe(0);
  expect(onPrinterTimer(printer)).toBe(PrinterReport.BatteryLow);
  expect(printer.hasBegun).toBe(false);
  onPrinterTimer(printer);
  expect(onPrinterBytes(printer, FINE)).toBe(PrinterReport.None);
  expect(sent()).toBe(POLL);
});

test("a QR code that the printer does not draw is made in steps, a turn each, and then sent row by row", () => {
  open("58-status");
  let steps = 3;
  printer.qrMaker = () => () => (steps-- > 0 ? "" : "\x01\xef\xff\xff\xff\xff\xff\xff\xff");
  print(printer, (index) => (index === 0 ? "qA" : ""), true);
  onPrinterBytes(printer, FINE);
  sent();
  onPrinterTimer(printer);
  for (let i = 0; i < 3; i++) {
    expect(board.timers.get(TIMER)).toBe(0);
    onPrinterTimer(printer);
    expect(sent()).toBe("");
  }
  onPrinterTimer(printer);
  expect(sent()).toBe(`${ASK}\x1bd\x01`);
  onPrinterBytes(printer, FINE);
  onPrinterTimer(printer);
  // One module of six dots in the middle of 384.
  const row = `${"\0".repeat(23)}\x07\xe0${"\0".repeat(23)}`;
  expect(sent()).toBe(`${ASK}\x1dv0\0\x30\0\x06\0${row.repeat(6)}`);
});

test("a printer that says nothing gets the time that each line takes on the wire and under the head", () => {
  open("58-mute");
  print(printer, lines, true);
  expect(sent()).toBe(SETUP);
  // 7 bytes at 960 a second.
  expect(board.timers.get(TIMER)).toBe(8);
  onPrinterTimer(printer);
  expect(sent()).toBe(styled("one"));
  // 19 bytes, and one line of at most 48 rows at 400 a second.
  expect(board.timers.get(TIMER)).toBe(Math.floor(19 / 0.96 + 120 + 1));
  onPrinterTimer(printer);
  onPrinterTimer(printer);
  expect(onPrinterTimer(printer)).toBe(PrinterReport.None);
  expect(sent()).toBe(`${styled("two")}${styled("three")}\x1bd\x04`);
  expect(onPrinterTimer(printer)).toBe(PrinterReport.Done);
  expect(board.timers.has(TIMER)).toBe(false);
});

test("one that only says how it is gets that time too, and is asked once more at the end", () => {
  open("58-status");
  print(printer, () => "", true);
  onPrinterBytes(printer, FINE);
  expect(sent()).toBe(ASK + SETUP);
  onPrinterTimer(printer);
  expect(sent()).toBe(`${ASK}\x1bd\x04`);
  onPrinterTimer(printer);
  onPrinterBytes(printer, FINE);
  expect(sent()).toBe(POLL);
  expect(onPrinterBytes(printer, "\x12\x12\x12\x72")).toBe(PrinterReport.PaperOut);
});
