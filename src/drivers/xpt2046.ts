/**
 * A touch glass of four wires behind an XPT2046, converter of 12 bits (XPTEK, data sheet 2007.5: control byte table 5, differential mode
 * table 2, 16 clocks a conversion figure 12; the touch's resistance as in TI ADS7846, SBAS125, equation 1).
 *
 * Its pen line (PENIRQ) goes low when the glass is touched, and jumps while it converts: what it says then is not heard. While it is low
 * the glass is looked at every LOOK_MS. A look is one SPI exchange: both pressures, then both positions four times, the first of them
 * thrown away (the plate has just been switched on) and the median of the others taken. What two looks agree on is the truth.
 *
 * The chip keeps no settings, so one that lost power needs nothing. One that gives no conversion is asked again every RETRY_MS.
 *
 * Part: touch glass of four wires, XPTEK XPT2046 or TI ADS7846
 * Bus: SPI, mode 0, at most 2.5 MHz; GPIO
 * Document: XPT2046 data sheet 2007.5, tables 2 and 5, figure 12; TI SBAS125, equation 1
 * Pins: SCK, MOSI, MISO, select, PENIRQ, 3.3 V, GND
 * Slowest: 100 ms, a board that does not answer; 30 ms from the touch to its report
 */
import { type Board, Device, Group } from "../board/board";

/** What the converter reads at the edges of the glass, which is as good as the glass is mounted; and the dots between them. */
export interface TouchGlass {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly widthDots: number;
  readonly heightDots: number;
}

export const enum TouchReport {
  None = 0,
  /** Something is at `x`, `y`. Told at each look. */
  At = 1,
  /** It is gone. */
  Up = 2,
  /** The chip does not convert; told once. What was on the glass counts for nothing. */
  Silent = 3,
}

export const LOOK_MS = 15;
/** The pen line is low, but nothing presses: a very light touch, or a line that is shorted. */
const LIGHT_MS = 100;
const ANSWER_MS = 100;
export const RETRY_MS = 1000;
/** Two looks that are farther apart are of two touches, or of one that still settles. */
const NEAR_DOTS = 12;
/** The touch may have so many times the resistance of the plate along x. A finger has less, a drop of water more. */
const PRESS_MAX = 4 * 4096;
const Z1_MIN = 8;

/**
 * Start bit, channel (Z1 011, Z2 100, y 001, x 101), 12 bits, differential, stay on; the last one powers down, which lets the pen line
 * work again. The bits of a conversion come back with the two bytes behind its control byte.
 */
const LOOK = "\xb1\0\xc1\0\x91\0\x91\0\x91\0\x91\0\xd1\0\xd1\0\xd1\0\xd0\0\0";
const CONVERSIONS = 10;

const enum Phase {
  /** Nothing is on the glass; the pen line is watched. */
  Idle = 0,
  /** Between two looks. */
  Gap = 1,
  /** The pen line's level was asked for. */
  Level = 2,
  /** A look is on its way. */
  Look = 3,
}

export interface Touch {
  board: Board;
  timer: number;
  glass: TouchGlass;
  phase: Phase;
  isDown: boolean;
  /** Looks in a row that say otherwise than `isDown`. */
  doubts: number;
  /** In dots from the upper left corner; beyond the glass's edges when it is mounted so. */
  x: number;
  y: number;
  isSilent: boolean;
}

export function openTouch(board: Board, timer: number, glass: TouchGlass): Touch {
  return {
    board: board,
    timer: timer,
    glass: glass,
    phase: Phase.Idle,
    isDown: false,
    doubts: 0,
    x: 0,
    y: 0,
    isSilent: false,
  };
}

/** Power is on: a first look shows whether there is a chip, and lets its pen line work. */
export function startTouch(touch: Touch): void {
  look(touch);
}

function look(touch: Touch): void {
  touch.phase = Phase.Look;
  touch.board.timer(touch.timer, ANSWER_MS);
  touch.board.spi(Device.Touch, LOOK, true);
}

function wait(touch: Touch, waitMs: number): void {
  touch.phase = Phase.Gap;
  touch.board.timer(touch.timer, waitMs);
}

/** The pen line's level: asked for, or changed. */
export function onTouchPins(touch: Touch, levels: string): TouchReport {
  const isBetween = touch.phase === Phase.Gap && (touch.isDown || touch.doubts > 0 || touch.isSilent);
  if (touch.phase === Phase.Look || isBetween) return TouchReport.None;
  if (levels !== "0") return seen(touch, false, false);
  look(touch);
  return TouchReport.None;
}

export function onTouchTimer(touch: Touch): TouchReport {
  if (touch.phase === Phase.Level || touch.phase === Phase.Look) return fail(touch);
  if (touch.isSilent) {
    look(touch);
  } else {
    touch.phase = Phase.Level;
    touch.board.timer(touch.timer, ANSWER_MS);
    touch.board.readPins(Group.Touch);
  }
  return TouchReport.None;
}

/** A look's bytes. */
export function onTouchSpi(touch: Touch, bytes: string): TouchReport {
  if (touch.phase !== Phase.Look) return TouchReport.None;
  if (!isConverted(bytes)) return fail(touch);
  touch.isSilent = false;
  const z1 = conversion(bytes, 0);
  const across = median(bytes, 7);
  const isPressed = z1 >= Z1_MIN && across * (conversion(bytes, 1) - z1) <= PRESS_MAX * z1;
  if (isPressed) {
    const glass = touch.glass;
    const x = scaled(across, glass.left, glass.right, glass.widthDots);
    const y = scaled(median(bytes, 3), glass.top, glass.bottom, glass.heightDots);
    // A first touch that has moved is a first touch again.
    if (!touch.isDown && (isFar(x, touch.x) || isFar(y, touch.y))) touch.doubts = 0;
    touch.x = x;
    touch.y = y;
  }
  return seen(touch, isPressed, true);
}

/** A bit of rest in front of each conversion and three behind it are low; a wire that nobody drives is not. */
function isConverted(bytes: string): boolean {
  if (bytes.length !== 2 * CONVERSIONS + 1) return false;
  for (let i = 1; i < 2 * CONVERSIONS; i += 2) {
    if (bytes.charCodeAt(i) & 0x80 || bytes.charCodeAt(i + 1) & 7) return false;
  }
  return true;
}

function conversion(bytes: string, index: number): number {
  return (bytes.charCodeAt(2 * index + 1) << 5) | (bytes.charCodeAt(2 * index + 2) >> 3);
}

/** Of three conversions. */
function median(bytes: string, index: number): number {
  const a = conversion(bytes, index);
  const b = conversion(bytes, index + 1);
  const c = conversion(bytes, index + 2);
  if (a > b === b > c) return b;
  return a > b === c > a ? a : c;
}

function scaled(value: number, from: number, to: number, dots: number): number {
  return Math.floor(((value - from) * dots) / (to - from));
}

function isFar(a: number, b: number): boolean {
  return a - b > NEAR_DOTS || b - a > NEAR_DOTS;
}

/** One look is over, or none was needed: the pen line is high. */
function seen(touch: Touch, isPressed: boolean, isPenLow: boolean): TouchReport {
  touch.doubts = isPressed === touch.isDown ? 0 : touch.doubts + 1;
  const isChange = touch.doubts > 1;
  if (isChange) {
    touch.isDown = isPressed;
    touch.doubts = 0;
  }
  if (touch.isDown || touch.doubts > 0) {
    wait(touch, LOOK_MS);
  } else if (isPenLow) {
    wait(touch, LIGHT_MS);
  } else {
    touch.phase = Phase.Idle;
    touch.board.timer(touch.timer, -1);
  }
  if (isPressed) return touch.isDown ? TouchReport.At : TouchReport.None;
  return isChange ? TouchReport.Up : TouchReport.None;
}

function fail(touch: Touch): TouchReport {
  const isNews = !touch.isSilent;
  touch.isSilent = true;
  touch.isDown = false;
  touch.doubts = 0;
  wait(touch, RETRY_MS);
  return isNews ? TouchReport.Silent : TouchReport.None;
}
