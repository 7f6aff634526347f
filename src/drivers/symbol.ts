/**
 * QR code and Code 128 on paper: by the printer's own commands, or row by row as images. ESC/POS (Epson, "ESC/POS Command
 * Reference"). Pure. No image holds a byte that could begin a real-time command: a module is two dots wide or more.
 *
 * Part of: printer.ts
 */
import { littleEndian16 } from "./escpos";
import type { Profile } from "./profile";
import { QrColumns } from "./screen";

/** A module, dots; QR codes of more than version 4 (62 bytes at level M) have smaller ones. */
const QR_BYTES_LARGE = 62;
export const BAR_DOTS = 2;
export const BAR_ROWS = 80;
/** ESC J 12: some white above the bars. */
export const BAR_GAP = "\x1bJ\x0c";

/** Dots of a QR code's module: the whole with its quiet zone stays below three quarters of 384 dots. */
export function qrDots(text: string): number {
  return text.length > QR_BYTES_LARGE ? 4 : 6;
}

/** Row `y` of a QR code, `1` for a dark module. `symbol`: its modules a side, then its columns; a module that is light is 1. */
export function qrRow(symbol: string, y: number): string {
  const byte = 1 + ((y + QrColumns.Quiet) >> 3);
  const bit = 1 << ((y + QrColumns.Quiet) & 7);
  const size = symbol.charCodeAt(0);
  let row = "";
  for (let x = 0; x < size; x++) row += symbol.charCodeAt(byte + x * QrColumns.Bytes) & bit ? "0" : "1";
  return row;
}

/**
 * The printer's own QR code: GS ( k functions 165 (model 2), 167 (module size), 169 (level M), 180 (store), 181 (print), and a blank
 * line before and after for the quiet zone.
 */
export function qrBytes(text: string): string {
  const store = "\x1d(k" + littleEndian16(text.length + 3) + "1P0" + text;
  const size = String.fromCharCode(qrDots(text));
  return "\x1ba\x01\n\x1d(k\x04\x001A2\0\x1d(k\x03\x001C" + size + "\x1d(k\x03\x001E1" + store + "\x1d(k\x03\x001Q0\n";
}

/** True when the modules of a barcode find room on the paper. */
export function barcodeFits(profile: Profile, modules: number): boolean {
  return modules * BAR_DOTS <= profile.dots;
}

/** The printer's own Code 128: GS h, GS w, GS H 2 (text below), GS f 0, GS k 73 with code set B, in which `{` is `{{`. */
export function barcodeBytes(text: string): string {
  const data = "{B" + text.split("{").join("{{");
  const height = String.fromCharCode(BAR_ROWS);
  return (
    "\x1ba\x01" +
    BAR_GAP +
    "\x1dh" +
    height +
    "\x1dw\x02\x1dH\x02\x1df\0\x1dkI" +
    String.fromCharCode(data.length) +
    data
  );
}

/** One row of modules as an image of `rows` rows of dots across the paper, centred: GS v 0. */
export function bandBytes(profile: Profile, modules: string, moduleDots: number, rows: number): string {
  const bar = "1".repeat(moduleDots);
  const space = "0".repeat(moduleDots);
  const left = (profile.dots - modules.length * moduleDots) >> 1;
  const rowBytes = profile.dots / 8;
  let bits = "0".repeat(left & 7);
  for (let i = 0; i < modules.length; i++) bits += modules.charAt(i) === "1" ? bar : space;
  // White to the left and right needs no bit looked at.
  let row = "\0".repeat(left >> 3);
  for (let at = 0; at < bits.length; at += 8)
    row += String.fromCharCode(parseInt(bits.substr(at, 8).padEnd(8, "0"), 2));
  row = row.padEnd(rowBytes, "\0");
  return "\x1dv0\0" + littleEndian16(rowBytes) + littleEndian16(rows) + row.repeat(rows);
}
