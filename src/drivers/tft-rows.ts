/**
 * A screen on 240 x 320 dots, portrait: seven rows from top to bottom, each known by a word that says what it shows, and the glyphs of
 * its characters. Left edges and widths are in dots.
 *
 * Part of: tft.ts
 */
import { type Pieces, Role, type Screen } from "./screen";

/** Glyphs of one size in four shades, two bits a dot, column by column, base64. */
export interface TftFont {
  /** The characters that have a glyph; Chinese ones with a space after each. */
  chars: () => string;
  glyphs: Pieces;
  /** Glyphs of a piece, as a power of two. */
  shift: number;
  /** Characters of base64 that a glyph takes. */
  stride: number;
}

export interface TftGlyphs {
  /** In the order of `Font`. */
  fonts: TftFont[];
  /** Sixteen hexadecimal digits a palette: four shades of RGB565 from ground to ink. */
  palettes: () => string;
}

/** Letters of 11 x 20 dots, Chinese of 20 x 20, letters of 14 x 28, digits of 28 x 56 and their point of 14 x 56. */
export const enum Font {
  Text = 0,
  Wide = 1,
  Title = 2,
  Large = 3,
  Point = 4,
}

export const TFT_WIDTH = 240;
export const TFT_HEIGHT = 320;

/** Status, title, amount, three lines, hint; and a symbol over amount and lines, drawn after them. */
export const TFT_ROWS = 8;
export const AMOUNT_ROW = 2;
export const HINT_ROW = 6;
export const QR_ROW = 7;
/** First dot of each row but the symbol's, four digits each, and the end of the last; on a panel without keys. */
export const TFT_TOPS = "00000028007201640198023202680320";

/** Pairs of ground and ink; a row's word begins with one. */
export const enum Palette {
  Status = "0",
  Paper = "1",
  Hint = "2",
  TitlePlain = "3",
  TitleGood = "4",
  TitleBad = "5",
  TitleUnsure = "6",
  KeyEnter = "7",
  KeyBack = "8",
  KeyCancel = "9",
  /** On a touch glass; the inverse of these four is four further on. */
  Key = ":",
}

/** How a row's text is set; the second character of its word. */
export const enum Face {
  /** ASCII. */
  Text = "t",
  /** Chinese, or keys on their boxes: no letter can be changed without those behind it. */
  Mixed = "m",
  /** Larger, in the middle. */
  Title = "T",
  /** An amount in the largest digits, a space, its currency in text; in the middle. */
  Large = "L",
  /** The same, digits as large as titles. */
  Amount = "A",
}

/** The word of the symbol's row. */
export const QR_WORD = "qr";

/** Dots between an amount and its currency. */
const GAP = 8;
const MARGIN = 5;
/** More room than this an amount in large digits does not take. */
const LARGE_WIDTH_MAX = 228;
const LARGE_HEIGHT = 56;
const STATUS_COLUMNS = 21;
const WIDE_MIN = 0xa1;
/** A key's box is this much wider than its letter, on each side; a blank behind it is as much narrower. */
export const KEY_MARGIN = 3;
/** Between a key and a Chinese character. */
const KEY_GAP = 5;

/** Characters of one size and colour, side by side. */
export interface Run {
  font: Font;
  /** Characters of the text in front of it that are not drawn, and dots of room in their place. */
  skipped: number;
  gap: number;
  count: number;
  /** Of one character. */
  width: number;
  height: number;
  palette: string;
  /** A key: drawn on a box of its colour. */
  isKey: boolean;
}

/** Characters of a run at most, so that drawing it is a small piece of work. */
const RUN_MAX = 4;

export function rowTop(tops: string, row: number): number {
  return parseInt(tops.substr((row === QR_ROW ? AMOUNT_ROW : row) * 4, 4), 10);
}

export function rowEnd(tops: string, row: number): number {
  return parseInt(tops.substr((row === QR_ROW ? HINT_ROW : row + 1) * 4, 4), 10);
}

function titlePalette(role: Role): string {
  if (role === Role.Good) return Palette.TitleGood;
  if (role === Role.Bad) return Palette.TitleBad;
  return role === Role.Unsure ? Palette.TitleUnsure : Palette.TitlePlain;
}

/** Words for the rows: palette, face, text. ASCII text is filled up with blanks, so that it can be changed letter by letter. */
export function tftRows(screen: Screen, tops: string): string[] {
  const lines = screen.lines.split("\n");
  const face = screen.status.charCodeAt(0) >= WIDE_MIN ? Face.Mixed : Face.Text;
  const status = screen.status + screen.alert.padStart(STATUS_COLUMNS - screen.status.length, " ");
  const amount = screen.amount && screen.amount + " " + screen.currency;
  const hasRoom = rowEnd(tops, AMOUNT_ROW) - rowTop(tops, AMOUNT_ROW) >= LARGE_HEIGHT;
  const isLarge = hasRoom && amountWidth(Face.Large, amount) <= LARGE_WIDTH_MAX;
  const amountFace = isLarge ? Face.Large : Face.Amount;
  const rows = [
    Palette.Status + face + status,
    titlePalette(screen.role) + Face.Title + screen.title,
    Palette.Paper + amountFace + (screen.qr ? "" : amount),
  ];
  for (let i = 0; i < 3; i++) {
    const line = i < lines.length && !screen.qr ? lines[i] : "";
    rows.push(Palette.Paper + face + line.padEnd(STATUS_COLUMNS, " "));
  }
  // A symbol takes the amount's place: it stands with the keys then.
  rows.push(Palette.Hint + Face.Mixed + (screen.qr && amount && amount + "  ") + screen.hint);
  rows.push(screen.qr && QR_WORD);
  return rows;
}

function amountWidth(face: Face, amount: string): number {
  const space = amount.indexOf(" ");
  const digit = face === Face.Large ? 28 : 14;
  const point = face === Face.Large && amount.indexOf(".") >= 0 ? 14 : 0;
  return space * digit - point + GAP + (amount.length - space - 1) * 11;
}

function titleWidth(title: string): number {
  let width = 0;
  for (let i = 0; i < title.length; i++) width += title.charCodeAt(i) < WIDE_MIN ? 14 : 10;
  return width;
}

/** The left edge of a row's text: titles and amounts stand in the middle. */
export function rowLeft(word: string): number {
  const face = word.charAt(1);
  if (face === Face.Title) return (TFT_WIDTH - titleWidth(word.substr(2))) >> 1;
  if (face === Face.Large || face === Face.Amount) return (TFT_WIDTH - amountWidth(face, word.substr(2))) >> 1;
  return MARGIN;
}

/** Where character `at` of a row without Chinese stands, seen from its left edge. */
export function offsetOf(word: string, at: number): number {
  const face = word.charAt(1);
  const count = at - 2;
  if (face === Face.Text) return count * 11;
  const point = word.indexOf(".");
  return count * (face === Face.Large ? 28 : 14) - (face === Face.Large && point >= 0 && point < at ? 14 : 0);
}

/** What key a letter is: one that stands alone, or before Chinese. */
function keyPalette(word: string, at: number): string {
  const before = at === 2 ? 32 : word.charCodeAt(at - 1);
  const after = word.charCodeAt(at + 1);
  if (before !== 32 || (after !== 32 && !(after >= WIDE_MIN))) return "";
  const key = word.charAt(at);
  if (key === "E") return Palette.KeyEnter;
  if (key === "B") return Palette.KeyBack;
  return key === "C" ? Palette.KeyCancel : "";
}

/** Characters from `at` on that are as wide as that one; in a row with keys no blank among them. */
function countAlike(word: string, at: number, end: number): number {
  const isWide = word.charCodeAt(at) >= WIDE_MIN;
  const stride = isWide ? 2 : 1;
  let count = 1;
  for (let next = at + stride; next < end && count < RUN_MAX; next += stride) {
    const code = word.charCodeAt(next);
    if (code >= WIDE_MIN !== isWide || code === 32) break;
    count++;
  }
  return count;
}

function mixedRun(run: Run, row: number, word: string, at: number, end: number): void {
  const key = row === HINT_ROW ? keyPalette(word, at) : "";
  const code = word.charCodeAt(at);
  if (key) {
    run.palette = key;
    run.isKey = true;
  } else if (code === 32 && row === HINT_ROW && at > 2 && keyPalette(word, at - 1)) {
    run.skipped = 1;
    run.gap = 11;
    run.count = countAlike(word, at + 1, end);
  } else {
    run.count = code === 32 ? 1 : countAlike(word, at, end);
    if (code < WIDE_MIN) return;
    run.font = Font.Wide;
    run.width = 20;
    if (row === HINT_ROW && at > 2 && keyPalette(word, at - 1)) run.gap = KEY_GAP;
  }
}

/** The run that begins with character `at` of a row's word. */
export function runAt(row: number, word: string, at: number, end: number): Run {
  const palette = word.charAt(0);
  const face = word.charAt(1);
  const left = end - at;
  const count = left < RUN_MAX ? left : RUN_MAX;
  const run: Run = {
    font: Font.Text,
    skipped: 0,
    gap: 0,
    count: count,
    width: 11,
    height: 20,
    palette: palette,
    isKey: false,
  };
  if (face === Face.Text) return run;
  run.count = 1;
  if (face === Face.Mixed) {
    mixedRun(run, row, word, at, end);
  } else if (face === Face.Title) {
    const isWide = word.charCodeAt(at) >= WIDE_MIN;
    run.count = isWide ? countAlike(word, at, end) : 1;
    run.font = isWide ? Font.Wide : Font.Title;
    run.width = isWide ? 20 : 14;
    run.height = isWide ? 20 : 28;
  } else if (word.charCodeAt(at) === 32) {
    run.skipped = 1;
    run.gap = GAP;
    run.count = left - 1 < RUN_MAX ? left - 1 : RUN_MAX;
  } else if (at < word.indexOf(" ")) {
    const isLarge = face === Face.Large;
    const isPoint = isLarge && word.charAt(at) === ".";
    run.font = isPoint ? Font.Point : isLarge ? Font.Large : Font.Title;
    run.width = isLarge && !isPoint ? 28 : 14;
    run.height = isLarge ? LARGE_HEIGHT : 28;
  }
  return run;
}

/** The first line of dots of a run: in the middle of its row; a currency on the line that its amount stands on. */
export function runTop(tops: string, row: number, word: string, run: Run): number {
  const face = word.charAt(1);
  const isAmount = face === Face.Large || face === Face.Amount;
  const height = isAmount ? (face === Face.Large ? LARGE_HEIGHT : 28) : run.height;
  const top = rowTop(tops, row) + ((rowEnd(tops, row) - rowTop(tops, row) - height) >> 1);
  if (!isAmount || run.height === height) return top;
  return top + (face === Face.Large ? 38 : 6);
}
