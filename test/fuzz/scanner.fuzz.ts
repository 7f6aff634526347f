/**
 * The code scanner under any bytes, commands and times: what it keeps is bounded, a timer always runs, a code is a text that stood in
 * the stream, and a scan ends in time.
 */
import {
  CODE_BYTES_MAX,
  onScannerBytes,
  onScannerTimer,
  openScanner,
  type Scanner,
  ScannerReport,
  startScan,
  stopScan,
  type Tail,
} from "../../src/drivers/scanner";
import { DONE } from "../../src/drivers/scanner.table";
import { type ClockBoard, clockBoard } from "./clock-board";
import { assert, mutated, noise, pick } from "./inputs";
import type { Random } from "./runner";

const [TIMER, QUIET_TIMER] = [1, 2];
const ENDINGS = ["", "\r", "\n", "\r\n", "\t"];
/** SCAN_MS_MAX and three tries of 500 ms. */
const SCAN_MS_MAX = 7500;
const REPORTS_MAX = 2000;

class Bench {
  readonly board: ClockBoard = clockBoard();
  readonly scanner: Scanner;
  private stream = "";
  /** When the scan that is under way was asked for. */
  private askedMs: number | null = null;

  constructor(tail: Tail) {
    this.scanner = openScanner(this.board, TIMER, QUIET_TIMER, tail);
  }

  feed(bytes: string): void {
    this.stream += bytes;
    let report = onScannerBytes(this.scanner, bytes);
    for (let count = 0; report !== ScannerReport.None; count++) {
      assert(count < REPORTS_MAX, "reports without end");
      this.hear(report);
      report = onScannerBytes(this.scanner, "");
    }
    this.check();
  }

  start(): void {
    startScan(this.scanner);
    this.askedMs = this.board.nowMs();
  }

  stop(): void {
    stopScan(this.scanner);
    this.askedMs = null;
  }

  runFor(delayMs: number): void {
    this.board.runFor(delayMs, (timer) => {
      this.hear(onScannerTimer(this.scanner, timer));
      this.check();
    });
  }

  private hear(report: ScannerReport): void {
    const { Code, NoCode, Silent } = {
      Code: ScannerReport.Code,
      NoCode: ScannerReport.NoCode,
      Silent: ScannerReport.Silent,
    };
    if (report === Code) {
      const { code } = this.scanner;
      assert(code !== "" && code.length <= CODE_BYTES_MAX && /^[ -~\t\n\r\x1d]+$/.test(code), "a text", code);
      // An answer that stood in the middle was taken out.
      assert(this.stream.replaceAll(DONE, "").includes(code), "a text of the stream", code);
    }
    if (report === NoCode) assert(this.askedMs !== null, "no code without a scan");
    if (report === Code || report === NoCode || report === Silent) this.askedMs = null;
  }

  private check(): void {
    const { rest, isSkipping } = this.scanner;
    assert(rest.length <= CODE_BYTES_MAX + 1, "memory", rest.length);
    assert(this.board.isArmed(TIMER), "a timer always runs");
    assert(this.board.isArmed(QUIET_TIMER) || (rest === "" && !isSkipping), "silence is timed", rest);
    const leftMs = this.askedMs === null ? 0 : this.askedMs + SCAN_MS_MAX - this.board.nowMs();
    assert(leftMs >= 0, "a scan ends in time");
  }
}

export function fuzz(random: Random): void {
  const tail = random(ENDINGS.length);
  const bench = new Bench(tail);
  for (let events = random(16); events > 0; events--) {
    const kind = random(10);
    if (kind === 0) bench.start();
    else if (kind === 1) bench.stop();
    else if (kind === 2) bench.runFor(pick(random, [1, 30, 199, 200, 500, 999, 1000, 2000, 6000]));
    else if (kind === 3) bench.feed(noise(random, 20));
    else if (kind === 4) bench.feed("y".repeat(CODE_BYTES_MAX - 3 + random(8)) + pick(random, ENDINGS));
    else if (kind < 7) bench.feed(DONE);
    else if (kind < 9) bench.feed(pick(random, ["4006381333931", "A", "\x1d21 b\tc"]) + ENDINGS[tail]);
    else bench.feed(mutated(random, DONE + pick(random, ["4006381333931", "x".repeat(40)]) + ENDINGS[tail]));
  }
  bench.runFor(20_000);
}
