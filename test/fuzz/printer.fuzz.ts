/** The printer driver under any answers: always a job or a question with a timer, or rest without one; and it always ends. */
import {
  onPrinterBytes,
  onPrinterTimer,
  openPrinter,
  pollPrinter,
  print,
  PrinterReport,
} from "../../src/drivers/printer";
import { clockBoard } from "./clock-board";
import { assert, noise, pick } from "./inputs";
import type { Random } from "./runner";

const TIMER = 2;
const LINES_MAX = 6;
/** Three tries of 500 ms. */
const SILENT_MS_MAX = 1500;

export function fuzz(random: Random): void {
  const board = clockBoard();
  const printer = openPrinter(board, TIMER);
  const lineCount = random(LINES_MAX);
  let isBusy = false;
  let asked = 0;
  const hear = (report: PrinterReport) => {
    if (report !== PrinterReport.None) {
      assert(isBusy, "a report that nobody asked for", report);
      if (report === PrinterReport.Done) assert(asked === lineCount + 1, "done after every line and the end", asked);
      isBusy = false;
    }
    assert(board.isArmed(TIMER) === isBusy, "a timer while something is awaited", isBusy);
  };
  for (let events = random(20); events > 0; events--) {
    const kind = random(8);
    if (kind === 0) {
      asked = 0;
      isBusy = true;
      print(printer, (index) => {
        asked = index + 1;
        return index < lineCount ? `l${index}` : "";
      });
    } else if (kind === 1) {
      isBusy = true;
      pollPrinter(printer);
    } else if (kind === 2) {
      board.runFor(random(600), () => hear(onPrinterTimer(printer)));
    } else {
      hear(onPrinterBytes(printer, pick(random, ["\x12", "\x12", "\x1e", "\x72", "\x12\x12", "", noise(random, 9)])));
    }
  }
  board.runFor(SILENT_MS_MAX, () => hear(onPrinterTimer(printer)));
  assert(!isBusy, "silence ends everything");
}
