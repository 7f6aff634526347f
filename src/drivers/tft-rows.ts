/**
 * A screen on 240 x 320 dots, portrait: seven rows from top to bottom, each known by a word that says what it shows, and the glyphs of
 * its characters. Left edges and widths are in dots.
 */
import type { Natives } from "../board/board";
import { Role, type Screen } from "./screen";

/** Glyphs in four shades, base64, column by column; see `Face` for their sizes. */
export interface TftGlyphs {
  textKeys: string;
  text: string;
  /** Chinese characters with a space after each. */
  wideKeys: string;
  wides: string;
  titleKeys: string;
  title: string;
  /** Digits from 0 on. */
  large: string;
  largePoint: string;
  /** Sixteen hexadecimal digits a palette: four shades of RGB565 from ground to ink. */
  palettes: string;
}

export const TFT_WIDTH = 240;
export const TFT_HEIGHT = 320;

/** Status, title, amount, three lines, hint; and a symbol over amount and lines, drawn after them. */
export const TFT_ROWS = 8;
export const AMOUNT_ROW = 2;
export const HINT_ROW = 6;
export const QR_ROW = 7;
/** First dot of each row but the symbol's, four digits each, and the end of the last. */
const TOPS = "00000028007201640198023202680320";

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
}

/** Sizes of letters; the second character of a row's word. */
export const enum Face {
  /** 11 x 20 dots, Chinese 20 x 20. */
  Text = "t",
  /** 14 x 28, Chinese as in text. */
  Title = "T",
  /** Digits 28 x 56, the point 14; what follows a space is in text. */
  Large = "L",
  /** Digits 14 x 28; what follows a space is in text. */
  Amount = "A",
}

/** The word of the symbol's row. */
export const QR_WORD = "qr";

/** Dots between an amount and its currency. */
const GAP = 8;
const MARGIN = 5;
/** More room than this an amount in large digits does not take. */
const LARGE_WIDTH_MAX = 228;
const STATUS_COLUMNS = 21;
const WIDE_MIN = 0xa1;
/** A key's box is this much wider than its letter, on each side; a blank behind it is as much narrower. */
export const KEY_MARGIN = 3;
/** Between a key and a Chinese character. */
const KEY_GAP = 5;

/** What stands at a place of a row's text. */
export interface Spot {
  /** Characters of the text that it takes: two for a Chinese one. */
  taken: number;
  /** Room in front of it. */
  gap: number;
  width: number;
  height: number;
  palette: string;
  /** A key: drawn on a box of its colour. */
  isKey: boolean;
}

export function rowTop(row: number): number {
  return parseInt(TOPS.substr((row === QR_ROW ? AMOUNT_ROW : row) * 4, 4), 10);
}

export function rowEnd(row: number): number {
  return parseInt(TOPS.substr((row === QR_ROW ? HINT_ROW : row + 1) * 4, 4), 10);
}

function titlePalette(role: Role): string {
  if (role === Role.Good) return Palette.TitleGood;
  if (role === Role.Bad) return Palette.TitleBad;
  return role === Role.Unsure ? Palette.TitleUnsure : Palette.TitlePlain;
}

/** Words for the rows: palette, face, text. ASCII text is filled up with blanks, so that it can be changed letter by letter. */
export function tftRows(screen: Screen): string[] {
  const lines = screen.lines.split("\n");
  const status = screen.status + screen.alert.padStart(STATUS_COLUMNS - screen.status.length, " ");
  const large = (screen.amount.length - 1) * 28 + 14 + GAP + screen.currency.length * 11;
  const amountFace = large <= LARGE_WIDTH_MAX ? Face.Large : Face.Amount;
  const amount = screen.amount && screen.amount + " " + screen.currency;
  const rows = [
    Palette.Status + Face.Text + status,
    titlePalette(screen.role) + Face.Title + screen.title,
    Palette.Paper + amountFace + (screen.qr ? "" : amount),
  ];
  for (let i = 0; i < 3; i++)
    rows.push(Palette.Paper + Face.Text + (i < lines.length && !screen.qr ? lines[i] : "").padEnd(STATUS_COLUMNS, " "));
  // A symbol takes the amount's place: it stands with the keys then.
  rows.push(Palette.Hint + Face.Text + (screen.qr && amount && amount + "  ") + screen.hint);
  rows.push(screen.qr && QR_WORD);
  return rows;
}

function keyPalette(word: string, at: number): string {
  const key = word.charAt(at);
  const before = at === 2 ? " " : word.charAt(at - 1);
  const after = word.charCodeAt(at + 1);
  if (before !== " " || (after !== 32 && !(after >= WIDE_MIN))) return "";
  if (key === "E") return Palette.KeyEnter;
  if (key === "B") return Palette.KeyBack;
  return key === "C" ? Palette.KeyCancel : "";
}

/** What stands at `at` of a row's word; `row` because only the hint has keys. */
export function spotAt(row: number, word: string, at: number): Spot {
  const face = word.charAt(1);
  const isWide = word.charCodeAt(at) >= WIDE_MIN;
  const key = row === HINT_ROW ? keyPalette(word, at) : "";
  const spot: Spot = { taken: 1, gap: 0, width: 11, height: 20, palette: key || word.charAt(0), isKey: key !== "" };
  if (isWide) {
    spot.taken = 2;
    spot.width = 20;
    if (row === HINT_ROW && at > 2 && word.charCodeAt(at - 1) < WIDE_MIN) spot.gap = KEY_GAP;
  } else if (row === HINT_ROW && at > 2 && word.charAt(at) === " " && keyPalette(word, at - 1)) {
    spot.gap = KEY_MARGIN;
    spot.width = 11 - KEY_MARGIN;
  } else if (face === Face.Title) {
    spot.width = 14;
    spot.height = 28;
  } else if (face !== Face.Text) {
    const space = word.indexOf(" ");
    if (at === space) spot.width = GAP;
    else if (at < space) {
      const isLarge = face === Face.Large;
      spot.height = isLarge ? 56 : 28;
      spot.width = isLarge ? (word.charAt(at) === "." ? 14 : 28) : 14;
    }
  }
  return spot;
}

/** The left edge of a row's text: titles and amounts stand in the middle. */
export function rowLeft(row: number, word: string): number {
  const face = word.charAt(1);
  if (face === Face.Text) return MARGIN;
  let width = 0;
  for (let at = 2; at < word.length;) {
    const spot = spotAt(row, word, at);
    width += spot.gap + spot.width;
    at += spot.taken;
  }
  return (TFT_WIDTH - width) >> 1;
}

/** The first row of dots of a glyph: in the middle of its row; a currency on the line that its amount stands on. */
export function spotTop(row: number, word: string, spot: Spot): number {
  const face = word.charAt(1);
  const isCurrency = spot.height === 20 && (face === Face.Large || face === Face.Amount);
  const height = isCurrency ? (face === Face.Large ? 56 : 28) : spot.height;
  const top = rowTop(row) + ((rowEnd(row) - rowTop(row) - height) >> 1);
  if (!isCurrency) return top;
  return top + (face === Face.Large ? 38 : 6);
}

/** Dots of the glyph there, two bits each. A character without a glyph is a blank. */
export function glyphAt(natives: Natives, glyphs: TftGlyphs, word: string, at: number, spot: Spot): string {
  let data = "";
  if (spot.taken === 2) {
    const index = glyphs.wideKeys.indexOf(word.substr(at, 2)) / 3;
    if (index >= 0) data = glyphs.wides.substr(index * 136, 136);
  } else if (spot.height === 56) {
    const digit = word.charCodeAt(at) - 48;
    data = spot.width === 14 ? glyphs.largePoint : glyphs.large.substr(digit * 524, 524);
  } else if (spot.height === 28) {
    const index = glyphs.titleKeys.indexOf(word.charAt(at));
    if (index >= 0) data = glyphs.title.substr(index * 132, 132);
  } else if (spot.width === 11) {
    const index = glyphs.textKeys.indexOf(word.charAt(at));
    if (index >= 0) data = glyphs.text.substr(index * 76, 76);
  }
  return data ? natives.unbase64(data) : "\0".repeat((spot.width * spot.height) / 4);
}
