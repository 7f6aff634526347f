/**
 * A slip on its way to the printer: lines, one at a time, to pieces of bytes that are sent and answered for one by one. A symbol that the
 * printer does not draw itself goes out row by row. Pure but for the slip's own record; no piece has more than 1 kB.
 *
 * Part of: printer.ts
 */
import { code128, code128Modules } from "./code128";
import { type Glyph, isPlain, lineBytes, Style } from "./escpos";
import { endBytes, type Profile } from "./profile";
import { BAR_DOTS, BAR_GAP, BAR_ROWS, bandBytes, barcodeBytes, barcodeFits, qrBytes, qrDots, qrRow } from "./symbol";

/** Gives line `index` of a job, its `Style` in front; "" after the last. */
export type Lines = (index: number) => string;
/**
 * Begins a QR code; null for a text that is too long. It takes long, so it is made step by step: what comes back gives "" until the symbol
 * is there, its modules a side, then its columns as `QrColumns` in `screen` says.
 */
export type QrMaker = (text: string) => (() => string) | null;

/** Pieces that a barcode's height is sent in. */
const BAR_PIECES = 8;

export interface Slip {
  glyph: Glyph;
  qrMaker: QrMaker;
  lines: Lines;
  nextPiece: (slip: Slip, profile: Profile) => string;
  /** The next line to take. */
  index: number;
  /** A step of the QR code that is being made. */
  makeQr: (() => string) | null;
  /** The symbol that goes out row by row: the columns of a QR code, or the modules of a barcode; its row, and how many there are. */
  symbol: string;
  row: number;
  rowCount: number;
  /** Dots of a module; 0 for a barcode. */
  qrModuleDots: number;
  /** The line below the symbol. */
  caption: string;
  /** The last piece has been taken. */
  isOver: boolean;
}

/** A slip before its first line. */
export function openSlip(lines: Lines, glyph: Glyph, qrMaker: QrMaker): Slip {
  return {
    glyph: glyph,
    qrMaker: qrMaker,
    lines: lines,
    nextPiece: nextPiece,
    index: 0,
    makeQr: null,
    symbol: "",
    row: 0,
    rowCount: 0,
    qrModuleDots: 0,
    caption: "",
    isOver: false,
  };
}

/** The bytes that go out next: a line, a row of a symbol, or the end. "" while a symbol is being made: ask again. */
function nextPiece(slip: Slip, profile: Profile): string {
  if (slip.makeQr) return qrStep(slip, slip.makeQr(), profile);
  if (slip.row < slip.rowCount) return nextRow(slip, profile);
  let line = slip.caption;
  slip.caption = "";
  if (line === "") {
    line = slip.lines(slip.index);
    slip.index++;
  }
  const style = line.charAt(0);
  if (style === Style.Qr) return qrPiece(slip, profile, line.substr(1));
  if (style === Style.Barcode) return barcodePiece(slip, profile, line.substr(1));
  slip.isOver = line === "";
  return slip.isOver ? endBytes(profile) : lineBytes(profile, line, slip.glyph);
}

function nextRow(slip: Slip, profile: Profile): string {
  const row = slip.row++;
  const dots = slip.qrModuleDots;
  if (dots > 0) return bandBytes(profile, qrRow(slip.symbol, row), dots, dots);
  return (row === 0 ? BAR_GAP : "") + bandBytes(profile, slip.symbol, BAR_DOTS, BAR_ROWS / BAR_PIECES);
}

/** A text that no symbol can hold is printed as it is. */
function qrPiece(slip: Slip, profile: Profile, text: string): string {
  if (isPlain(text)) {
    if (profile.hasQr) return qrBytes(text);
    slip.makeQr = slip.qrMaker(text);
    slip.qrModuleDots = qrDots(text);
    if (slip.makeQr) return "";
  }
  return lineBytes(profile, Style.Centre + text, slip.glyph);
}

/** Its quiet zone is a blank line above and one below. */
function qrStep(slip: Slip, symbol: string, profile: Profile): string {
  if (symbol === "") return "";
  slip.makeQr = null;
  slip.symbol = symbol;
  slip.row = 0;
  slip.rowCount = symbol.charCodeAt(0);
  slip.caption = Style.Feed + "1";
  return lineBytes(profile, slip.caption, slip.glyph);
}

function barcodePiece(slip: Slip, profile: Profile, text: string): string {
  const modules = code128(text);
  const caption = Style.Centre + text;
  if (modules === "" || !barcodeFits(profile, code128Modules(text))) return lineBytes(profile, caption, slip.glyph);
  if (profile.hasCode128) return barcodeBytes(text);
  slip.symbol = modules;
  slip.qrModuleDots = 0;
  slip.row = 0;
  slip.rowCount = BAR_PIECES;
  slip.caption = caption;
  return nextRow(slip, profile);
}
