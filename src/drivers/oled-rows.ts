/**
 * A screen on 128 x 64 dots: which row of text stands on which of the eight pages (bands of eight dots), and the columns of a page. No
 * picture is kept: a page is known by a word for what it shows, and its 128 bytes are made when they are sent.
 *
 * Part of: ssd1306.ts
 */
import type { Natives } from "../board/board";
import { type Pieces, QrColumns, type Screen } from "./screen";

/** Text of 12 dots in a band of two pages, base64: 16 characters a glyph, 32 a Chinese one, the upper page first; 512 a piece. */
export interface OledFace {
  /** The characters that have a glyph; Chinese ones with a space after each. */
  chars: () => string;
  glyphs: Pieces;
  wideChars: () => string;
  wides: Pieces;
}

export interface OledGlyphs {
  /** Five columns a character from the space on. */
  small: () => string;
  /** Dark on light. */
  title: OledFace;
  text: OledFace;
  /** Digits of three pages and 15 columns, the point 6: base64. */
  large: () => string;
  largePoint: () => string;
  /** Digits of two pages and 9 columns, the point 3: base64. */
  tall: () => string;
  tallPoint: () => string;
}

export const OLED_COLUMNS = 128;
export const OLED_PAGES = 8;

/** What a page shows: the first letter of its word. The digit after it says which page of the row it is, then comes the text. */
const enum Row {
  /** 6 x 8 dots a character. */
  Small = "s",
  /** The same between two bars of light, centred. */
  SmallTitle = "t",
  /** Two pages, a light band, centred. */
  Title = "T",
  /** Two pages: the title in a light band on the left, then the status, for Chinese. */
  Head = "H",
  /** Two pages. */
  Line = "l",
  /** Amounts, three pages and two. */
  Large = "L",
  Tall = "A",
  /** A page of a symbol on the right; its text is the word of what stands left of it. */
  Qr = "Q",
}

/** Four dots as eight, each twice. */
const DOUBLES = "\0\x03\x0c\x0f\x30\x33\x3c\x3f\xc0\xc3\xcc\xcf\xf0\xf3\xfc\xff";
const DARK = "\0".repeat(OLED_COLUMNS);
const LIGHT = "\xff".repeat(OLED_COLUMNS);
/** First byte of a Chinese character, GB 2312. */
const WIDE_MIN = 0xa1;
/** Columns of light left and right of a title that does not fill the row. */
const EDGE = 3;
/** Dark between the bars and a small title. */
const BESIDE = "\0\0\0";
/** Columns between an amount and its currency. */
const GAP = 3;
const SMALL_COLUMNS = 6;
/** Columns left of a symbol, and characters of an amount in tall digits that they hold. */
const QR_LEFT = 63;
const QR_DIGITS_MAX = 7;
/** A row of small text starts one column in. */
const SMALL_MAX = 21;
/** A comma in GB 2312. */
const WIDE_COMMA = "\xa3\xac";

function add(pages: string[], row: Row, pageCount: number, text: string): void {
  for (let i = 0; i < pageCount; i++) pages.push(row + i + text);
}

function amountColumns(screen: Screen): number {
  const digits = screen.amount.length - 1;
  return digits * 15 + 6 + GAP + screen.currency.length * SMALL_COLUMNS;
}

/** Dots that 12-dot text is wide. */
function facedColumns(text: string): number {
  return text.length * SMALL_COLUMNS;
}

/** Title and status side by side; of the alerts, which come gravest first, those that there is room for. */
function headText(screen: Screen): string {
  const parts = (screen.status + (screen.alert && " ") + screen.alert).split(" ");
  const room = OLED_COLUMNS - facedColumns(screen.title) - 2 * EDGE;
  while (parts.length > 1 && facedColumns(parts.join(" ")) > room) parts.pop();
  return screen.title + "\n" + parts.join(" ");
}

/** Left of a symbol: the title, the amount over its currency, the hint; Chinese is two pages high. */
function qrPages(screen: Screen, isWide: boolean): string[] {
  const pages: string[] = [];
  if (isWide) {
    add(pages, Row.Line, 2, screen.title);
    pages.push("");
  } else {
    pages.push("", Row.Small + "0" + screen.title, "");
  }
  // Seven digits and a point are as wide as there is room.
  if (screen.amount.length <= QR_DIGITS_MAX) add(pages, Row.Tall, 2, screen.amount);
  else pages.push("", Row.Small + "0" + screen.amount);
  pages.push(Row.Small + "0" + screen.currency);
  if (isWide) add(pages, Row.Line, 2, screen.hint);
  else pages.push("", Row.Small + "0" + screen.hint);
  for (let i = 0; i < OLED_PAGES; i++) pages[i] = Row.Qr + i + pages[i];
  return pages;
}

/** With Chinese every row is two pages high, so the title shares one with the status, and beside an amount there is one line. */
function widePages(screen: Screen, amount: string): string[] {
  const pages: string[] = [];
  add(pages, Row.Head, 2, headText(screen));
  const isLarge = !screen.lines && amountColumns(screen) <= OLED_COLUMNS;
  if (amount) add(pages, isLarge ? Row.Large : Row.Tall, isLarge ? 3 : 2, amount);
  const lines = (amount ? screen.lines.replace("\n", WIDE_COMMA) : screen.lines).split("\n");
  for (let i = 0; screen.lines && i < lines.length; i++) add(pages, Row.Line, 2, lines[i]);
  while (pages.length < OLED_PAGES - 2) pages.push("");
  add(pages, Row.Line, 2, screen.hint);
  return pages;
}

/** Status, title, amount, lines and hint: the fewer lines, the larger the others. */
function narrowPages(screen: Screen, amount: string): string[] {
  const pages: string[] = [];
  const lines = screen.lines ? screen.lines.split("\n") : [];
  add(pages, Row.Small, 1, screen.status + screen.alert.padStart(SMALL_MAX - screen.status.length, " "));
  if (amount && lines.length > 2) add(pages, Row.SmallTitle, 1, screen.title);
  else add(pages, Row.Title, 2, screen.title);
  if (!amount) pages.push("");
  else if (lines.length < 2 && amountColumns(screen) <= OLED_COLUMNS) add(pages, Row.Large, 3, amount);
  else add(pages, Row.Tall, 2, amount);
  for (let i = 0; i < lines.length; i++) add(pages, Row.Small, 1, lines[i]);
  while (pages.length < OLED_PAGES - 1) pages.push("");
  add(pages, Row.Small, 1, screen.hint);
  return pages;
}

/** Words for the eight pages. */
export function oledPages(screen: Screen): string[] {
  const isWide = screen.status.charCodeAt(0) >= WIDE_MIN;
  if (screen.qr) return qrPages(screen, isWide);
  const amount = screen.amount && screen.amount + " " + screen.currency;
  return isWide ? widePages(screen, amount) : narrowPages(screen, amount);
}

function small(glyphs: OledGlyphs, text: string): string {
  const columns = glyphs.small();
  let out = "";
  for (let i = 0; i < text.length; i++) out += columns.substr((text.charCodeAt(i) - 32) * 5, 5) + "\0";
  return out;
}

/** One page of 12-dot text; a character without a glyph is left out. */
function faced(natives: Natives, face: OledFace, text: string, page: number): string {
  const chars = face.chars();
  const wideChars = face.wideChars();
  let out = "";
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < WIDE_MIN) {
      const at = chars.indexOf(text.charAt(i));
      if (at >= 0) out += natives.unbase64(face.glyphs[at >> 5]().substr((at & 31) * 16 + page * 8, 8));
    } else {
      const at = wideChars.indexOf(text.substr(i, 2)) / 3;
      if (at >= 0) out += natives.unbase64(face.wides[at >> 4]().substr((at & 15) * 32 + page * 16, 16));
      i++;
    }
  }
  return out;
}

/** One page of an amount: digits, and on the last page the currency in small letters. */
function digits(natives: Natives, glyphs: OledGlyphs, text: string, page: number, isLarge: boolean): string {
  const parts = text.split(" ");
  const stride = isLarge ? 20 : 12;
  const pageCount = isLarge ? 3 : 2;
  const columns = isLarge ? glyphs.large() : glyphs.tall();
  let out = "";
  for (let i = 0; i < parts[0].length; i++) {
    const digit = parts[0].charCodeAt(i) - 48;
    if (digit >= 0) {
      out += natives.unbase64(columns.substr((digit * pageCount + page) * stride, stride));
    } else {
      out += natives.unbase64(
        isLarge ? glyphs.largePoint().substr(page * 8, 8) : glyphs.tallPoint().substr(page * 4, 4),
      );
    }
  }
  if (parts.length === 1) return out;
  const currency = page === pageCount - 1 ? small(glyphs, parts[1]) : DARK.substr(0, parts[1].length * SMALL_COLUMNS);
  return out + DARK.substr(0, GAP) + currency;
}

/** Text, then a page of the symbol in the middle of the height, a dot a module and light around it; the smallest is twice as large. */
function withQr(text: string, qr: string, page: number): string {
  const left = text.substr(0, QR_LEFT);
  const size = qr.charCodeAt(0);
  const modules = size + 2 * QrColumns.Quiet;
  const isDouble = modules * 2 <= OLED_PAGES * 8;
  // Version 10 has 65 rows with its quiet zone: the last is where the glass ends.
  const pageCount = isDouble || modules > OLED_PAGES * 8 ? OLED_PAGES : (modules + 7) >> 3;
  const from = page - ((OLED_PAGES - pageCount) >> 1);
  if (from < 0 || from >= pageCount) return left + DARK.substr(left.length);
  const bit = isDouble ? from * 4 : from * 8;
  let symbol = "";
  for (let x = 0; x < size; x++) {
    let column = qr.charCodeAt(1 + x * QrColumns.Bytes + (bit >> 3));
    if (isDouble) column = DOUBLES.charCodeAt((column >> (bit & 4)) & 15);
    const byte = String.fromCharCode(column);
    symbol += isDouble ? byte + byte : byte;
  }
  const quiet = LIGHT.substr(0, QrColumns.Quiet * (isDouble ? 2 : 1));
  symbol = quiet + symbol + quiet;
  return left + DARK.substr(left.length + symbol.length) + symbol;
}

function centred(columns: string, ground: string): string {
  const left = (OLED_COLUMNS - columns.length) >> 1;
  return ground.substr(0, left) + columns + ground.substr(left + columns.length);
}

function head(natives: Natives, glyphs: OledGlyphs, text: string, page: number): string {
  const parts = text.split("\n");
  const edge = LIGHT.substr(0, EDGE);
  const title = edge + faced(natives, glyphs.title, parts[0], page) + edge;
  const status = faced(natives, glyphs.text, parts[1], page);
  return title + DARK.substr(title.length + status.length) + status;
}

/** Rows of plain text, as wide as they are. */
function textColumns(natives: Natives, glyphs: OledGlyphs, word: string): string {
  const row = word.charAt(0);
  const page = word.charCodeAt(1) - 48;
  const text = word.substr(2);
  if (row === Row.Large || row === Row.Tall) return digits(natives, glyphs, text, page, row === Row.Large);
  if (row === Row.Small) return "\0" + small(glyphs, text);
  return row === Row.Line ? "\0" + faced(natives, glyphs.text, text, page) : "";
}

/** The columns of a page, by its word; `qr` as in the screen. */
export function oledColumns(natives: Natives, glyphs: OledGlyphs, word: string, qr: string): string {
  const row = word.charAt(0);
  const page = word.charCodeAt(1) - 48;
  const text = word.substr(2);
  if (row === Row.Qr) return withQr(textColumns(natives, glyphs, text), qr, page);
  if (row === Row.Large || row === Row.Tall) return centred(textColumns(natives, glyphs, word), DARK);
  if (row === Row.Title) return centred(faced(natives, glyphs.title, text, page), LIGHT);
  if (row === Row.Head) return head(natives, glyphs, text, page);
  // No page has room for a light row above and below letters: they are light, between two bars.
  if (row === Row.SmallTitle) return centred(BESIDE + small(glyphs, text) + BESIDE, LIGHT);
  const columns = textColumns(natives, glyphs, word);
  return columns + DARK.substr(columns.length);
}
