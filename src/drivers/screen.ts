/**
 * What a display shows, as data, and what any display is to the terminal. Text is a byte string: ASCII, and Chinese characters as
 * two bytes of GB 2312 (EUC-CN), each from 0xA1 to 0xFE.
 *
 * Part of: display.ts
 */
import type { Happening } from "../board/board";

/** What kind of news a screen is; panels with colours show it in one. */
export const enum Role {
  Plain = 0,
  Good = 1,
  Bad = 2,
  /** Nobody knows yet. */
  Unsure = 3,
  /** None: the panel is off, whatever the texts say. */
  Dark = 4,
}

export interface Screen {
  role: Role;
  /** Link and keys. */
  status: string;
  /** What waits, or is wrong: queue, paper, battery. */
  alert: string;
  title: string;
  /** Digits and a point; "" when the screen is about no amount. */
  amount: string;
  currency: string;
  /** At most three lines, line feeds between. */
  lines: string;
  /** What to press: key letters, each with its word. */
  hint: string;
  /** A QR symbol in place of the lines, "" for none: its size in modules, then its columns as `QrColumns` says. */
  qr: string;
}

/**
 * A column of a symbol: a bit for each module from the top, the least significant of a byte first, 1 is light. Four light modules come
 * before the first, so a column has eight bytes.
 */
export const enum QrColumns {
  Bytes = 8,
  Quiet = 4,
}

/**
 * A long text in pieces, each in a function: an engine that runs from flash has one in memory only while somebody looks into it. A glyph
 * never stands in two.
 */
export type Pieces = readonly (() => string)[];

/** A display of any family. It draws by itself, a little a turn; a newer screen takes the place of one that is not finished. */
export interface Panel {
  show(screen: Screen): void;
  /** Its timer, and the ends of its transfers. True when the happening was the panel's. */
  on(happening: Happening, value: number, text: string): boolean;
}
