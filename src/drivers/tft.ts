/**
 * Panels of 240 x 320 dots on SPI with a wire for data or command: ILI9341 (Ilitek, V1.11, commands section 8.2) and ST7789V
 * (Sitronix, V1.6, section 9.1). 16 bits a dot. Both write down a column first (MADCTL's row/column exchange), so that a
 * glyph and the one behind it are one stream into one window.
 *
 * Nothing is acknowledged. After each piece, which is some glyphs or a stripe of ground and below 6 M instructions on Espruino, a NOP
 * is exchanged and its answer begins the next piece; ANSWER_MS without one counts as an answer. At rest the power mode is read
 * every POLL_MS (0Ah): 9Ch is a panel that is on, FFh and 00h no panel or no wire back, anything else one that lost power and
 * is set up anew and drawn whole.
 */
import { type Board, Device, Group, Happening, type Natives } from "../board/board";
import { type Panel, QrColumns } from "./screen";
import {
  AMOUNT_ROW,
  glyphAt,
  HINT_ROW,
  KEY_MARGIN,
  QR_ROW,
  rowEnd,
  rowLeft,
  rowTop,
  type Spot,
  spotAt,
  spotTop,
  TFT_ROWS,
  TFT_WIDTH,
  type TftGlyphs,
  tftRows,
} from "./tft-rows";

export const enum TftChip {
  Ili9341 = 0,
  St7789 = 1,
}

const ANSWER_MS = 1000;
const POLL_MS = 5000;
/** Reset low for 10 us; 120 ms until sleep out may follow, and as long after it (ILI9341 15.4, 8.2.12). */
const RESET_MS = 10;
const WAKE_MS = 120;

/** Levels of data/command, reset and backlight. */
const RESET_LEVELS = "000";
const COMMAND_LEVELS = "01";
const DATA_LEVELS = "11";

/** Commands. */
const NOP = "\0";
const READ_POWER_MODE = "\x0a\0";
const SLEEP_OUT = "\x11";
const INVERSION_OFF = "\x20";
const INVERSION_ON = "\x21";
const DISPLAY_ON = "\x29";
const COLUMNS = "\x2a";
const ROWS = "\x2b";
const WRITE = "\x2c";
const ACCESS = "\x36";
const PIXEL_FORMAT = "\x3a";
/** 16 bits a pixel on both interfaces. */
const RGB565 = "\x55";
/** Exchange (20h); an ILI9341's glass counts columns from the right (40h) and has blue first (08h). */
const ACCESS_ILI9341 = "\x68";
const ACCESS_ST7789 = "\x20";

const POWER_MODE_ON = 0x9c;

/** Dots of ground in one string, and how many such strings one piece has. */
const STRIPE_DOTS = 480;
const STRIPES = 8;
/** Glyphs of one piece. */
const GLYPHS = 4;

const enum Phase {
  /** Nothing shown yet. */
  New = 0,
  Reset = 1,
  /** Out of reset, then out of sleep. */
  Wake = 2,
  Woken = 3,
  Draw = 4,
  Rest = 5,
  Poll = 6,
}

interface Tft {
  board: Board;
  natives: Natives;
  glyphs: TftGlyphs;
  chip: TftChip;
  timer: number;
  phase: Phase;
  /** `1` once all is drawn. */
  backlight: string;
  /** Words for the rows as they should be, and as they stand on the glass; null is not known. */
  wanted: string[];
  shown: (string | null)[];
  qr: string;
  /** The row being drawn, -1 for none; its word, the next line of dots to be filled, the next character and its place. */
  row: number;
  word: string;
  y: number;
  at: number;
  end: number;
  x: number;
  /** A string of STRIPE_DOTS of the palette `stripePalette`. */
  stripe: string;
  stripePalette: string;
}

function write(t: Tft, command: string, data: string): void {
  const board = t.board;
  board.pins(Group.Panel, COMMAND_LEVELS + t.backlight);
  board.spi(Device.Panel, command, false);
  if (!data) return;
  board.pins(Group.Panel, DATA_LEVELS + t.backlight);
  board.spi(Device.Panel, data, false);
}

function range(from: number, byteCount: number): string {
  const to = from + byteCount - 1;
  return String.fromCharCode(from >> 8, from & 255, to >> 8, to & 255);
}

/** What is written next goes into these dots, column by column. With the exchange, columns of the chip are lines of the glass. */
function openWindow(t: Tft, x: number, y: number, width: number, height: number): void {
  write(t, COLUMNS, range(y, height));
  write(t, ROWS, range(x, width));
  write(t, WRITE, "");
  t.board.pins(Group.Panel, DATA_LEVELS + t.backlight);
}

function paletteOf(t: Tft, palette: string): Uint16Array {
  const colours = new Uint16Array(4);
  const at = parseInt(palette, 10) * 16;
  for (let i = 0; i < 4; i++) colours[i] = parseInt(t.glyphs.palettes.substr(at + i * 4, 4), 16);
  return colours;
}

/** The answer to a command without data says that the panel's bus is free. */
function ask(t: Tft, phase: Phase, command: string): void {
  t.phase = phase;
  t.board.timer(t.timer, ANSWER_MS);
  t.board.pins(Group.Panel, COMMAND_LEVELS + t.backlight);
  t.board.spi(Device.Panel, command, true);
}

function waitFor(t: Tft, phase: Phase, waitMs: number): void {
  t.phase = phase;
  t.board.timer(t.timer, waitMs);
}

function setUp(t: Tft): void {
  t.backlight = "0";
  t.row = -1;
  for (let i = 0; i < TFT_ROWS; i++) t.shown[i] = null;
  t.board.pins(Group.Panel, RESET_LEVELS);
  waitFor(t, Phase.Reset, RESET_MS);
}

function configure(t: Tft): void {
  const isSt7789 = t.chip === TftChip.St7789;
  write(t, PIXEL_FORMAT, RGB565);
  write(t, ACCESS, isSt7789 ? ACCESS_ST7789 : ACCESS_ILI9341);
  write(t, isSt7789 ? INVERSION_ON : INVERSION_OFF, "");
  write(t, DISPLAY_ON, "");
}

/** True when only letters of the row have to be changed: then `at` to `end` are those. */
function patch(t: Tft, shown: string | null, word: string): boolean {
  if (shown === null || shown.length !== word.length || shown.substr(0, 2) !== word.substr(0, 2)) return false;
  if (t.row === HINT_ROW) return false;
  let first = 2;
  while (shown.charAt(first) === word.charAt(first)) first++;
  let end = word.length;
  while (shown.charAt(end - 1) === word.charAt(end - 1)) end--;
  for (let i = 2; i < word.length; i++) {
    // Other widths, other places: Chinese, and where a point was or is.
    if (word.charCodeAt(i) > 126 || shown.charCodeAt(i) > 126) return false;
    if ((word.charAt(i) === ".") !== (shown.charAt(i) === ".")) return false;
  }
  t.at = first;
  t.end = end;
  return true;
}

function begin(t: Tft, row: number): void {
  const word = t.wanted[row];
  t.row = row;
  t.word = word;
  t.x = rowLeft(row, word);
  t.y = rowTop(row);
  t.at = 2;
  t.end = word.length;
  if (row === QR_ROW) {
    t.y = rowEnd(row);
    t.at = 0;
    t.end = word ? t.qr.charCodeAt(0) : 0;
  } else if (patch(t, t.shown[row], word)) {
    t.y = rowEnd(row);
    for (let at = 2; at < t.at; at++) t.x += spotAt(row, word, at).width;
  }
  t.shown[row] = null;
}

function fill(t: Tft, palette: string, x: number, y: number, width: number, height: number): void {
  if (t.stripePalette !== palette) {
    t.stripe = t.natives.expand("\0".repeat(STRIPE_DOTS / 8), 1, paletteOf(t, palette));
    t.stripePalette = palette;
  }
  openWindow(t, x, y, width, height);
  let dotsLeft = width * height;
  for (; dotsLeft >= STRIPE_DOTS; dotsLeft -= STRIPE_DOTS) t.board.spi(Device.Panel, t.stripe, false);
  if (dotsLeft > 0) t.board.spi(Device.Panel, t.stripe.substr(0, dotsLeft * 2), false);
}

/** The ground of some lines of the row. */
function fillStripe(t: Tft): void {
  const most = (STRIPES * STRIPE_DOTS) / TFT_WIDTH;
  const left = rowEnd(t.row) - t.y;
  const height = left < most ? left : most;
  fill(t, t.word.charAt(0), 0, t.y, TFT_WIDTH, height);
  t.y += height;
}

function isAlike(a: Spot, b: Spot): boolean {
  return a.height === b.height && a.palette === b.palette && b.gap === 0 && !b.isKey;
}

/** Some glyphs of one size and colour side by side, in one window. */
function drawGlyphs(t: Tft): void {
  const first = spotAt(t.row, t.word, t.at);
  const top = spotTop(t.row, t.word, first);
  t.x += first.gap;
  let next = t.at;
  let width = 0;
  let spot = first;
  const spots: Spot[] = [];
  while (next < t.end && spots.length < GLYPHS && (next === t.at || isAlike(first, spot))) {
    if (t.x + width + spot.width > TFT_WIDTH) {
      // No room for more.
      t.end = next;
      break;
    }
    spots.push(spot);
    width += spot.width;
    next += spot.taken;
    if (next < t.end) spot = spotAt(t.row, t.word, next);
  }
  if (spots.length === 0) return;
  if (first.isKey) {
    const margin = KEY_MARGIN;
    fill(t, first.palette, t.x - margin, top - margin - 1, first.width + 2 * margin, first.height + 2 * margin);
  }
  const colours = paletteOf(t, first.palette);
  openWindow(t, t.x, top, width, first.height);
  for (let i = 0; i < spots.length; i++) {
    t.board.spi(
      Device.Panel,
      t.natives.expand(glyphAt(t.natives, t.glyphs, t.word, t.at, spots[i]), 2, colours),
      false,
    );
    t.at += spots[i].taken;
  }
  t.x += width;
}

/** A column of the symbol, each module some dots wide and high; paper is the quiet zone. */
function drawModules(t: Tft): void {
  const size = t.qr.charCodeAt(0);
  const top = rowTop(QR_ROW);
  const room = rowEnd(QR_ROW) - top;
  const scale = Math.floor(room / (size + 2 * QrColumns.Quiet));
  let light = "";
  let dark = "";
  for (let i = 0; i < scale; i++) {
    light += "\xff\xff";
    dark += "\0\0";
  }
  let column = "";
  for (let y = QrColumns.Quiet; y < size + QrColumns.Quiet; y++) {
    const isLight = (t.qr.charCodeAt(1 + t.at * QrColumns.Bytes + (y >> 3)) >> (y & 7)) & 1;
    column += isLight ? light : dark;
  }
  const x = ((TFT_WIDTH - size * scale) >> 1) + t.at * scale;
  openWindow(t, x, top + ((room - size * scale) >> 1), scale, size * scale);
  for (let i = 0; i < scale; i++) t.board.spi(Device.Panel, column, false);
  t.at++;
}

/** Another symbol, or none any more: all that it covers is drawn again. */
function changeQr(t: Tft, qr: string): void {
  t.qr = qr;
  for (let row = AMOUNT_ROW; row < TFT_ROWS; row++) {
    if (row === HINT_ROW) continue;
    t.shown[row] = null;
    if (t.row === row) t.row = -1;
  }
}

/** One piece of work, or rest when there is none. */
function next(t: Tft): void {
  for (let i = 0; t.row < 0 && i < TFT_ROWS; i++) {
    if (t.shown[i] !== t.wanted[i]) begin(t, i);
  }
  if (t.row < 0) {
    rest(t);
    return;
  }
  if (t.y < rowEnd(t.row)) fillStripe(t);
  else if (t.at < t.end && t.row === QR_ROW) drawModules(t);
  else if (t.at < t.end) drawGlyphs(t);
  if (t.y >= rowEnd(t.row) && t.at >= t.end) {
    t.shown[t.row] = t.word;
    t.row = -1;
  }
  ask(t, Phase.Draw, NOP);
}

function rest(t: Tft): void {
  if (t.backlight === "0") {
    t.backlight = "1";
    t.board.pins(Group.Panel, COMMAND_LEVELS + t.backlight);
  }
  waitFor(t, Phase.Rest, POLL_MS);
}

function onPolled(t: Tft, text: string): void {
  const mode = text.charCodeAt(1);
  const isThere = mode !== 0xff && mode !== 0 && text.length === 2;
  if (isThere && mode !== POWER_MODE_ON) setUp(t);
  else next(t);
}

function onTimer(t: Tft): void {
  const phase = t.phase;
  if (phase === Phase.Reset) {
    t.board.pins(Group.Panel, COMMAND_LEVELS + t.backlight);
    waitFor(t, Phase.Wake, WAKE_MS);
  } else if (phase === Phase.Wake) {
    write(t, SLEEP_OUT, "");
    waitFor(t, Phase.Woken, WAKE_MS);
  } else if (phase === Phase.Woken) {
    configure(t);
    next(t);
  } else if (phase === Phase.Rest) {
    ask(t, Phase.Poll, READ_POWER_MODE);
  } else if (phase === Phase.Draw || phase === Phase.Poll) {
    next(t);
  }
}

export function openTft(board: Board, natives: Natives, chip: TftChip, glyphs: TftGlyphs, timer: number): Panel {
  const t: Tft = {
    board: board,
    natives: natives,
    glyphs: glyphs,
    chip: chip,
    timer: timer,
    phase: Phase.New,
    backlight: "0",
    wanted: [],
    shown: [],
    qr: "",
    row: -1,
    word: "",
    y: 0,
    at: 0,
    end: 0,
    x: 0,
    stripe: "",
    stripePalette: "",
  };
  return {
    show: (screen) => {
      t.wanted = tftRows(screen);
      if (t.qr !== screen.qr) changeQr(t, screen.qr);
      if (t.phase === Phase.New) setUp(t);
      else if (t.phase === Phase.Rest) next(t);
    },
    on: (happening, value, text) => {
      if (happening === Happening.Spi && value === Device.Panel) {
        if (t.phase === Phase.Draw) next(t);
        else if (t.phase === Phase.Poll) onPolled(t, text);
      } else if (happening === Happening.Timer && value === timer) {
        onTimer(t);
      } else {
        return false;
      }
      return true;
    },
  };
}
