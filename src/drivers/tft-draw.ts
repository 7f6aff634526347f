/**
 * The brush of a colour panel: draws one row of a screen, a piece at a time.
 *
 * Part of: tft.ts
 */
import type { Board, Happening, Natives } from "../board/board";
import { QrColumns } from "./screen";
import { type Expand, fill, openTftBus, openWindow, paletteOf, sendDots, STRIPE_DOTS, type TftBus } from "./tft-bus";
import {
  Face,
  Font,
  KEY_MARGIN,
  offsetOf,
  QR_ROW,
  rowEnd,
  rowLeft,
  rowTop,
  type Run,
  runAt,
  runTop,
  type TftFont,
  TFT_WIDTH,
  type TftGlyphs,
} from "./tft-rows";

/** Stripes of one piece. */
const STRIPES = 2;
export const NO_ROW = -1;

/** Keys below the rows, on a panel with a touch glass. */
export interface TftPad {
  /** First dot of each row above them, as `TFT_TOPS`. */
  tops: string;
  /** The palette of each key as it should be, "" where there is none. */
  wanted: string[];
  /** Some key may look otherwise. */
  isStale: boolean;
  /** Draws a piece of a key, from its line `from` on; gives the line to go on with, 0 when it is done. */
  draw(brush: Brush, index: number, palette: string, from: number): number;
  /** As of a panel. */
  on(happening: Happening, value: number, text: string): boolean;
}

export interface Brush {
  natives: Natives;
  glyphs: TftGlyphs;
  bus: TftBus;
  tops: string;
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
  /** The line of dots that the row ends at. */
  bottom: number;
}

export function openBrush(board: Board, natives: Natives, expand: Expand, glyphs: TftGlyphs, tops: string): Brush {
  return {
    natives: natives,
    glyphs: glyphs,
    bus: openTftBus(board, expand, glyphs.palettes),
    tops: tops,
    qr: "",
    row: NO_ROW,
    word: "",
    y: 0,
    at: 0,
    end: 0,
    x: 0,
    bottom: 0,
  };
}

/** True when only letters of the row have to be changed: then `at` to `end` are those. */
function patch(brush: Brush, shown: string | null, word: string): boolean {
  if (shown === null || shown.length !== word.length || shown.substr(0, 2) !== word.substr(0, 2)) return false;
  const face = word.charAt(1);
  // Another place of the point moves everything; titles change as a whole.
  if (face === Face.Mixed || face === Face.Title || shown.indexOf(".") !== word.indexOf(".")) {
    if (face !== Face.Text) return false;
  }
  let first = 2;
  while (shown.charAt(first) === word.charAt(first)) first++;
  let end = word.length;
  while (shown.charAt(end - 1) === word.charAt(end - 1)) end--;
  // A currency is not where `offsetOf` looks.
  if (face !== Face.Text && end > word.indexOf(" ")) return false;
  brush.at = first;
  brush.end = end;
  return true;
}

/** Starts a row that shows `shown` (null is not known) and is to show `word`. */
export function beginRow(brush: Brush, row: number, shown: string | null, word: string): void {
  brush.row = row;
  brush.word = word;
  brush.bottom = rowEnd(brush.tops, row);
  brush.y = brush.bottom;
  brush.at = 2;
  brush.end = word.length;
  if (row === QR_ROW) {
    brush.at = 0;
    brush.end = word ? brush.qr.charCodeAt(0) : 0;
    return;
  }
  brush.x = rowLeft(word);
  if (patch(brush, shown, word)) brush.x += offsetOf(word, brush.at);
  else brush.y = rowTop(brush.tops, row);
}

/** The ground of some lines of the row. */
function fillStripe(brush: Brush): void {
  const most = (STRIPES * STRIPE_DOTS) / TFT_WIDTH;
  const left = brush.bottom - brush.y;
  const height = left < most ? left : most;
  fill(brush.bus, brush.word.charAt(0), 0, brush.y, TFT_WIDTH, height);
  brush.y += height;
}

function glyphOf(font: TftFont, index: number): string {
  const first = (index >> font.shift) << font.shift;
  return font.glyphs[index >> font.shift]().substr((index - first) * font.stride, font.stride);
}

/** A key's box; then the glyphs of a run in one window. A character without a glyph is a blank. */
export function drawRun(brush: Brush, run: Run, top: number): void {
  const bus = brush.bus;
  const font = brush.glyphs.fonts[run.font];
  const taken = run.font === Font.Wide ? 2 : 1;
  const margin = KEY_MARGIN;
  const width = run.width;
  const height = run.height;
  if (run.isKey) fill(bus, run.palette, brush.x - margin, top - margin - 1, width + 2 * margin, height + 2 * margin);
  const colours = paletteOf(bus, run.palette);
  openWindow(bus, brush.x, top, width * run.count, height);
  const chars = font.chars();
  for (let i = 0; i < run.count; i++) {
    const found = chars.indexOf(brush.word.substr(brush.at, taken));
    const glyph = found < 0 ? "" : glyphOf(font, run.font === Font.Wide ? found / 3 : found);
    const dots = glyph ? brush.natives.unbase64(glyph) : "\0".repeat((width * height) / 4);
    sendDots(bus, bus.expand(dots, 2, colours));
    brush.at += taken;
  }
  brush.x += width * run.count;
}

/** Some characters; what has no room left of the edge is left out. */
function drawText(brush: Brush): void {
  const run = runAt(brush.row, brush.word, brush.at, brush.end);
  brush.at += run.skipped;
  brush.x += run.gap;
  const room = TFT_WIDTH - brush.x;
  if (run.width * run.count > room) run.count = (room - (room % run.width)) / run.width;
  if (run.count > 0) drawRun(brush, run, runTop(brush.tops, brush.row, brush.word, run));
  else brush.at = brush.end;
}

/** A column of the symbol, each module some dots wide and high; paper is the quiet zone. */
function drawModules(brush: Brush): void {
  const size = brush.qr.charCodeAt(0);
  const top = rowTop(brush.tops, QR_ROW);
  const room = rowEnd(brush.tops, QR_ROW) - top;
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
  if (brush.y < brush.bottom) fillStripe(brush);
  else if (brush.at < brush.end && brush.row === QR_ROW) drawModules(brush);
  else if (brush.at < brush.end) drawText(brush);
  return brush.y >= brush.bottom && brush.at >= brush.end;
}
