/** The printer driver and its twin on one desk, in virtual time: what a job does, byte by byte, without an engine. */
import { type Board, Port } from "../../src/board/board";
import type { Glyph } from "../../src/drivers/escpos";
import {
  onPrinterBytes,
  onPrinterTimer,
  openPrinter,
  print,
  type Printer,
  startPrinter,
} from "../../src/drivers/printer";
import { PrinterReport } from "../../src/drivers/status";
import { qrCode } from "../../src/proto/qrcode";
import { PrinterTwin, type Slip } from "../../src/sim/twins/printer";
import { fakeBoard } from "./fake-board";

const TIMER = 7;
/** Longer than any job with all its waits. */
const JOB_MS_MAX = 120_000;

interface Planned {
  atMs: number;
  run: () => void;
}

export class Desk {
  nowMs = 0;
  /** When the last job's end was reported. */
  endedMs = 0;
  readonly twin: PrinterTwin;
  readonly printer: Printer;
  readonly slips: Slip[] = [];
  readonly reports: PrinterReport[] = [];
  /** All bytes that went to the printer. */
  sent = "";
  private planned: Planned[] = [];
  private armed: Planned | null = null;

  constructor(profile = "58", glyph: Glyph = () => "", model = profile) {
    const board: Board = {
      ...fakeBoard(),
      timer: (_, delayMs) => this.arm(delayMs),
      uart: (port, text) => {
        if (port !== Port.Printer) throw new Error(`port ${port}`);
        this.sent += text;
        this.twin.feed(text);
      },
    };
    this.twin = new PrinterTwin(
      {
        later: (delayMs, run) => void this.plan(delayMs, run),
        say: (bytes) => this.note(onPrinterBytes(this.printer, bytes)),
        torn: (slip) => this.slips.push(slip),
      },
      model,
    );
    this.printer = openPrinter(board, TIMER, glyph, qrCode);
    startPrinter(this.printer, profile);
    this.runFor(3000);
    this.reports.splice(0);
  }

  plan(delayMs: number, run: () => void): Planned {
    const planned = { atMs: this.nowMs + delayMs, run };
    const at = this.planned.findIndex((each) => each.atMs > planned.atMs);
    this.planned.splice(at < 0 ? this.planned.length : at, 0, planned);
    return planned;
  }

  runFor(delayMs: number, isOver = () => false): void {
    const untilMs = this.nowMs + delayMs;
    for (let next = this.planned[0]; next && next.atMs <= untilMs; next = this.planned[0]) {
      this.planned.shift();
      this.nowMs = next.atMs;
      next.run();
      if (isOver()) return;
    }
    this.nowMs = untilMs;
  }

  /** True while the driver waits for time to pass: else nothing would ever end a job. */
  get isArmed(): boolean {
    return this.armed !== null;
  }

  /** Prints and gives the first report; throws when there is none. */
  job(lines: readonly string[], canStart = true): PrinterReport {
    this.reports.splice(0);
    print(this.printer, (index) => lines[index] ?? "", canStart);
    this.runFor(JOB_MS_MAX, () => this.reports.length > 0);
    const [report] = this.reports;
    if (report === undefined) throw new Error("the job has no end");
    this.endedMs = this.nowMs;
    this.runFor(2000);
    return report;
  }

  private arm(delayMs: number): void {
    if (this.armed) this.planned = this.planned.filter((each) => each !== this.armed);
    this.armed = null;
    if (delayMs < 0) return;
    this.armed = this.plan(delayMs, () => {
      this.armed = null;
      this.note(onPrinterTimer(this.printer));
    });
  }

  private note(report: PrinterReport): void {
    if (report !== PrinterReport.None) this.reports.push(report);
  }
}
