/**
 * ESC/POS (Epson, "ESC/POS Command Reference"): lines of a slip to the bytes that print them, pure. Text is UTF-8 as a byte string.
 * A character goes as the code page or GBK has it; one that they lack as an image of its glyph in the line (ESC * 33); one that has no
 * glyph as `?`, and so does every control byte: no text is a command. Leaves out: page mode, macros, downloaded characters.
 *
 * Part of: printer.ts
 */
import {
  GBK_CODES,
  GBK_KEYS,
  GBK_SHIFT,
  KEY_LENGTH,
  PC437_KEYS,
  PC858_KEYS,
  STYLE_BYTES,
  STYLE_LENGTH,
  STYLES,
} from "./printer.table";
import { endBytes, type Profile } from "./profile";

/** How a line is set: its first character. In every text style a `|` parts what stands left from what stands right. */
export const enum Style {
  Left = "l",
  Centre = "c",
  Right = "r",
  Bold = "b",
  BoldCentre = "C",
  /** Bold, twice as high. */
  High = "H",
  /** Bold, twice as high and wide, centred. */
  Large = "L",
  /** White on black, as wide as the paper. */
  Bar = "i",
  /** Font B, centred. */
  Small = "s",
  /** A line across the paper. */
  Rule = "-",
  /** So many blank lines: one digit. */
  Feed = "f",
  /** Cuts, or moves the paper past the tear bar. */
  Cut = "x",
  Qr = "q",
  /** Code 128, with its text below. */
  Barcode = "k",
}

/**
 * The dots of a character (UTF-8) for ESC * 33: three bytes a column from the left, the topmost dot is the first byte's bit 7; 12
 * columns, or 24 for a character of double width. "" when there is none.
 */
export type Glyph = (char: string) => string;

const CHAR_DOTS = 12;
const SMALL_CHAR_DOTS = 9;
/** Where ESC a, GS ! and ESC M have their numbers in a style's bytes. */
const SIZE_AT = 5;
const FONT_AT = 14;
const GLYPH_COLUMN_BYTES = 3;

/** Gives the profile its characters until the job ends: most slips need none. */
function loadCodes(profile: Profile): void {
  profile.keys = profile.isGbk ? GBK_KEYS : profile.codePage === 19 ? PC858_KEYS : PC437_KEYS;
  profile.codes = profile.isGbk ? GBK_CODES : "";
}

/** The bytes of a line that is no symbol. */
export function lineBytes(profile: Profile, line: string, glyph: Glyph): string {
  const style = line.charAt(0);
  const text = line.substr(1);
  if (style === Style.Feed) return "\x1bd" + String.fromCharCode(text.charCodeAt(0) & 15);
  if (style === Style.Cut) return endBytes(profile);
  const at = STYLES.indexOf(style);
  const prefix = STYLE_BYTES.substr((at < 0 ? 0 : at) * STYLE_LENGTH, STYLE_LENGTH);
  const isWide = prefix.charCodeAt(SIZE_AT) >= 0x10;
  let columns = profile.dots / CHAR_DOTS;
  if (isWide) columns = columns / 2;
  if (prefix.charCodeAt(FONT_AT) === 1) columns = (profile.dots - (profile.dots % SMALL_CHAR_DOTS)) / SMALL_CHAR_DOTS;
  if (style === Style.Rule) return prefix + rule(profile, columns) + "\n";
  const body = setText(
    profile,
    style === Style.Bar ? barText(text, columns, profile, glyph) : text,
    columns,
    glyph,
    isWide,
  );
  // An image in the line does not grow with the text, so the text stays as low as it is.
  const isLow = body.indexOf("\x1b*") >= 0;
  return (isLow ? prefix.substr(0, SIZE_AT) + (isWide ? "\x10" : "\0") + prefix.substr(SIZE_AT + 1) : prefix) + body;
}

/** A line of box-drawing characters joins up to one stroke: C4h on both code pages, A9A4h, twice as wide, in GBK. */
function rule(profile: Profile, columns: number): string {
  return profile.isGbk ? "\xa9\xa4".repeat(columns / 2) : "\xc4".repeat(columns);
}

/** The whole line, filled up with blanks on both sides. */
function barText(text: string, columns: number, profile: Profile, glyph: Glyph): string {
  const free = columns - widthOf(profile, text, glyph);
  if (free <= 0) return text;
  return " ".repeat(free >> 1) + text + " ".repeat(free - (free >> 1));
}

/** Rows of at most `columns`, broken at blanks; what is right of a `|` goes to the right edge, below when it must. */
function setText(profile: Profile, text: string, columns: number, glyph: Glyph, isWide: boolean): string {
  const bar = text.indexOf("|");
  if (bar < 0) return setRows(profile, text, columns, glyph, isWide);
  const left = text.substr(0, bar);
  const right = text.substr(bar + 1);
  const rightWidth = widthOf(profile, right, glyph);
  const free = columns - rightWidth - widthOf(profile, left, glyph);
  if (free > 0) return encode(profile, left + " ".repeat(free) + right, glyph, isWide) + "\n";
  const indent = rightWidth < columns ? " ".repeat(columns - rightWidth) : "";
  return setRows(profile, left, columns, glyph, isWide) + setRows(profile, indent + right, columns, glyph, isWide);
}

function setRows(profile: Profile, text: string, columns: number, glyph: Glyph, isWide: boolean): string {
  let rest = text;
  let out = "";
  while (widthOf(profile, rest, glyph) > columns) {
    const end = breakAt(profile, rest, columns, glyph);
    out += encode(profile, rest.substr(0, end), glyph, isWide) + "\n";
    rest = rest.substr(rest.charAt(end) === " " ? end + 1 : end);
  }
  return out + encode(profile, rest, glyph, isWide) + "\n";
}

/** Where a row that is too long ends: before its last blank that fits, or before the first character that does not. */
function breakAt(profile: Profile, text: string, columns: number, glyph: Glyph): number {
  let width = 0;
  let at = 0;
  let blank = 0;
  while (width <= columns && at < text.length) {
    const char = charAt(text, at);
    if (char === " ") blank = at;
    width += charWidth(profile, char, glyph);
    if (width <= columns) at += char.length;
  }
  return blank > 0 ? blank : at;
}

/** The character of UTF-8 (RFC 3629 section 3) that begins at `at`; a byte that begins none stands for itself. */
function charAt(text: string, at: number): string {
  const lead = text.charCodeAt(at);
  return text.substr(at, lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
}

/** True when all of it is printable ASCII. */
export function isPlain(text: string): boolean {
  return !/[^ -~]/.test(text);
}

/** Columns that `text` takes in font A. */
function widthOf(profile: Profile, text: string, glyph: Glyph): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (let at = 0; at < text.length;) {
    const char = charAt(text, at);
    width += charWidth(profile, char, glyph);
    at += char.length;
  }
  return width;
}

function charWidth(profile: Profile, char: string, glyph: Glyph): number {
  if (char.length === 1) return 1;
  if (codeIndex(profile, char) >= 0) return profile.isGbk ? 2 : 1;
  return glyph(char).length > GLYPH_COLUMN_BYTES * CHAR_DOTS ? 2 : 1;
}

/** Which of the printer's own characters it is, or below zero. See `key` in the table. */
function codeIndex(profile: Profile, char: string): number {
  const last = char.length - 1;
  if (last < 1 || last > 2) return -1;
  const high = last === 1 ? 0 : char.charCodeAt(0) & 15;
  const middle = last === 1 ? char.charCodeAt(0) & 31 : char.charCodeAt(1) & 63;
  const key = String.fromCharCode(32 + high, 48 + middle, 48 + (char.charCodeAt(last) & 63));
  if (profile.keys === "") loadCodes(profile);
  return profile.keys.indexOf(key) / KEY_LENGTH;
}

/** The bytes of a text without its style. */
function encode(profile: Profile, text: string, glyph: Glyph, isWide: boolean): string {
  if (isPlain(text)) return text;
  let out = "";
  for (let at = 0; at < text.length;) {
    const char = charAt(text, at);
    out += encodeChar(profile, char, glyph, isWide);
    at += char.length;
  }
  return out;
}

function encodeChar(profile: Profile, char: string, glyph: Glyph, isWide: boolean): string {
  if (char.length === 1) return isPlain(char) ? char : "?";
  const index = codeIndex(profile, char);
  if (index < 0) return image(glyph(char), isWide);
  if (!profile.isGbk) return String.fromCharCode(128 + index);
  const codes = profile.codes;
  return String.fromCharCode(codes.charCodeAt(index * 2) + GBK_SHIFT, codes.charCodeAt(index * 2 + 1) + GBK_SHIFT);
}

/** ESC * 33 nL nH: columns of 24 dots, as dense as the head. */
function image(bits: string, isWide: boolean): string {
  if (bits === "") return "?";
  let columns = bits;
  if (isWide) {
    columns = "";
    for (let at = 0; at < bits.length; at += GLYPH_COLUMN_BYTES)
      columns += bits.substr(at, GLYPH_COLUMN_BYTES).repeat(2);
  }
  return "\x1b*\x21" + littleEndian16(columns.length / GLYPH_COLUMN_BYTES) + harmless(columns);
}

/** A printer obeys DLE EOT, DLE ENQ and DLE DC4 even inside an image: there, one more dot beside a lone one. */
function harmless(bits: string): string {
  if (bits.indexOf("\x10") < 0) return bits;
  return bits.split("\x10\x04").join("\x18\x04").split("\x10\x05").join("\x18\x05").split("\x10\x14").join("\x18\x14");
}

/** Numbers of two bytes, the low one first, as ESC/POS has them. */
export function littleEndian16(value: number): string {
  return String.fromCharCode(value & 255, value >> 8);
}
