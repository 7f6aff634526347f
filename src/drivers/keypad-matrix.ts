/**
 * Key matrix on GPIO, open drain rows, columns with pull-ups (an ESP32 watch forces them), contacts without diodes. At rest all rows
 * are low, so that any key pulls its column down and wakes the watch. Then the matrix is scanned, and what two scans DEBOUNCE_MS
 * apart agree on is the truth. Two keys roll over; three corners of a rectangle show a fourth key that nobody presses, so that such a
 * picture types nothing until it dissolves.
 *
 * Units: ms. First edge to report: DEBOUNCE_MS and the bounce; a second key in the column of the first one CHECK_MS more. Bounds:
 * SCANS_MAX scans that bounce, or SCANS_MAX times CHECK_MS without an answer. A matrix that was pulled out looks like one that nobody touches, and works
 * again when it is back. What a line shorted to ground shows is refused, and named; a stuck key is named and then ignored.
 *
 * Part: matrix of up to 8 rows and 30 keys, no diodes
 * Bus: GPIO
 * Document: none; ghosts as in TI TCA8418, SCPS215
 * Pins: a row each, open drain; a column each, pull-up, watched
 * Slowest: 200 ms, a board that gives no scan
 */
import type { Board } from "../board/board";

export const DEBOUNCE_MS = 5;
/** How often a matrix with a key down is looked at, for what no edge tells; and when a scan that gave no answer is asked for again. */
export const CHECK_MS = 20;
/** Scans without an agreement, or an answer, before that is a fault. */
export const SCANS_MAX = 10;
const RETRY_MS = 1000;
export const LONG_MS = 800;
/** A held `B` repeats: after this, and then at this pace. */
export const REPEAT_AFTER_MS = 400;
export const REPEAT_MS = 120;
export const STUCK_MS = 30000;
const REPEATING = "B";

export const enum KeypadReport {
  None = 0,
  /** `key` was pressed, or repeats. */
  Key = 1,
  /** `key` is still down after LONG_MS. It was reported when it went down. */
  Long = 2,
  /** `key` has been down for STUCK_MS and counts for nothing until it is released. */
  Stuck = 3,
  /** A column is low in every row, or no two scans are equal: a line is shorted, or loose. */
  Line = 4,
  /** The board gave no scan; asked again every RETRY_MS. */
  Silent = 5,
}

const enum Phase {
  /** Nothing is down, the columns are watched. */
  Idle = 0,
  /** Something is down, CHECK_MS are running. */
  Held = 1,
  /** Between two scans. */
  Settle = 2,
  /** A scan was asked for. */
  Scan = 3,
}

/** Keys are bits: the first one of the map is the highest. */
export interface KeypadMatrix {
  board: Board;
  timer: number;
  keys: string;
  columnCount: number;
  /** All keys. */
  full: number;
  phase: Phase;
  /** What the last scan showed, and what was true last. */
  last: number;
  seen: number;
  scansLeft: number;
  /** Reported and not released. */
  down: number;
  /** True, and still to be reported. */
  fresh: number;
  /** Stuck. */
  ignored: number;
  /** Down since `oldAtMs` at least. */
  old: number;
  oldAtMs: number;
  /** The key of the last report; its bit while it is down; when it acts again by itself. */
  key: string;
  bit: number;
  nextMs: number;
  /** What is wrong, until it is over: Stuck, Line, Silent or None. */
  fault: KeypadReport;
}

export function openKeypadMatrix(board: Board, timer: number): KeypadMatrix {
  const keys = board.profile.keys;
  return {
    board: board,
    timer: timer,
    keys: keys,
    columnCount: board.profile.keyColumns,
    full: (1 << keys.length) - 1,
    phase: Phase.Idle,
    last: 0,
    seen: 0,
    scansLeft: SCANS_MAX,
    down: 0,
    fresh: 0,
    ignored: 0,
    old: 0,
    oldAtMs: 0,
    key: "",
    bit: 0,
    nextMs: 0,
    fault: KeypadReport.None,
  };
}

/** Power is on: rows go low, and a key may be down already. */
export function startKeypad(pad: KeypadMatrix): void {
  if (pad.keys !== "") scan(pad);
}

function scan(pad: KeypadMatrix): void {
  pad.phase = Phase.Scan;
  pad.board.readMatrix();
  // Bounds the answer, and is the next look when that changes nothing.
  pad.board.timer(pad.timer, CHECK_MS);
}

/** Levels of the columns (a watched one changed), or of all rows (a scan). */
export function onKeypadPins(pad: KeypadMatrix, levels: string): KeypadReport {
  const phase = pad.phase;
  if (phase === Phase.Scan && levels.length === pad.keys.length) return scanned(pad, parseInt(levels, 2) ^ pad.full);
  // The scan on its way may be older than this edge: it agrees with no other one. While contacts settle edges are what they do, and
  // a key that went up has nothing to say to a matrix at rest.
  if (phase === Phase.Scan) pad.last = -1;
  else if (phase === Phase.Held || (phase === Phase.Idle && levels.indexOf("0") >= 0)) scan(pad);
  return KeypadReport.None;
}

export function onKeypadTimer(pad: KeypadMatrix): KeypadReport {
  const phase = pad.phase;
  if (phase === Phase.Scan) {
    pad.scansLeft--;
    if (pad.scansLeft < 0) return fail(pad, KeypadReport.Silent, RETRY_MS);
  }
  scan(pad);
  return phase === Phase.Held ? held(pad) : KeypadReport.None;
}

function scanned(pad: KeypadMatrix, found: number): KeypadReport {
  if (found !== pad.last) return settle(pad, found);
  if (found !== pad.seen || pad.fresh || pad.fault) return settled(pad, found);
  rest(pad);
  return KeypadReport.None;
}

/** Looks again when contacts are quiet. */
function settle(pad: KeypadMatrix, found: number): KeypadReport {
  pad.scansLeft--;
  if (pad.scansLeft < 0) return fail(pad, KeypadReport.Line, CHECK_MS);
  pad.last = found;
  pad.phase = Phase.Settle;
  pad.board.timer(pad.timer, DEBOUNCE_MS);
  return KeypadReport.None;
}

/** Nothing to do before the next edge, or before the next look when something is down: its timer runs since the scan. */
function rest(pad: KeypadMatrix): void {
  pad.scansLeft = SCANS_MAX;
  pad.phase = pad.seen ? Phase.Held : Phase.Idle;
  if (!pad.seen) pad.board.timer(pad.timer, -1);
}

/** Tries again after `waitMs`; a fault that stays is reported once. Whether the last key is still down, nobody knows. */
function fail(pad: KeypadMatrix, fault: KeypadReport, waitMs: number): KeypadReport {
  const isNews = pad.fault !== fault;
  pad.fault = fault;
  pad.bit = 0;
  pad.last = -1;
  pad.scansLeft = SCANS_MAX;
  pad.phase = Phase.Held;
  pad.board.timer(pad.timer, waitMs);
  return isNews ? fault : KeypadReport.None;
}

/** `seen` is what is down. At most one key is reported; the next one a scan later. */
function settled(pad: KeypadMatrix, seen: number): KeypadReport {
  pad.seen = seen;
  pad.down &= seen;
  pad.ignored &= seen;
  pad.old &= seen;
  pad.bit &= seen;
  const fresh = seen & ~pad.down & ~pad.ignored;
  pad.fresh = 0;
  rest(pad);
  const wrong = fresh & (fresh - 1) || pad.down || pad.ignored ? wrongPicture(pad) : KeypadReport.None;
  if (fresh && wrong === KeypadReport.Line) return fail(pad, KeypadReport.Line, CHECK_MS);
  pad.fault = pad.ignored ? KeypadReport.Stuck : KeypadReport.None;
  return fresh && wrong === KeypadReport.None ? press(pad, fresh) : KeypadReport.None;
}

/** Reports the first of the keys that went down. */
function press(pad: KeypadMatrix, fresh: number): KeypadReport {
  const bitCount = fresh.toString(2).length;
  const bit = 1 << (bitCount - 1);
  const key = pad.keys.charAt(pad.keys.length - bitCount);
  pad.down |= bit;
  pad.fresh = fresh ^ bit;
  if (pad.fresh) settle(pad, pad.seen);
  if (key === " ") return KeypadReport.None;
  pad.key = key;
  pad.bit = bit;
  pad.nextMs = pad.board.nowMs() + (key === REPEATING ? REPEAT_AFTER_MS : LONG_MS);
  return KeypadReport.Key;
}

/** Line when a column is low in every row; Key for more keys than can be told apart: a rectangle, or more than two. */
function wrongPicture(pad: KeypadMatrix): KeypadReport {
  const columnCount = pad.columnCount;
  const row = (1 << columnCount) - 1;
  const others = pad.seen & ~pad.ignored;
  let every = row;
  let wrong: KeypadReport = KeypadReport.None;
  for (let rest = pad.seen; rest; rest >>= columnCount) {
    // Two rows with two columns in common are a rectangle: one column in common is not, and n & (n - 1) is n without its last bit.
    for (let above = rest >> columnCount; above; above >>= columnCount) {
      const common = rest & above & row;
      if (common & (common - 1)) wrong = KeypadReport.Key;
    }
  }
  for (let shift = pad.keys.length - columnCount; shift >= 0; shift -= columnCount) every &= others >> shift;
  const twoLess = others & (others - 1);
  if (twoLess & (twoLess - 1)) wrong = KeypadReport.Key;
  return every ? KeypadReport.Line : wrong;
}

/** Some time has passed with something down. */
function held(pad: KeypadMatrix): KeypadReport {
  const nowMs = pad.board.nowMs();
  if (pad.old === 0) {
    pad.old = pad.seen & ~pad.ignored;
    pad.oldAtMs = nowMs;
  } else if (nowMs - pad.oldAtMs >= STUCK_MS) {
    return stuck(pad);
  }
  if (pad.bit === 0 || nowMs < pad.nextMs) return KeypadReport.None;
  if (pad.key === REPEATING) {
    pad.nextMs = nowMs + REPEAT_MS;
    return KeypadReport.Key;
  }
  pad.bit = 0;
  return KeypadReport.Long;
}

/** The first of the keys that have been down for so long is named, all are ignored. */
function stuck(pad: KeypadMatrix): KeypadReport {
  const old = pad.old;
  pad.key = pad.keys.charAt(pad.keys.length - old.toString(2).length);
  pad.ignored |= old;
  pad.down &= ~old;
  pad.bit &= ~old;
  pad.old = 0;
  pad.fault = KeypadReport.Stuck;
  return KeypadReport.Stuck;
}
