/** The brush of a colour panel: draws one row of a screen, a piece at a time. */
import type { Board, Natives } from "../board/board";
import { QrColumns } from "./screen";
import { fill, openTftBus, openWindow, paletteOf, sendDots, STRIPE_DOTS, type TftBus } from "./tft-bus";
import {
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
  TFT_WIDTH,
  type TftGlyphs,
} from "./tft-rows";

/** Stripes of one piece. */
const STRIPES = 8;
/** Glyphs of one piece. */
const GLYPHS = 4;
export const NO_ROW = -1;

export interface Brush {
  natives: Natives;
  glyphs: TftGlyphs;
  bus: TftBus;
  /** The symbol, as in the screen. */
  qr: string;
  /** The row being drawn or NO_ROW, and its word. */
  row: number;
  word: string;
  /** The next line of dots to be filled, the next character (or column of the symbol), the end of those, and its place. */
  y: number;
  at: number;
  end: number;
  x: number;
}

export function openBrush(board: Board, natives: Natives, glyphs: TftGlyphs): Brush {
  return {
    natives: natives,
    glyphs: glyphs,
    bus: openTftBus(board, natives, glyphs.palettes),
    qr: "",
    row: NO_ROW,
    word: "",
    y: 0,
    at: 0,
    end: 0,
    x: 0,
  };
}

/** True when only letters of the row have to be changed: then `at` to `end` are those. */
function patch(brush: Brush, shown: string | null, word: string): boolean {
  if (shown === null || shown.length !== word.length || shown.substr(0, 2) !== word.substr(0, 2)) return false;
  if (brush.row === HINT_ROW) return false;
  let first = 2;
  while (shown.charAt(first) === word.charAt(first)) first++;
  let end = word.length;
  while (shown.charAt(end - 1) === word.charAt(end - 1)) end--;
  for (let i = 2; i < word.length; i++) {
    // Other widths, other places: Chinese, and where a point was or is.
    if (word.charCodeAt(i) > 126 || shown.charCodeAt(i) > 126) return false;
    if ((word.charAt(i) === ".") !== (shown.charAt(i) === ".")) return false;
  }
  brush.at = first;
  brush.end = end;
  return true;
}

/** Starts a row that shows `shown` (null is not known) and is to show `word`. */
export function beginRow(brush: Brush, row: number, shown: string | null, word: string): void {
  brush.row = row;
  brush.word = word;
  brush.x = rowLeft(row, word);
  brush.y = rowTop(row);
  brush.at = 2;
  brush.end = word.length;
  if (row === QR_ROW) {
    brush.y = rowEnd(row);
    brush.at = 0;
    brush.end = word ? brush.qr.charCodeAt(0) : 0;
  } else if (patch(brush, shown, word)) {
    brush.y = rowEnd(row);
    for (let at = 2; at < brush.at; at++) brush.x += spotAt(row, word, at).width;
  }
}

/** The ground of some lines of the row. */
function fillStripe(brush: Brush): void {
  const most = (STRIPES * STRIPE_DOTS) / TFT_WIDTH;
  const left = rowEnd(brush.row) - brush.y;
  const height = left < most ? left : most;
  fill(brush.bus, brush.word.charAt(0), 0, brush.y, TFT_WIDTH, height);
  brush.y += height;
}

function isAlike(a: Spot, b: Spot): boolean {
  return a.height === b.height && a.palette === b.palette && b.gap === 0 && !b.isKey;
}

/** Some glyphs of one size and colour side by side, in one window. */
function drawGlyphs(brush: Brush): void {
  const first = spotAt(brush.row, brush.word, brush.at);
  const top = spotTop(brush.row, brush.word, first);
  brush.x += first.gap;
  let next = brush.at;
  let width = 0;
  let spot = first;
  const spots: Spot[] = [];
  while (next < brush.end && spots.length < GLYPHS && (next === brush.at || isAlike(first, spot))) {
    if (brush.x + width + spot.width > TFT_WIDTH) {
      // No room for more.
      brush.end = next;
      break;
    }
    spots.push(spot);
    width += spot.width;
    next += spot.taken;
    if (next < brush.end) spot = spotAt(brush.row, brush.word, next);
  }
  if (spots.length === 0) return;
  if (first.isKey) {
    const margin = KEY_MARGIN;
    fill(
      brush.bus,
      first.palette,
      brush.x - margin,
      top - margin - 1,
      first.width + 2 * margin,
      first.height + 2 * margin,
    );
  }
  const colours = paletteOf(brush.bus, first.palette);
  openWindow(brush.bus, brush.x, top, width, first.height);
  for (let i = 0; i < spots.length; i++) {
    const glyph = glyphAt(brush.natives, brush.glyphs, brush.word, brush.at, spots[i]);
    sendDots(brush.bus, brush.natives.expand(glyph, 2, colours));
    brush.at += spots[i].taken;
  }
  brush.x += width;
}

/** A column of the symbol, each module some dots wide and high; paper is the quiet zone. */
function drawModules(brush: Brush): void {
  const size = brush.qr.charCodeAt(0);
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
    const isLight = (brush.qr.charCodeAt(1 + brush.at * QrColumns.Bytes + (y >> 3)) >> (y & 7)) & 1;
    column += isLight ? light : dark;
  }
  const x = ((TFT_WIDTH - size * scale) >> 1) + brush.at * scale;
  openWindow(brush.bus, x, top + ((room - size * scale) >> 1), scale, size * scale);
  for (let i = 0; i < scale; i++) sendDots(brush.bus, column);
  brush.at++;
}

/** One piece; true when the row is done. */
export function drawPiece(brush: Brush): boolean {
  if (brush.y < rowEnd(brush.row)) fillStripe(brush);
  else if (brush.at < brush.end && brush.row === QR_ROW) drawModules(brush);
  else if (brush.at < brush.end) drawGlyphs(brush);
  return brush.y >= rowEnd(brush.row) && brush.at >= brush.end;
}
