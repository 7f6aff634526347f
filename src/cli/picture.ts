/** Rows of text with ANSI colours as a PNG, in the printer's own glyphs: what a terminal would show. */
import { PNG } from "pngjs";
import { FONT_A, GLYPH_COLUMNS, GLYPH_ROWS, glyphOf } from "../sim/twins/font";

type Rgb = readonly [number, number, number];

const FOREGROUND: Rgb = [221, 221, 221];
const BACKGROUND: Rgb = [24, 26, 27];
const MARGIN = 16;
/** Steps of the 6 x 6 x 6 cube in xterm's 256 colours. */
const CUBE = [0, 95, 135, 175, 215, 255];

function xterm(index: number): Rgb {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const at = index - 16;
  return [CUBE[Math.floor(at / 36)] ?? 0, CUBE[Math.floor(at / 6) % 6] ?? 0, CUBE[at % 6] ?? 0];
}

interface Cell {
  char: string;
  ink: Rgb;
  ground: Rgb;
}

function cellsOf(row: string): Cell[] {
  let ink = FOREGROUND;
  let ground = BACKGROUND;
  const cells: Cell[] = [];
  for (const [, codes, char] of row.matchAll(/\x1b\[([0-9;]*)m|([\s\S])/g)) {
    if (char !== undefined) {
      cells.push({ char, ink, ground });
      continue;
    }
    if (codes === "0") [ink, ground] = [FOREGROUND, BACKGROUND];
    ink = colour(codes ?? "", 38) ?? ink;
    ground = colour(codes ?? "", 48) ?? ground;
  }
  return cells;
}

function colour(codes: string, which: number): Rgb | null {
  const found = new RegExp(`(?:^|;)${which};5;([0-9]+)`).exec(codes);
  return found ? xterm(Number(found[1])) : null;
}

/** Draws rows of `columns` characters. */
export function textPng(rows: readonly string[], columns: number): Buffer {
  const png = new PNG({ width: columns * GLYPH_COLUMNS + 2 * MARGIN, height: rows.length * GLYPH_ROWS + 2 * MARGIN });
  const paint = (x: number, y: number, rgb: Rgb) => png.data.set([...rgb, 255], 4 * (y * png.width + x));
  for (let y = 0; y < png.height; y++) for (let x = 0; x < png.width; x++) paint(x, y, BACKGROUND);
  rows.forEach((row, rowIndex) => {
    let left = MARGIN;
    for (const { char, ink, ground } of cellsOf(row)) {
      const { columns: width, dots } = glyphOf(char, FONT_A);
      for (let y = 0; y < GLYPH_ROWS; y++) {
        for (let x = 0; x < width; x++)
          paint(left + x, MARGIN + rowIndex * GLYPH_ROWS + y, dots[y * width + x] ? ink : ground);
      }
      left += width;
    }
  });
  return PNG.sync.write(png);
}
