/**
 * Thermal receipt printer over a UART, ESC/POS (Epson, "ESC/POS Command Reference"). Between two lines it is asked how it is (DLE EOT
 * 1 to 4, answered at once), and behind each line whether it has come that far (GS r 1, answered in its turn): one line prints
 * while the next one waits, and no more, so a job knows where it stopped and no buffer overflows. XOFF holds the next line
 * back until XON. Printers that do not say how far they are get the time that the line takes.
 *
 * A fault ends the job with its name; who gave the job prints it again from its first line. While idle the printer is asked every
 * IDLE_MS, and set up anew when it comes back. Every wait ends: silence after (1 + RETRIES) * ANSWER_MS, no headway after
 * HEADWAY_TRIES * ANSWER_MS.
 *
 * Part: 58 or 80 mm thermal printer, ESC/POS
 * Bus: UART
 * Document: Epson ESC/POS Command Reference
 * Pins: TX, RX, 5 to 24 V, GND
 * Slowest: a line that does not come out of a printer that answers, HEADWAY_TRIES * ANSWER_MS = 10 s
 */
import { type Board, Port } from "../board/board";
import type { Glyph } from "./escpos";
import { endBytes, openProfile, paceMs, type Profile, setupBytes } from "./profile";
import type { Lines, QrMaker, Slip } from "./slip";
import { slipPart } from "./slip.lazy";
import { faultOf, isConfirmation, isStatus, PrinterReport, Say } from "./status";

/** DLE EOT is answered at once, also off-line; three questions cover noise on the wire. */
export const ANSWER_MS = 500;
const RETRIES = 2;
/** A printer that answers but does not print on for so long has lost a line. */
const HEADWAY_TRIES = 20;
export const IDLE_MS = 10000;
/** One line is being printed, one waits. */
const WINDOW = 2;
/** Answers to `Say.Ask`. */
const ASK_COUNT = 4;
const XON = 0x11;
const XOFF = 0x13;

const enum Phase {
  Idle = 0,
  /** Asked without a job. */
  Poll = 1,
  Job = 2,
  /** All is on paper, as it seems: asked for the last time. */
  LastAsked = 3,
  /** The job is refused before it began. */
  Refused = 4,
}

export interface Printer {
  board: Board;
  timer: number;
  profile: Profile;
  glyph: Glyph;
  qrMaker: QrMaker;
  /** The job that waits or is under way. */
  slip: Slip | null;
  /** Something of the last job may be on paper. */
  hasBegun: boolean;
  phase: Phase;
  /** Pieces that went out and are not confirmed. */
  ahead: number;
  /** Answers to the last question so far, and what they say. */
  answers: number;
  fault: PrinterReport;
  isOffline: boolean;
  isHeld: boolean;
  triesLeft: number;
  headwayLeft: number;
  /** How it was when it was last heard of: Able or a fault. */
  health: PrinterReport;
  isPaperLow: boolean;
  /** It answered and did not print on: that it answers does not show that it can print. */
  isSuspect: boolean;
  /** A part of a slip hangs in the printer, or comes out of its buffer when it goes on. */
  hasScrap: boolean;
}

/** For a `Glyph` that has none: what the printer lacks is printed as `?`. */
export const noGlyph = () => "";

export function openPrinter(board: Board, timer: number, glyph: Glyph, qrMaker: QrMaker): Printer {
  return {
    board: board,
    timer: timer,
    profile: openProfile(""),
    glyph: glyph,
    qrMaker: qrMaker,
    slip: null,
    hasBegun: false,
    phase: Phase.Idle,
    ahead: 0,
    answers: 0,
    fault: PrinterReport.None,
    isOffline: false,
    isHeld: false,
    triesLeft: 0,
    headwayLeft: 0,
    health: PrinterReport.Able,
    isPaperLow: false,
    isSuspect: false,
    hasScrap: false,
  };
}

/** Says which printer it is and sets it up; from now on it is watched. */
export function startPrinter(printer: Printer, profileName: string): void {
  printer.profile = openProfile(profileName);
  printer.board.uart(Port.Printer, setupBytes(printer.profile, false));
  pollPrinter(printer);
}

/** Asks whether the printer can print; what it says is reported when it is news. A job goes on undisturbed. */
export function pollPrinter(printer: Printer): void {
  if (printer.phase !== Phase.Idle) return;
  if (!printer.profile.tellsStatus) {
    rest(printer);
    return;
  }
  printer.phase = Phase.Poll;
  printer.triesLeft = RETRIES;
  printer.headwayLeft = HEADWAY_TRIES;
  ask(printer);
}

/**
 * Begins a job from its first line, unless the battery is too low to start one. `onPrinterBytes` and `onPrinterTimer` report its
 * end. While one is under way it goes on, and a second one is not begun.
 */
export function print(printer: Printer, lines: Lines, canStart: boolean): void {
  const phase = printer.phase;
  if (phase === Phase.Job || phase === Phase.LastAsked) return;
  printer.slip = slipPart().openSlip(lines, printer.glyph, printer.qrMaker);
  printer.hasBegun = false;
  if (!canStart) {
    printer.phase = Phase.Refused;
    printer.board.timer(printer.timer, 0);
  } else if (phase !== Phase.Poll) {
    begin(printer);
  }
  // Answers to the question without a job may be on the wire: the job begins behind them.
}

function begin(printer: Printer): void {
  printer.phase = Phase.Job;
  printer.ahead = 0;
  printer.isHeld = false;
  printer.triesLeft = RETRIES;
  printer.headwayLeft = HEADWAY_TRIES;
  if (printer.health === PrinterReport.CutterStuck) printer.board.uart(Port.Printer, Say.Recover);
  const end = printer.hasScrap ? endBytes(printer.profile) : "";
  send(printer, setupBytes(printer.profile, printer.health === PrinterReport.Silent) + end);
}

/** A question, then the bytes: it is answered before they are looked at. */
function send(printer: Printer, bytes: string): void {
  const profile = printer.profile;
  printer.ahead++;
  printer.answers = 0;
  printer.board.uart(
    Port.Printer,
    (profile.tellsStatus ? Say.Ask : "") + bytes + (profile.confirms ? Say.Confirm : ""),
  );
  printer.board.timer(printer.timer, profile.confirms ? ANSWER_MS : paceMs(profile, bytes));
}

function ask(printer: Printer): void {
  printer.answers = 0;
  printer.board.uart(Port.Printer, Say.Pad + Say.Ask);
  printer.board.timer(printer.timer, ANSWER_MS);
}

// ---- what comes back

export function onPrinterBytes(printer: Printer, bytes: string): PrinterReport {
  for (let i = 0; i < bytes.length; i++) hear(printer, bytes.charCodeAt(i));
  const phase = printer.phase;
  if (phase === Phase.Job) return goOn(printer);
  if (printer.answers < ASK_COUNT) return PrinterReport.None;
  // Off-line for no named reason, as while somebody feeds paper by hand, is no fault: it ends.
  const isAble = printer.fault === PrinterReport.None;
  if (phase === Phase.LastAsked) return stop(printer, isAble ? PrinterReport.Done : printer.fault);
  return phase === Phase.Poll ? polled(printer, isAble ? PrinterReport.Able : printer.fault) : PrinterReport.None;
}

function hear(printer: Printer, byte: number): void {
  if (isStatus(byte)) {
    hearStatus(printer, byte);
  } else if (byte === XOFF || byte === XON) {
    printer.isHeld = byte === XOFF;
  } else if (isConfirmation(byte) && printer.ahead > 0 && printer.profile.confirms) {
    printer.ahead--;
    printer.headwayLeft = HEADWAY_TRIES;
  }
}

/** The answers come in the order of the questions; what comes after the last of them says nothing. */
function hearStatus(printer: Printer, byte: number): void {
  printer.triesLeft = RETRIES;
  printer.answers++;
  if (printer.answers === 1) {
    printer.fault = PrinterReport.None;
    printer.isOffline = (byte & 0x08) !== 0;
  } else if (printer.fault === PrinterReport.None) {
    printer.fault = faultOf(printer.answers, byte);
  }
  if (printer.answers === ASK_COUNT) printer.isPaperLow = (byte & 0x0c) !== 0;
}

export function onPrinterTimer(printer: Printer): PrinterReport {
  const phase = printer.phase;
  if (phase === Phase.Idle) {
    pollPrinter(printer);
    return PrinterReport.None;
  }
  if (phase === Phase.Refused) {
    rest(printer);
    return PrinterReport.BatteryLow;
  }
  const slip = printer.slip;
  if (phase === Phase.Job && slip && slip.makeQr) return sendNext(printer, slip);
  if (phase === Phase.Job && !printer.profile.confirms && printer.ahead > 0) {
    // What was sent has had its time.
    printer.ahead = 0;
    printer.headwayLeft = HEADWAY_TRIES;
    printer.board.timer(printer.timer, ANSWER_MS);
    return goOn(printer);
  }
  printer.headwayLeft--;
  if (printer.triesLeft > 0 && printer.headwayLeft > 0) {
    printer.triesLeft--;
    ask(printer);
    return PrinterReport.None;
  }
  return phase === Phase.Poll ? polled(printer, PrinterReport.Silent) : stop(printer, PrinterReport.Silent);
}

// ---- a job

/** Sends what may go now, or ends. */
function goOn(printer: Printer): PrinterReport {
  const profile = printer.profile;
  const slip = printer.slip;
  if (profile.tellsStatus) {
    if (printer.answers < ASK_COUNT) return PrinterReport.None;
    if (printer.fault !== PrinterReport.None) return stop(printer, printer.fault);
    if (printer.isOffline) return PrinterReport.None;
  }
  if (slip && !slip.isOver) {
    const isRoom = !printer.isHeld && printer.ahead < (profile.confirms ? WINDOW : 1);
    return isRoom ? sendNext(printer, slip) : PrinterReport.None;
  }
  if (printer.ahead > 0) return PrinterReport.None;
  if (!profile.tellsStatus) return stop(printer, PrinterReport.Done);
  printer.phase = Phase.LastAsked;
  ask(printer);
  return PrinterReport.None;
}

/** A symbol is made step by step, a turn of the timer each. */
function sendNext(printer: Printer, slip: Slip): PrinterReport {
  const piece = slip.nextPiece(slip, printer.profile);
  printer.hasBegun = true;
  if (piece) send(printer, piece);
  else printer.board.timer(printer.timer, 0);
  return PrinterReport.None;
}

function stop(printer: Printer, report: PrinterReport): PrinterReport {
  printer.hasScrap = report !== PrinterReport.Done && printer.hasBegun;
  printer.isSuspect = report === PrinterReport.Silent && printer.triesLeft > 0;
  printer.health = report === PrinterReport.Done ? PrinterReport.Able : report;
  rest(printer);
  return report;
}

/** What only a job needs is let go. */
function rest(printer: Printer): void {
  printer.slip = null;
  printer.profile.keys = "";
  printer.profile.codes = "";
  printer.phase = Phase.Idle;
  printer.board.timer(printer.timer, printer.profile.tellsStatus ? IDLE_MS : -1);
}

/** The question without a job has its answer; a job that waited for it begins, or fails of the same fault. */
function polled(printer: Printer, report: PrinterReport): PrinterReport {
  const before = printer.health;
  if (printer.slip) {
    if (report !== PrinterReport.Able) return stop(printer, report);
    begin(printer);
    return PrinterReport.None;
  }
  rest(printer);
  if (report === PrinterReport.Silent) printer.isSuspect = false;
  if (printer.isSuspect || report === before) return PrinterReport.None;
  if (report === PrinterReport.Able)
    printer.board.uart(Port.Printer, setupBytes(printer.profile, printer.health === PrinterReport.Silent));
  printer.health = report;
  return report;
}
