/**
 * Glyphs as dots, as a printer's fonts A (12 x 24) and B (9 x 17) have them; characters of East Asia are twice as wide. Latin letters are
 * outlines of IBM Plex Mono (OFL-1.1) filled onto that grid; what it lacks is UnifontEX (OFL-1.1), which is drawn on a grid of 16.
 */
import type { Font } from "fontkit";
import { openFontFile, rasterise } from "../outline";

export const GLYPH_COLUMNS = 12;
export const GLYPH_ROWS = 24;

interface Grid {
  columns: number;
  rows: number;
}
export const FONT_A: Grid = { columns: GLYPH_COLUMNS, rows: GLYPH_ROWS };
export const FONT_B: Grid = { columns: 9, rows: 17 };

interface Face {
  file: string;
  /** Part of the em that a plain character is wide, and rows above the baseline by the height. */
  advance: number;
  ascent: number;
}

/** Tried in this order. */
const FACES: readonly Face[] = [
  { file: "ibm-plex-mono/files/ibm-plex-mono-latin-500-normal.woff", advance: 0.6, ascent: 0.75 },
  { file: "ibm-plex-mono/files/ibm-plex-mono-latin-ext-500-normal.woff", advance: 0.6, ascent: 0.75 },
  { file: "unifontex/files/unifontex-latin-400-normal.woff", advance: 0.5, ascent: 0.875 },
];
/** The radicals of Unicode's East Asian scripts; from here on characters are wide. */
const FIRST_WIDE = 0x2e80;
export interface Glyph {
  columns: number;
  rows: number;
  /** Row by row, 1 for ink. */
  dots: Uint8Array;
}

const glyphs = new Map<string, Glyph>();
const fonts = new Map<Face, Font>();

function openFont(face: Face): Font {
  let font = fonts.get(face);
  if (!font) {
    font = openFontFile(`@fontsource/${face.file}`);
    fonts.set(face, font);
  }
  return font;
}

/** The character in font A or B. One that no face has is an empty box, as on a printer. */
export function glyphOf(char: string, grid: Grid): Glyph {
  const name = `${grid.rows}${char}`;
  let glyph = glyphs.get(name);
  if (!glyph) {
    const code = char.codePointAt(0) ?? 32;
    const face = FACES.find((each) => openFont(each).hasGlyphForCodePoint(code));
    glyph = face ? draw(face, char, grid) : box(grid);
    glyphs.set(name, glyph);
  }
  return glyph;
}

/** 24 rows of 12 dots, 1 for ink. */
export function glyphDots(char: string): Uint8Array {
  return glyphOf(char, FONT_A).dots;
}

function draw(face: Face, char: string, { columns, rows }: Grid): Glyph {
  const width = (char.codePointAt(0) ?? 0) >= FIRST_WIDE ? 2 * columns : columns;
  const cell = { columns: width, rows, dotsPerEm: columns / face.advance, ascent: Math.round(rows * face.ascent) };
  return { columns: width, rows, dots: rasterise(openFont(face), char, cell) };
}

function box({ columns, rows }: Grid): Glyph {
  const isEdge = (x: number, y: number) => x === 1 || y === 3 || x === columns - 2 || y === rows - 4;
  const isInside = (x: number, y: number) => x >= 1 && y >= 3 && x <= columns - 2 && y <= rows - 4;
  const dots = Uint8Array.from({ length: columns * rows }, (_, index) => {
    const [x, y] = [index % columns, Math.floor(index / columns)];
    return isInside(x, y) && isEdge(x, y) ? 1 : 0;
  });
  return { columns, rows, dots };
}
