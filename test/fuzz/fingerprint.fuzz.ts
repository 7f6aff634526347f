/**
 * The fingerprint sensor under any answers, tasks and times: what it keeps is bounded, a timer always runs, every task ends in time, and
 * its end is the answer to the command that asks for it.
 */
import {
  cancelFinger,
  countFingers,
  deleteFinger,
  deleteFingers,
  enrolFinger,
  type Finger,
  FingerReport,
  matchFinger,
  onFingerBytes,
  onFingerTimer,
  openFinger,
  searchFinger,
} from "../../src/drivers/fingerprint";
import { type ClockBoard, clockBoard } from "./clock-board";
import { assert, bytes, mutated, noise, pick } from "./inputs";
import type { Random } from "./runner";

const TIMER = 1;
/** An enrolment with every answer as late as it may be, and what it may have to wait for first: setting up, and a light that goes out. */
const TASK_MS_MAX = 58_800 + 2_000 + 2_000;

/** What a command may be answered with, by its instruction code: bytes after the confirmation code. */
const ANSWER_BYTES: Record<number, number> = { 0x04: 4, 0x0f: 16, 0x1d: 2 };
/** The command before a report. */
const ASKED_BY: Record<number, string> = {
  [FingerReport.Matched]: "\x04",
  [FingerReport.NoMatch]: "\x04",
  [FingerReport.Enrolled]: "\x06",
  [FingerReport.Full]: "\x06",
  [FingerReport.Deleted]: "\x0c\x0d",
  [FingerReport.Counted]: "\x1d",
  [FingerReport.NotSame]: "\x05",
  [FingerReport.Again]: "\x01",
  [FingerReport.Lift]: "\x02",
  [FingerReport.Touched]: "\x02",
};
const NOT_AN_END: readonly FingerReport[] = [
  FingerReport.Ready,
  FingerReport.Lift,
  FingerReport.Again,
  FingerReport.Locked,
  FingerReport.Touched,
];

function answer(contents: string): string {
  const body = Buffer.from(`\x07\0${String.fromCharCode(contents.length + 2)}${contents}`, "latin1");
  const sum = body.reduce((total, byte) => total + byte, 0);
  return `\xef\x01\xff\xff\xff\xff${body.toString("latin1")}${String.fromCharCode((sum >> 8) & 255, sum & 255)}`;
}

class Bench {
  readonly board: ClockBoard = clockBoard();
  readonly finger: Finger;
  private askedMs: number | null = null;

  constructor(hasLight: boolean) {
    this.finger = openFinger(this.board, TIMER, "\0\0\0\0", hasLight);
  }

  /** The instruction code of the newest command. */
  command(): string {
    return this.board.written.charAt(9);
  }

  ask(task: () => void): void {
    // One at a time: what comes on top of another one takes the place of what waits.
    this.askedMs ??= this.board.nowMs();
    task();
    this.check();
  }

  cancel(): void {
    cancelFinger(this.finger);
    this.askedMs = null;
  }

  feed(text: string): void {
    const command = this.command();
    this.hear(onFingerBytes(this.finger, text), command);
    assert(this.finger.rest.length < 28, "memory", this.finger.rest.length);
    this.check();
  }

  runFor(delayMs: number): void {
    this.board.runFor(delayMs, () => {
      this.hear(onFingerTimer(this.finger), this.command());
      this.check();
    });
  }

  private hear(report: FingerReport, command: string): void {
    const asking = ASKED_BY[report];
    if (asking !== undefined) assert(asking.includes(command), "a report to another command", report, command);
    if (report !== FingerReport.None && !NOT_AN_END.includes(report)) this.askedMs = null;
    if (report === FingerReport.Locked) this.askedMs = null;
  }

  private check(): void {
    assert(this.board.isArmed(TIMER), "a timer always runs");
    // A task that replaced a waiting one, or was asked for in the middle of another, has that one's time as well.
    if (this.askedMs !== null) assert(this.board.nowMs() - this.askedMs <= 2 * TASK_MS_MAX, "a task ends in time");
  }
}

export function fuzz(random: Random): void {
  const bench = new Bench(random(2) === 0);
  const { finger } = bench;
  const tasks = [
    () => matchFinger(finger, random(2) === 0),
    () => enrolFinger(finger, random(300), random(2) === 0),
    () => deleteFinger(finger, random(300)),
    () => deleteFingers(finger),
    () => countFingers(finger),
  ];
  for (let events = random(24); events > 0; events--) {
    const fitting = ANSWER_BYTES[bench.command().charCodeAt(0)] ?? 0;
    const code =
      random(4) > 0
        ? "\0"
        : pick(random, ["\x02", "\x02", "\x07", "\x09", "\x0a", "\x0b", "\x13", "\x21", bytes(random, 1)]);
    const good = answer(code + (random(8) === 0 ? noise(random, 18) : bytes(random, fitting)));
    const kind = random(12);
    if (kind === 0) bench.ask(pick(random, tasks));
    else if (kind === 1) bench.runFor(pick(random, [1, 200, 500, 2000, 5000, 10_000]));
    else if (kind === 2) bench.feed(noise(random, 30));
    else if (kind === 3) bench.feed(mutated(random, good));
    else if (kind === 4) bench.feed(good + good);
    else if (kind === 6) searchFinger(finger);
    else if (kind === 5 && random(4) === 0) bench.cancel();
    else bench.feed(good);
  }
  bench.runFor(TASK_MS_MAX);
  assert(finger.task === 0 && finger.wanted === 0, "silence ends everything", finger.task, finger.wanted);
}
