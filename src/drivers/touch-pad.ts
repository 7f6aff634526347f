/**
 * Keys on a colour panel with a touch glass: 18 of them in four rows below the screen, which is set lower there. A key is shown inverted
 * while it is pressed and acts when it is let go; a finger that slides off it and lets go elsewhere has pressed nothing. Only `B`
 * repeats while it is held.
 *
 * Part of: xpt2046.ts
 */
import { type Board, Device, Group, Happening } from "../board/board";
import { fill } from "./tft-bus";
import { type Brush, drawRun, type TftPad } from "./tft-draw";
import { Font, Palette, type Run } from "./tft-rows";
import {
  onTouchPins,
  onTouchSpi,
  onTouchTimer,
  openTouch,
  startTouch,
  type Touch,
  type TouchGlass,
  TouchReport,
} from "./xpt2046";

/** Cells, row by row; side by side the same key is one that is as wide. `:` is the double zero. */
const KEYS = "123CU456BD789F.:00EE";
const COLUMNS = 5;
/** The first line of dots of the keys, and what one takes. */
const TOP = 172;
const WIDTH = 48;
const HEIGHT = 37;
/** First dot of each row of the screen above the keys, as in `tft-rows`. */
const TOPS = "00000022005200810101012101410172";

/** As the keys of a matrix (`keypad-matrix`). */
const REPEATING = "B";
export const REPEAT_AFTER_MS = 400;
export const REPEAT_MS = 120;

/** Of a box in one piece. */
const PIECE_DOTS = 960;
const NO_KEY = -1;
/** A palette is followed by its inverse so many further on. */
const TO_INVERSE = 4;

interface Pad {
  touch: Touch;
  /** What the panel sees of it. */
  shown: TftPad;
  press: (key: string) => void;
  /** The cell where the finger came down, and whether it is there. */
  cell: number;
  isOver: boolean;
  /** No finger is down that could press. */
  isFree: boolean;
  /** When the key repeats; 0: it does not, or has not yet. */
  nextMs: number;
  hasRepeated: boolean;
}

/** The first cell of the key at a dot, or NO_KEY. */
function cellAt(x: number, y: number): number {
  if (x < 0 || x >= COLUMNS * WIDTH || y < TOP || y >= TOP + 4 * HEIGHT) return NO_KEY;
  return firstCell(Math.floor((y - TOP) / HEIGHT) * COLUMNS + Math.floor(x / WIDTH));
}

function firstCell(cell: number): number {
  let first = cell;
  while (first % COLUMNS > 0 && KEYS.charAt(first - 1) === KEYS.charAt(first)) first--;
  return first;
}

function paletteOfKey(key: string): string {
  if (key === "E") return Palette.KeyEnter;
  if (key === "B") return Palette.KeyBack;
  return key === "C" ? Palette.KeyCancel : Palette.Key;
}

/** Shows the key as pressed or not. */
function paint(pad: Pad, isPressed: boolean): void {
  const palette = paletteOfKey(KEYS.charAt(pad.cell));
  pad.shown.isStale = true;
  pad.shown.wanted[pad.cell] = isPressed ? String.fromCharCode(palette.charCodeAt(0) + TO_INVERSE) : palette;
  pad.isOver = isPressed;
}

/** A key's box and the lines behind it, some lines of dots a piece; with the last of them its name. */
function draw(brush: Brush, cell: number, palette: string, from: number): number {
  const key = KEYS.charAt(cell);
  let width = WIDTH;
  for (let next = cell + 1; next % COLUMNS > 0 && KEYS.charAt(next) === key; next++) width += WIDTH;
  const x = (cell % COLUMNS) * WIDTH;
  const y = TOP + Math.floor(cell / COLUMNS) * HEIGHT;
  const most = Math.floor(PIECE_DOTS / width);
  const left = HEIGHT - 1 - from;
  if (left > 0) {
    fill(brush.bus, palette, x, y + from, width - 1, left < most ? left : most);
    return left < most ? HEIGHT - 1 : from + most;
  }
  fill(brush.bus, Palette.Status, x + width - 1, y, 1, HEIGHT);
  fill(brush.bus, Palette.Status, x, y + HEIGHT - 1, width, 1);
  const run: Run = {
    font: Font.Title,
    skipped: 0,
    gap: 0,
    count: key === ":" ? 2 : 1,
    width: 14,
    height: 28,
    palette: palette,
    isKey: false,
  };
  brush.word = key === ":" ? "00" : key;
  brush.at = 0;
  brush.x = x + ((width - run.count * run.width) >> 1);
  drawRun(brush, run, y + ((HEIGHT - run.height) >> 1));
  return 0;
}

/** The finger is on the glass. True when a key repeats. */
function held(pad: Pad): boolean {
  const touch = pad.touch;
  const cell = cellAt(touch.x, touch.y);
  const nowMs = touch.board.nowMs();
  if (pad.isFree) {
    pad.isFree = false;
    pad.cell = cell;
    pad.hasRepeated = false;
    pad.nextMs = nowMs + REPEAT_AFTER_MS;
    if (cell !== NO_KEY) paint(pad, true);
    return false;
  }
  if (pad.cell === NO_KEY) return false;
  const isOver = cell === pad.cell;
  if (isOver !== pad.isOver) paint(pad, isOver);
  if (!isOver || KEYS.charAt(cell) !== REPEATING || nowMs < pad.nextMs) return false;
  pad.nextMs = nowMs + REPEAT_MS;
  pad.hasRepeated = true;
  return true;
}

/** The finger is gone. True when its key acts. */
function letGo(pad: Pad): boolean {
  const isPressed = pad.cell !== NO_KEY && pad.isOver;
  pad.isFree = true;
  if (isPressed) paint(pad, false);
  return isPressed && !pad.hasRepeated;
}

function hear(pad: Pad, report: TouchReport): void {
  const press = pad.press;
  const isKey = report === TouchReport.At ? held(pad) : report === TouchReport.Up && letGo(pad);
  if (isKey) press(KEYS.charAt(pad.cell));
  if (report !== TouchReport.Silent) return;
  letGo(pad);
  press("");
}

function isMine(pad: Pad, timer: number, happening: Happening, value: number, text: string): boolean {
  if (happening === Happening.Pins && value === Group.Touch) hear(pad, onTouchPins(pad.touch, text));
  else if (happening === Happening.Spi && value === Device.Touch) hear(pad, onTouchSpi(pad.touch, text));
  else if (happening === Happening.Timer && value === timer) hear(pad, onTouchTimer(pad.touch));
  else {
    if (happening === Happening.PowerOn) startTouch(pad.touch);
    return false;
  }
  return true;
}

/** `press` hears each key, as from a serial keypad, and "" when the glass does not answer. */
export function openTouchPad(board: Board, timer: number, glass: TouchGlass, press: (key: string) => void): TftPad {
  const wanted: string[] = [];
  for (let i = 0; i < KEYS.length; i++) wanted.push(firstCell(i) === i ? paletteOfKey(KEYS.charAt(i)) : "");
  const pad: Pad = {
    touch: openTouch(board, timer, glass),
    shown: {
      tops: TOPS,
      wanted: wanted,
      isStale: true,
      draw: draw,
      on: (happening, value, text) => isMine(pad, timer, happening, value, text),
    },
    press: press,
    cell: NO_KEY,
    isOver: false,
    isFree: true,
    nextMs: 0,
    hasRepeated: false,
  };
  return pad.shown;
}
