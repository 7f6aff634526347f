/** The printer driver, byte by byte: it always knows where a job stopped, and never waits for ever. */
import { beforeEach, describe, expect, test } from "vitest";
import { Port } from "../../src/board/board";
import {
  onPrinterBytes,
  onPrinterTimer,
  openPrinter,
  pollPrinter,
  print,
  type Printer,
  PrinterReport,
} from "../../src/drivers/printer";
import { type PrintedLine, PrinterTwin, slipText } from "../../src/sim/twins/printer";
import { type FakeBoard, fakeBoard } from "./fake-board";

const TIMER = 7;
const OK = "\x12";
const JOB = ["LSHOP", "lleft", "ccentre"];
const lines = (index: number) => JOB[index] ?? "";

let board: FakeBoard;
let printer: Printer;
beforeEach(() => {
  board = fakeBoard();
  printer = openPrinter(board, TIMER);
});

/** What went to the printer since the last call. */
function sent(): string {
  const bytes = board.written[Port.Printer] as string;
  board.written[Port.Printer] = "";
  return bytes;
}

test("a job is a question, then a line and a question each, then the cut and a question", () => {
  print(printer, lines);
  expect(sent()).toBe("\x1b@\x10\x04\x04");
  expect(onPrinterBytes(printer, OK)).toBe(PrinterReport.None);
  expect(sent()).toBe("\x1ba\x01\x1d!\x11SHOP\n\x10\x04\x04");
  onPrinterBytes(printer, OK);
  expect(sent()).toBe("\x1ba\x00\x1d!\x00left\n\x10\x04\x04");
  onPrinterBytes(printer, OK);
  expect(sent()).toBe("\x1ba\x01\x1d!\x00centre\n\x10\x04\x04");
  onPrinterBytes(printer, OK);
  expect(sent()).toBe("\x1bd\x04\x1dV\x01\x10\x04\x04");
  expect(board.timers.has(TIMER)).toBe(true);
  expect(onPrinterBytes(printer, OK)).toBe(PrinterReport.Done);
  expect(board.timers.has(TIMER)).toBe(false);
});

describe.each(JOB.map((_, index) => index).concat(JOB.length, JOB.length + 1))("at question %i", (question) => {
  beforeEach(() => {
    print(printer, lines);
    for (let i = 0; i < question; i++) onPrinterBytes(printer, OK);
    sent();
  });

  test("paper end stops the job", () => {
    expect(onPrinterBytes(printer, "\x72")).toBe(PrinterReport.PaperOut);
    expect(board.timers.has(TIMER)).toBe(false);
    expect(onPrinterBytes(printer, OK)).toBe(PrinterReport.None);
    expect(sent()).toBe("");
  });

  test("silence ends after three questions", () => {
    expect(onPrinterTimer(printer)).toBe(PrinterReport.None);
    expect(onPrinterTimer(printer)).toBe(PrinterReport.None);
    expect(sent()).toBe("\x10\x04\x04\x10\x04\x04");
    expect(onPrinterTimer(printer)).toBe(PrinterReport.Silent);
  });

  test("bytes that are no status are not an answer", () => {
    for (let byte = 0; byte < 256; byte++) {
      if ((byte & 0x93) !== 0x12) expect(onPrinterBytes(printer, String.fromCharCode(byte))).toBe(PrinterReport.None);
    }
    expect(sent()).toBe("");
  });
});

test("near end is not out", () => {
  pollPrinter(printer);
  expect(onPrinterBytes(printer, "\x1e")).toBe(PrinterReport.Able);
});

test("nothing that comes unasked is an answer", () => {
  expect(onPrinterBytes(printer, OK)).toBe(PrinterReport.None);
  expect(onPrinterBytes(printer, "\x72")).toBe(PrinterReport.None);
});

test("the twin prints what was meant", () => {
  const slips: (readonly PrintedLine[])[] = [];
  const answers: string[] = [];
  const twin = new PrinterTwin(
    (bytes) => answers.push(bytes),
    (slip) => slips.push(slip),
  );
  print(printer, lines);
  for (let report: PrinterReport = PrinterReport.None; report === PrinterReport.None;) {
    twin.feed(sent());
    report = onPrinterBytes(printer, answers.shift() ?? "");
  }
  expect(slips.map(slipText)).toEqual([["            SHOP", "left", "             centre"]]);
  expect(slips[0]?.[0]).toEqual({ text: "SHOP", align: "centre", wide: 2, high: 2 });
});
