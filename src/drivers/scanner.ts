/**
 * Code scanner: a module of the GM65 kind, which sends the text of a bar or QR code and a tail.
 *
 * Part: Grow GM65 (GM60 and GM861 take the same commands)
 * Bus: UART, 9600 baud, 8N1
 * Document: GM65 Bar Code Reader Module User Manual 1.3, section 8 (serial port instruction)
 * Pins: TX, RX, 5 V, GND
 * Slowest: a scan without a code, SCAN_MS_MAX + TRIES * ANSWER_MS_MAX = 7.5 s
 *
 * A scan ends with Code, NoCode or Silent; what is thrown away in between is reported and the scan goes on. While nothing is asked the
 * settings are written again every POLL_MS, so a module that was unplugged is found missing in POLL_MS + 2 * TRIES * ANSWER_MS_MAX
 * and works again within POLL_MS of its return. Leaves out: text that is not ASCII, the module's own prefixes and code marks.
 */
import { type Board, Port } from "../board/board";
import { DONE, SET_MODE, SET_TAIL, TRIGGER_OFF, TRIGGER_ON } from "./scanner.table";

/** Longer texts are not kept: the longest payment QR code (EMV QRCPS) has 512 characters. */
export const CODE_BYTES_MAX = 512;
/** Section 8.2: the module gives up on a command after 400 ms. */
export const ANSWER_MS_MAX = 500;
const TRIES = 3;
/** A little more than the module's own time for one reading, 5 s (zone bit 0006). */
export const SCAN_MS_MAX = 6000;
/** Bytes of one text are 1 ms apart; a board may be 100 ms late with them. */
export const QUIET_MS = 200;
export const POLL_MS = 5000;
/** A code has to be out of sight for this long before it counts again. */
export const REPEAT_MS = 1000;

/** What ends a text: board data, since a module may be in use elsewhere too. */
export const enum Tail {
  /** Silence ends a text. */
  None = 0,
  Cr = 1,
  /** With or without a CR before it. */
  Lf = 2,
  CrLf = 3,
  Tab = 4,
}

export const enum ScannerReport {
  None = 0,
  /** `code` was read. */
  Code = 1,
  /** The scan's time is over. */
  NoCode = 2,
  /** The module does not answer. */
  Silent = 3,
  /** The module answers and is set up; after power-on, and again when it is back. */
  Ready = 4,
  /** A text longer than CODE_BYTES_MAX was thrown away whole. */
  Overlong = 5,
  /** A text without its tail was thrown away: half of a number may be another number. */
  Torn = 6,
  /** Bytes that are no text were thrown away. */
  Garbage = 7,
}

const enum Phase {
  Idle = 0,
  // An answer is awaited to:
  Mode = 1,
  Tail = 2,
  Trigger = 3,
  Stop = 4,
  /** The module is reading. */
  Scan = 5,
}

const enum Health {
  Unknown = 0,
  Ready = 1,
  Silent = 2,
}

export interface Scanner {
  board: Board;
  timer: number;
  quietTimer: number;
  tail: Tail;
  tailText: string;
  phase: Phase;
  health: Health;
  command: string;
  triesLeft: number;
  /** A scan was asked for and has not ended. */
  isWanted: boolean;
  wantedUntilMs: number;
  /** Bytes without a tail yet. */
  rest: string;
  /** The end of an overlong text is awaited. */
  isSkipping: boolean;
  /** The newest code, and when it was seen last. */
  code: string;
  seenMs: number;
}

const TAILS = ["", "\r", "\n", "\r\n", "\t"];

/** Sets the module up; `onScannerBytes` and `onScannerTimer` report Ready or Silent. The two timers are the driver's own. */
export function openScanner(board: Board, timer: number, quietTimer: number, tail: Tail): Scanner {
  const scanner: Scanner = {
    board: board,
    timer: timer,
    quietTimer: quietTimer,
    tail: tail,
    tailText: TAILS[tail],
    phase: Phase.Idle,
    health: Health.Unknown,
    command: "",
    triesLeft: 0,
    isWanted: false,
    wantedUntilMs: 0,
    rest: "",
    isSkipping: false,
    code: "",
    seenMs: -REPEAT_MS,
  };
  send(scanner, Phase.Mode, SET_MODE);
  return scanner;
}

/** Light on, until a code is read or SCAN_MS_MAX is over. */
export function startScan(scanner: Scanner): void {
  scanner.isWanted = true;
  scanner.wantedUntilMs = scanner.board.nowMs() + SCAN_MS_MAX;
  if (scanner.phase === Phase.Idle) send(scanner, Phase.Trigger, TRIGGER_ON);
}

/** Light off; no report. */
export function stopScan(scanner: Scanner): void {
  scanner.isWanted = false;
  if (scanner.phase === Phase.Trigger || scanner.phase === Phase.Scan) send(scanner, Phase.Stop, TRIGGER_OFF);
}

function send(scanner: Scanner, phase: Phase, command: string): void {
  scanner.phase = phase;
  scanner.command = command;
  scanner.triesLeft = TRIES;
  sendAgain(scanner);
}

function sendAgain(scanner: Scanner): void {
  scanner.triesLeft--;
  scanner.board.uart(Port.Scanner, scanner.command);
  scanner.board.timer(scanner.timer, ANSWER_MS_MAX);
}

/** Nothing is awaited from the module: what was asked for meanwhile begins now. */
function idle(scanner: Scanner): void {
  scanner.phase = Phase.Idle;
  if (scanner.isWanted) send(scanner, Phase.Trigger, TRIGGER_ON);
  else scanner.board.timer(scanner.timer, POLL_MS);
}

export function onScannerTimer(scanner: Scanner, timer: number): ScannerReport {
  if (timer === scanner.quietTimer) return onQuiet(scanner);
  if (scanner.phase === Phase.Idle) send(scanner, Phase.Mode, SET_MODE);
  else if (scanner.phase === Phase.Scan) return giveUp(scanner);
  else if (scanner.triesLeft === 0) return fail(scanner);
  else sendAgain(scanner);
  return ScannerReport.None;
}

function giveUp(scanner: Scanner): ScannerReport {
  scanner.isWanted = false;
  send(scanner, Phase.Stop, TRIGGER_OFF);
  return ScannerReport.NoCode;
}

function fail(scanner: Scanner): ScannerReport {
  const isNews = scanner.isWanted || scanner.health !== Health.Silent;
  scanner.health = Health.Silent;
  scanner.isWanted = false;
  idle(scanner);
  return isNews ? ScannerReport.Silent : ScannerReport.None;
}

/**
 * Bytes from the module. They may hold several texts: call again with "" until it gives None. Between calls at most
 * CODE_BYTES_MAX bytes and a tail are kept.
 */
export function onScannerBytes(scanner: Scanner, bytes: string): ScannerReport {
  scanner.rest += bytes;
  let report = takeAnswers(scanner);
  while (report === ScannerReport.None) {
    const end = scanner.tail === Tail.None ? -1 : scanner.rest.indexOf(scanner.tailText);
    if (end < 0) break;
    const text = scanner.rest.substr(0, end);
    scanner.rest = scanner.rest.substr(end + scanner.tailText.length);
    report = onText(scanner, text);
  }
  if (report === ScannerReport.None) report = limit(scanner);
  scanner.board.timer(scanner.quietTimer, scanner.rest !== "" || scanner.isSkipping ? QUIET_MS : -1);
  return report;
}

/** Answers stand between texts, never in one: a text has no NUL. */
function takeAnswers(scanner: Scanner): ScannerReport {
  let report: ScannerReport = ScannerReport.None;
  let at = scanner.rest.indexOf(DONE);
  while (at >= 0) {
    scanner.rest = scanner.rest.substr(0, at) + scanner.rest.substr(at + DONE.length);
    if (onDone(scanner)) report = ScannerReport.Ready;
    at = scanner.rest.indexOf(DONE);
  }
  return report;
}

/** True when the module has just become ready. */
function onDone(scanner: Scanner): boolean {
  const wasReady = scanner.health === Health.Ready;
  if (scanner.phase === Phase.Mode) {
    send(scanner, Phase.Tail, SET_TAIL.substr(scanner.tail * SET_MODE.length, SET_MODE.length));
  } else if (scanner.phase === Phase.Tail) {
    scanner.health = Health.Ready;
    idle(scanner);
    return !wasReady;
  } else if (scanner.phase === Phase.Trigger) {
    scanner.phase = Phase.Scan;
    const leftMs = scanner.wantedUntilMs - scanner.board.nowMs();
    scanner.board.timer(scanner.timer, leftMs > 0 ? leftMs : 0);
  } else if (scanner.phase === Phase.Stop) {
    idle(scanner);
  }
  return false;
}

/** No further byte came: what is there has no tail and will get none. */
function onQuiet(scanner: Scanner): ScannerReport {
  const text = scanner.rest;
  const isTorn = scanner.tail !== Tail.None && !scanner.isSkipping && text !== "";
  scanner.rest = "";
  if (isTorn) return drop(scanner, ScannerReport.Torn);
  return onText(scanner, text);
}

/** Keeps what is held below its bound. */
function limit(scanner: Scanner): ScannerReport {
  const tailBytes = scanner.tailText.length;
  if (scanner.rest.length < CODE_BYTES_MAX + (tailBytes > 0 ? tailBytes : 1)) return ScannerReport.None;
  const wasSkipping = scanner.isSkipping;
  scanner.isSkipping = true;
  // A tail of two bytes may be half here.
  scanner.rest = tailBytes > 1 ? scanner.rest.substr(scanner.rest.length - 1) : "";
  return wasSkipping ? ScannerReport.None : ScannerReport.Overlong;
}

function onText(scanner: Scanner, text: string): ScannerReport {
  const wasSkipping = scanner.isSkipping;
  scanner.isSkipping = false;
  if (wasSkipping) return drop(scanner, ScannerReport.None);
  if (text.length > CODE_BYTES_MAX) return drop(scanner, ScannerReport.Overlong);
  const code =
    scanner.tail === Tail.Lf && text.charAt(text.length - 1) === "\r" ? text.substr(0, text.length - 1) : text;
  if (code === "") return ScannerReport.None;
  return isText(code) ? onCode(scanner, code) : drop(scanner, ScannerReport.Garbage);
}

/** Printable ASCII, TAB, LF, CR, and GS, which parts the fields of a GS1 code. */
function isText(text: string): boolean {
  return !/[^ -~\t\n\r\x1d]/.test(text);
}

function onCode(scanner: Scanner, code: string): ScannerReport {
  const nowMs = scanner.board.nowMs();
  const isRepeat = code === scanner.code && nowMs - scanner.seenMs < REPEAT_MS;
  scanner.code = code;
  scanner.seenMs = nowMs;
  if (isRepeat) return drop(scanner, ScannerReport.None);
  scanner.isWanted = false;
  // The module has put its light out itself, unless this code is older than the command.
  if (scanner.phase === Phase.Scan) idle(scanner);
  else if (scanner.phase === Phase.Trigger) send(scanner, Phase.Stop, TRIGGER_OFF);
  return ScannerReport.Code;
}

/** The module has read something that is of no use, and its light is out: a scan goes on. */
function drop(scanner: Scanner, report: ScannerReport): ScannerReport {
  const isInTime = scanner.board.nowMs() < scanner.wantedUntilMs;
  if (scanner.phase === Phase.Scan && isInTime) send(scanner, Phase.Trigger, TRIGGER_ON);
  return report;
}
