/**
 * Thermal receipt printer, ESC/POS: ESC @ initialise, ESC a justify, GS ! character size, ESC d feed, GS V cut, DLE EOT 4 paper
 * sensor status. One line at a time, and between two lines the printer is asked whether it can still print, so that a job always
 * knows where it stopped. Every wait ends after TRIES * ANSWER_MS_MAX.
 *
 * Part: 58 mm thermal printer, ESC/POS
 * Bus: UART
 * Document: Epson ESC/POS Application Programming Guide
 * Pins: TX, RX, 5 to 9 V, GND
 * Slowest: a question nobody answers, TRIES * ANSWER_MS_MAX = 1.5 s
 */
import { type Board, Port } from "../board/board";

/** DLE EOT is answered at once, also off-line; three tries cover noise on the wire. */
export const ANSWER_MS_MAX = 500;
const TRIES = 3;

const INITIALISE = "\x1b@";
const FEED_AND_CUT = "\x1bd\x04\x1dV\x01";
const ASK_PAPER = "\x10\x04\x04";
/** Bits 0, 1, 4 and 7 of a status byte are fixed: 0, 1, 1, 0. Else it is no status. */
const FIXED_MASK = 0x93;
const FIXED_BITS = 0x12;
/** Bits 5 and 6: paper end. */
const PAPER_END = 0x60;

export const enum PrinterReport {
  None = 0,
  /** The job is on paper. */
  Done = 1,
  /** Asked, and able to print. */
  Able = 2,
  PaperOut = 3,
  Silent = 4,
}

const enum Phase {
  Idle = 0,
  /** Asked without a job. */
  Poll = 1,
  /** Asked before the next line. */
  Lines = 2,
  /** Asked after the cut. */
  End = 3,
}

/** Gives line `index` of a job, its style in front (`l` left, `c` centred, `L` large and centred); "" after the last. */
export type Lines = (index: number) => string;

export interface Printer {
  board: Board;
  timer: number;
  phase: Phase;
  lines: Lines | null;
  /** The next line to send. */
  index: number;
  triesLeft: number;
}

export function openPrinter(board: Board, timer: number): Printer {
  return { board: board, timer: timer, phase: Phase.Idle, lines: null, index: 0, triesLeft: 0 };
}

/** Begins a job from its first line. `onPrinterBytes` and `onPrinterTimer` report how it ends. */
export function print(printer: Printer, lines: Lines): void {
  printer.lines = lines;
  printer.index = 0;
  printer.phase = Phase.Lines;
  ask(printer, INITIALISE);
}

/** Asks whether the printer can print. */
export function pollPrinter(printer: Printer): void {
  printer.phase = Phase.Poll;
  ask(printer, "");
}

function ask(printer: Printer, bytesBefore: string): void {
  printer.triesLeft = TRIES;
  askAgain(printer, bytesBefore);
}

function askAgain(printer: Printer, bytesBefore: string): void {
  printer.triesLeft--;
  printer.board.uart(Port.Printer, bytesBefore + ASK_PAPER);
  printer.board.timer(printer.timer, ANSWER_MS_MAX);
}

function stop(printer: Printer, report: PrinterReport): PrinterReport {
  printer.phase = Phase.Idle;
  printer.lines = null;
  printer.board.timer(printer.timer, -1);
  return report;
}

export function onPrinterTimer(printer: Printer): PrinterReport {
  if (printer.triesLeft === 0) return stop(printer, PrinterReport.Silent);
  askAgain(printer, "");
  return PrinterReport.None;
}

/** Bytes from the printer. Only the last one can be the answer to what is asked now. */
export function onPrinterBytes(printer: Printer, bytes: string): PrinterReport {
  const status = bytes.charCodeAt(bytes.length - 1);
  if (printer.phase === Phase.Idle || (status & FIXED_MASK) !== FIXED_BITS) return PrinterReport.None;
  if (status & PAPER_END) return stop(printer, PrinterReport.PaperOut);
  if (printer.phase === Phase.Poll) return stop(printer, PrinterReport.Able);
  if (printer.phase === Phase.End) return stop(printer, PrinterReport.Done);
  const line = printer.lines ? printer.lines(printer.index) : "";
  printer.index++;
  if (line === "") printer.phase = Phase.End;
  ask(printer, line === "" ? FEED_AND_CUT : styled(line));
  return PrinterReport.None;
}

/** The bytes of a line: ESC a n, GS ! n, text, LF. */
function styled(line: string): string {
  const style = line.charAt(0);
  const justify = style === "l" ? "\0" : "\x01";
  const size = style === "L" ? "\x11" : "\0";
  return "\x1ba" + justify + "\x1d!" + size + line.substr(1) + "\n";
}
