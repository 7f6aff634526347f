/**
 * The printer under anything. Driver: any answers at any time, always a timer while something is awaited, "done" only after every line,
 * and an end to every job. Twin: any bytes are printed, passed over or refused in its own words, whatever they follow.
 */
import {
  onPrinterBytes,
  onPrinterTimer,
  openPrinter,
  pollPrinter,
  print,
  startPrinter,
} from "../../src/drivers/printer";
import type { QrMaker } from "../../src/drivers/slip";
import { PrinterReport } from "../../src/drivers/status";
import { PrinterError } from "../../src/sim/twins/commands";
import { PrinterTwin } from "../../src/sim/twins/printer";
import { type ClockBoard, clockBoard } from "./clock-board";
import { assert, bytes, mutated, noise, pick } from "./inputs";
import type { Random } from "./runner";

const TIMER = 2;
const LINES_MAX = 6;
/** Three questions of 500 ms; a printer that gives no sign gets the time of its lines. */
const SILENT_MS_MAX = 1500;
const MUTE_MS_MAX = 40_000;
const PROFILES = ["58", "58", "80", "58-gbk", "58-status", "58-mute"];
const FINE = "\x12\x12\x12\x12";
const ANSWERS = [
  FINE,
  FINE,
  FINE,
  "\0",
  "\0\0",
  `${FINE}\0`,
  "\x12",
  "\x03",
  "\x1a\x16\x12\x12",
  "\x12\x12\x12\x72",
  "\x13",
  "\x11",
];
const LINES = ["labc|def", "Lx", "-", "f2", "qREF 1", "k123456", "i", "s\xe2\x82\xac", "l\x1b\x10\x04\x01", "x"];

/** A symbol of one module, in a few steps. */
const makeQr: QrMaker = (text) => {
  let stepsLeft = 3;
  return text.length < 100 ? () => (stepsLeft-- > 0 ? "" : "\x01\xef\xff\xff\xff\xff\xff\xff\xff") : null;
};

export function fuzz(random: Random): void {
  if (random(16) === 0) fuzzTwin(random);
  else fuzzDriver(random);
}

class Bench {
  readonly board: ClockBoard = clockBoard();
  readonly printer = openPrinter(this.board, TIMER, () => "", makeQr);
  readonly isMute: boolean;
  lineCount = 0;
  /** Lines that the driver has asked for, the end counted. */
  asked = 0;
  isPrinting = false;

  constructor(profile: string) {
    this.isMute = profile === "58-mute";
    startPrinter(this.printer, profile);
  }

  hear(report: PrinterReport): void {
    if (report === PrinterReport.Done) {
      assert(this.isPrinting, "done without a job");
      assert(this.asked === this.lineCount + 1, "done after every line and the end", this.asked);
    }
    if (report !== PrinterReport.None && report !== PrinterReport.Able) this.isPrinting = false;
    assert(report !== PrinterReport.Able || !this.isPrinting, "able within a job");
    assert(this.board.isArmed(TIMER) || (this.isMute && !this.isPrinting), "a timer while something is awaited");
    assert(this.printer.hasBegun || !this.isPrinting || this.asked === 0, "begun when a line was taken");
  }

  print(random: Random): void {
    if (this.isPrinting) return;
    this.lineCount = random(LINES_MAX);
    this.asked = 0;
    this.isPrinting = true;
    const job = Array.from({ length: this.lineCount }, () => pick(random, LINES));
    print(
      this.printer,
      (index) => {
        this.asked = index + 1;
        return job[index] ?? "";
      },
      random(8) !== 0,
    );
  }

  runFor(delayMs: number): void {
    this.board.runFor(delayMs, () => this.hear(onPrinterTimer(this.printer)));
  }
}

function fuzzDriver(random: Random): void {
  const bench = new Bench(pick(random, PROFILES));
  for (let events = random(30); events > 0; events--) {
    const kind = random(10);
    if (kind === 0) bench.print(random);
    else if (kind === 1) pollPrinter(bench.printer);
    else if (kind === 2) bench.runFor(random(600));
    else bench.hear(onPrinterBytes(bench.printer, random(6) === 0 ? noise(random, 9) : pick(random, ANSWERS)));
  }
  bench.runFor(bench.isMute ? MUTE_MS_MAX : SILENT_MS_MAX);
  // One that only says how it is has the time of one line more.
  for (let waits = 0; bench.isPrinting && waits < 4; waits++) bench.runFor(SILENT_MS_MAX);
  assert(!bench.isPrinting, "silence ends everything");
}

const GOOD =
  "\x1b@\x1c.\x1bt\0\x1ba\x01\x1d!\x11\x1bE\x01\x1dB\0\x1bM\0AB\n\x1b*\x21\x02\0abcdef\n\x1dv0\0\x01\0\x02\0xy\x1bd\x02\x10\x04\x01\x1dr\x01";
const MODEL_NAMES = ["58", "58", "58", "80", "80", "58-mute", "80-gbk"];

function fuzzTwin(random: Random): void {
  const due: (() => void)[] = [];
  const run = () => {
    for (let steps = 0; due.length > 0; steps++) {
      assert(steps < 2000, "work without end");
      due.shift()?.();
    }
  };
  let answers = "";
  const twin = new PrinterTwin(
    {
      later: (_, each) => void due.push(each),
      say: (text) => {
        answers += text;
      },
      torn: () => undefined,
    },
    pick(random, MODEL_NAMES),
  );
  for (let writes = random(4) + 1; writes > 0; writes--) {
    try {
      if (random(4) === 0) twin.setTrouble(pick(random, ["ok", "cover", "cutter", "unplugged"]));
      if (random(8) === 0) twin.unplugAfter(random(20), random(2) === 0);
      twin.feed(random(3) === 0 ? bytes(random, random(24)) : mutated(random, GOOD));
      run();
    } catch (error) {
      if (!(error instanceof PrinterError)) throw error;
      due.splice(0);
    }
  }
  for (const answer of answers)
    assert("\0\x03\x12\x16\x1a\x1e\x32\x52\x7e".includes(answer), "an answer of its kind", answer);
}
