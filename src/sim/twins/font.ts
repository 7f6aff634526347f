/** Glyphs of the printer: IBM Plex Mono (OFL-1.1) on the 12 x 24 grid of font A. */
import type { Font } from "fontkit";
import { openFontFile, rasterise } from "../outline";

export const GLYPH_COLUMNS = 12;
export const GLYPH_ROWS = 24;
/** An advance of 600 units in an em of 1000 fills 12 columns at 20 dots an em. */
const CELL = { columns: GLYPH_COLUMNS, rows: GLYPH_ROWS, dotsPerEm: 20, ascent: 18 };

const glyphs = new Map<string, Uint8Array>();
let font: Font | null = null;

/** 24 rows of 12 dots, 1 for ink. */
export function glyphDots(char: string): Uint8Array {
  let dots = glyphs.get(char);
  if (!dots) {
    font ??= openFontFile("@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-500-normal.woff");
    dots = rasterise(font, char, CELL);
    glyphs.set(char, dots);
  }
  return dots;
}
