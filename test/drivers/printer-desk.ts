/** The printer driver and its twin on one desk: what a job does, byte by byte, without an engine. */
import { Port } from "../../src/board/board";
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
import { plain } from "../../src/proto/plain";
import { qrSteps } from "../../src/proto/qr";
import { PrinterTwin, type Slip } from "../../src/sim/twins/printer";
import { Desk } from "./desk";

const TIMER = 7;
/** Longer than any job with all its waits. */
const JOB_MS_MAX = 120_000;

export class PrinterDesk extends Desk {
  readonly twin: PrinterTwin;
  readonly printer: Printer;
  readonly slips: Slip[] = [];
  readonly reports: PrinterReport[] = [];
  /** When the last report came. */
  reportedMs = 0;
  /** All bytes that went to the printer. */
  sent = "";

  constructor(profile = "58", glyph: Glyph = () => "", model = profile) {
    super();
    const twin = new PrinterTwin(
      {
        later: (delayMs, run) => void this.later(delayMs, run),
        say: (bytes) => this.say(Port.Printer, bytes),
        torn: (slip) => this.slips.push(slip),
      },
      model,
    );
    this.twin = twin;
    this.devices.set(Port.Printer, {
      feed: (bytes) => {
        this.sent += bytes;
        twin.feed(bytes);
      },
    });
    this.printer = openPrinter(this.board, TIMER, glyph, (text) => qrSteps(plain, text));
    this.onBytes = (_, bytes) => this.note(onPrinterBytes(this.printer, bytes));
    this.onTimer = () => this.note(onPrinterTimer(this.printer));
    startPrinter(this.printer, profile);
    this.runFor(3000);
    this.reports.splice(0);
  }

  /** True while the driver waits for time to pass: else nothing would ever end a job. */
  get isArmed(): boolean {
    return this.board.timers.has(TIMER);
  }

  /** Prints and gives the first report; throws when there is none. */
  job(lines: readonly string[], canStart = true): PrinterReport {
    this.reports.splice(0);
    print(this.printer, (index) => lines[index] ?? "", canStart);
    for (let waitedMs = 0; this.reports.length === 0 && waitedMs < JOB_MS_MAX; waitedMs += 250) this.runFor(250);
    const [report] = this.reports;
    if (report === undefined) throw new Error("the job has no end");
    this.runFor(2000);
    return report;
  }

  private note(report: PrinterReport): void {
    if (report === PrinterReport.None) return;
    this.reports.push(report);
    this.reportedMs = this.nowMs;
  }
}
