/**
 * Glyphs of the 240 x 320 panel, in four shades: two bits a dot, column by column, because the panel is written in that order. Letters
 * and digits are IBM Plex Mono (OFL-1.1), Chinese is Noto Sans SC (OFL-1.1). All is base64, a glyph of each size always as long.
 */
import { gb2312 } from "../../tools/gb2312.mjs";
import { base64, type Cell, coverage, type Font, openFont, openSlice, pieces, shades } from "../../tools/raster.mjs";
import { TEXT_NARROW, TEXT_WIDE, TITLE_NARROW } from "./used.table";

const PLEX = openFont("@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-500-normal.woff");
const PLEX_BOLD = openFont("@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-600-normal.woff");
const noto = (char: string) => openSlice("@fontsource-variable/noto-sans-sc", "noto-sans-sc", char, 500);

const NARROW: Cell = { columns: 11, rows: 20, dotsPerEm: 18.3, baseline: 16 };
const WIDE: Cell = { columns: 20, rows: 20, dotsPerEm: 19.5, baseline: 17, left: 0.25 };
const TITLE_CELL: Cell = { columns: 14, rows: 28, dotsPerEm: 23.3, baseline: 22 };
/** Digits of amounts; a point takes half of the width. */
const LARGE: Cell = { columns: 28, rows: 56, dotsPerEm: 74, baseline: 54, stretch: 0.63 };
const POINT_CELL: Cell = { ...LARGE, columns: 14, left: -7 };

const DIGITS = [..."0123456789"];

const packed = (chars: readonly string[], fontOf: (char: string) => Font, cell: Cell) =>
  chars.map((char) => base64(shades(coverage(fontOf(char), char, cell), cell)));

/** Base64 characters of a glyph. */
const strideOf = ({ columns, rows }: Cell) => Math.ceil((columns * rows) / 4 / 3) * 4;

/** Glyphs of a piece are a power of two, so that one has about a thousand characters. */
export const TEXT_SHIFT = 4;
export const WIDE_SHIFT = 3;
export const TITLE_SHIFT = 3;
export const LARGE_SHIFT = 1;

/** Titles, and amounts too long for the large digits. */
const TITLE_CHARS = [...new Set([...TITLE_NARROW, ...DIGITS, "."])];

export const TEXT_KEYS = TEXT_NARROW.join("");
export const TEXT = pieces(
  packed(TEXT_NARROW, () => PLEX, NARROW),
  1 << TEXT_SHIFT,
);
export const TEXT_STRIDE = strideOf(NARROW);
/** Chinese characters, a space after each. */
export const WIDE_KEYS = TEXT_WIDE.map((char) => gb2312(char) + " ").join("");
export const WIDES = pieces(packed(TEXT_WIDE, noto, WIDE), 1 << WIDE_SHIFT);
export const WIDE_STRIDE = strideOf(WIDE);
export const TITLE_KEYS = TITLE_CHARS.join("");
export const TITLE = pieces(
  packed(TITLE_CHARS, () => PLEX_BOLD, TITLE_CELL),
  1 << TITLE_SHIFT,
);
export const TITLE_STRIDE = strideOf(TITLE_CELL);
export const LARGE_KEYS = DIGITS.join("");
export const LARGES = pieces(
  packed(DIGITS, () => PLEX_BOLD, LARGE),
  1 << LARGE_SHIFT,
);
export const LARGE_STRIDE = strideOf(LARGE);
export const POINT_KEYS = ".";
export const POINT = pieces(
  packed(["."], () => PLEX_BOLD, POINT_CELL),
  1,
);
export const POINT_STRIDE = strideOf(POINT_CELL);

/** Ground and ink of each palette, in the order of `Palette` in `drivers/tft-rows`. */
export const COLOURS: readonly (readonly [number, number])[] = [
  // Status row; lines and amounts on paper; hint row.
  [0x18243a, 0xffffff],
  [0xffffff, 0x101820],
  [0xe4e8ee, 0x101820],
  // Titles: plain, good, bad, not known.
  [0x1f4e9e, 0xffffff],
  [0x136f3a, 0xffffff],
  [0xb3201f, 0xffffff],
  [0xf2b01e, 0x101820],
  // Keys: enter, back, cancel.
  [0x136f3a, 0xffffff],
  [0xf2b01e, 0x101820],
  [0xb3201f, 0xffffff],
  // Other keys on a touch glass; then these four inverted.
  [0xe4e8ee, 0x101820],
  [0xffffff, 0x136f3a],
  [0x101820, 0xf2b01e],
  [0xffffff, 0xb3201f],
  [0x101820, 0xe4e8ee],
];

/** Four shades from ground to ink, 16 bits each (RGB565), four hexadecimal digits a shade. */
function palette([ground, ink]: readonly [number, number]): string {
  const shade = (part: number) => {
    const channel = (shift: number, bits: number) => {
      const [from, to] = [(ground >> shift) & 255, (ink >> shift) & 255];
      return Math.round(((from + (to - from) * part) / 255) * ((1 << bits) - 1));
    };
    return (channel(16, 5) << 11) | (channel(8, 6) << 5) | channel(0, 5);
  };
  return [0, 1 / 3, 2 / 3, 1].map((part) => shade(part).toString(16).padStart(4, "0")).join("");
}

export const PALETTES = COLOURS.map(palette).join("");
