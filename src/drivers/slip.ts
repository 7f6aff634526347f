/**
 * A slip on its way to the printer: lines, one at a time, to pieces of bytes that are sent and answered for one by one. A symbol that the
 * printer does not draw itself goes out row by row. Pure but for the slip's own record; no piece has more than 1 kB.
 *
 * Part of: printer.ts
 */
import { code128, code128Modules } from "./code128";
import { type Glyph, isPlain, lineBytes, Style } from "./escpos";
import { endBytes, type Profile } from "./profile";
import { BAR_DOTS, BAR_ROWS, bandBytes, barcodeBytes, barcodeFits, qrBytes, qrDots } from "./symbol";

/** Gives line `index` of a job, its `Style` in front; "" after the last. */
export type Lines = (index: number) => string;
/** The modules of a QR code: rows of `0` and `1`, line feeds between them; "" when the text is too long. */
export type QrCode = (text: string) => string;

/** Pieces that a barcode's height is sent in. */
const BAR_PIECES = 8;

export interface Slip {
  glyph: Glyph;
  qrCode: QrCode;
  lines: Lines;
  nextPiece: (slip: Slip, profile: Profile) => string;
  /** The next line to take. */
  index: number;
  /** Rows of a symbol that still have to go out, a line feed behind each; dots of a module and rows of dots a piece; the line below. */
  symbol: string;
  moduleDots: number;
  moduleRows: number;
  caption: string;
  /** The last piece has been taken. */
  isOver: boolean;
}

/** A slip before its first line. */
export function openSlip(lines: Lines, glyph: Glyph, qrCode: QrCode): Slip {
  return {
    glyph: glyph,
    qrCode: qrCode,
    lines: lines,
    nextPiece: nextPiece,
    index: 0,
    symbol: "",
    moduleDots: 0,
    moduleRows: 0,
    caption: "",
    isOver: false,
  };
}

/** The bytes that go out next: a line, a row of a symbol, or the end. */
function nextPiece(slip: Slip, profile: Profile): string {
  if (slip.symbol !== "") return nextRow(slip, profile);
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
  const rows = slip.symbol;
  const end = rows.indexOf("\n");
  slip.symbol = rows.substr(end + 1);
  return bandBytes(profile, rows.substr(0, end), slip.moduleDots, slip.moduleRows);
}

/** A text that no symbol can hold is printed as it is. */
function qrPiece(slip: Slip, profile: Profile, text: string): string {
  const isOwn = profile.hasQr;
  const modules = isOwn ? "" : slip.qrCode(text);
  if (!isPlain(text) || (!isOwn && modules === "")) return lineBytes(profile, Style.Centre + text, slip.glyph);
  if (isOwn) return qrBytes(text);
  slip.symbol = modules + "\n";
  slip.moduleDots = qrDots(text);
  slip.moduleRows = slip.moduleDots;
  slip.caption = Style.Feed + "1";
  return lineBytes(profile, slip.caption, slip.glyph);
}

function barcodePiece(slip: Slip, profile: Profile, text: string): string {
  const row = code128(text);
  const caption = Style.Centre + text;
  if (row === "" || !barcodeFits(profile, code128Modules(text))) return lineBytes(profile, caption, slip.glyph);
  if (profile.hasCode128) return barcodeBytes(text);
  slip.moduleDots = BAR_DOTS;
  slip.moduleRows = BAR_ROWS / BAR_PIECES;
  slip.symbol = (row + "\n").repeat(BAR_PIECES);
  slip.caption = caption;
  return nextRow(slip, profile);
}
