/**
 * Glyphs of the 128 x 64 panel, as its bytes are: columns of eight rows. Small text is drawn by hand (`5x7.txt`); titles and
 * Chinese are Fusion Pixel 12 px (OFL-1.1), whose outlines lie on a grid of 12; digits are IBM Plex Mono SemiBold (OFL-1.1), condensed.
 * What is base64 has glyphs of one size each, and pages of a glyph that start on a base64 group.
 */
import { gb2312 } from "../../tools/gb2312.mjs";
import { base64, type Cell, coverage, drawnGlyphs, openFont, pages, pieces } from "../../tools/raster.mjs";
import { TEXT_NARROW_AMONG_WIDE, TEXT_WIDE, TITLE_NARROW, TITLE_WIDE } from "./used.table";

const FUSION = openFont(
  "@fontsource/fusion-pixel-12px-monospaced-sc/files/fusion-pixel-12px-monospaced-sc-latin-400-normal.woff2",
);
const PLEX = openFont("@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-600-normal.woff");

/** 12 px text in a band of two pages, capitals in its middle. */
const NARROW: Cell = { columns: 6, rows: 16, dotsPerEm: 12, baseline: 12 };
const WIDE: Cell = { ...NARROW, columns: 12 };
/** Digits of amounts, three pages and two. A point takes less. */
const LARGE: Cell = { columns: 15, rows: 24, dotsPerEm: 31.5, baseline: 23, stretch: 0.75, left: 0.4 };
const LARGE_POINT: Cell = { ...LARGE, columns: 6, left: -4 };
const TALL: Cell = { columns: 9, rows: 16, dotsPerEm: 20, baseline: 15, stretch: 0.72 };
const TALL_POINT: Cell = { ...TALL, columns: 3, left: -3 };

const DIGITS = [..."0123456789"];

const inverted = (bytes: string) => Array.from(bytes, (char) => String.fromCharCode(255 - char.charCodeAt(0))).join("");
const fusion = (chars: readonly string[], cell: Cell) => chars.map((char) => pages(coverage(FUSION, char, cell), cell));
const plex = (chars: readonly string[], cell: Cell) => chars.map((char) => pages(coverage(PLEX, char, cell), cell));
/** 512 characters a piece. */
const narrow = (glyphs: readonly string[]) => pieces(glyphs.map(base64), 32);
const wide = (glyphs: readonly string[]) => pieces(glyphs.map(base64), 16);
const packed = (glyphs: readonly string[]) => glyphs.map(base64).join("");
const spaced = (chars: readonly string[]) => chars.map((char) => gb2312(char) + " ").join("");

const drawn = drawnGlyphs("src/glyphs/5x7.txt", { columns: 5, rows: 7 });

/** Five columns a character, from the space on. */
export const SMALL = Array.from({ length: 95 }, (_, index) => {
  const dots = drawn.get(String.fromCharCode(32 + index)) as number[];
  return pages([...dots, 0, 0, 0, 0, 0], { columns: 5, rows: 8 });
}).join("");
/** Titles, dark on light: their characters, and the glyphs in the same order. Chinese characters have a space after each. */
export const TITLE_KEYS = TITLE_NARROW.join("");
export const TITLE = narrow(fusion(TITLE_NARROW, NARROW).map(inverted));
export const TITLE_WIDE_KEYS = spaced(TITLE_WIDE);
export const TITLE_WIDES = wide(fusion(TITLE_WIDE, WIDE).map(inverted));
/** Lines with Chinese in them. */
export const TEXT_KEYS = TEXT_NARROW_AMONG_WIDE.join("");
export const TEXT = narrow(fusion(TEXT_NARROW_AMONG_WIDE, NARROW));
export const TEXT_WIDE_KEYS = spaced(TEXT_WIDE);
export const TEXT_WIDES = wide(fusion(TEXT_WIDE, WIDE));
/** Ten digits and the point. */
export const LARGES = packed(plex(DIGITS, LARGE));
export const LARGE_POINTS = packed(plex(["."], LARGE_POINT));
export const TALLS = packed(plex(DIGITS, TALL));
export const TALL_POINTS = packed(plex(["."], TALL_POINT));
