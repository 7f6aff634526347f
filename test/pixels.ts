/** Reads text out of a PNG again, cell by cell: what an eye, or a thief, has of a picture. */
import { PNG } from "pngjs";
import { GLYPH_COLUMNS, GLYPH_ROWS, glyphDots } from "../src/sim/twins/font";

const CHARS = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
let chars: Map<string, string> | undefined;

function charOf(dots: string): string {
  chars ??= new Map(CHARS.map((char) => [glyphDots(char).join(""), char]));
  return chars.get(dots) ?? " ";
}

/** Names of the chunks of a PNG, in order: text would be in a chunk of its own. */
export function chunksOf(png: Buffer): string[] {
  const names: string[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) names.push(png.toString("latin1", at + 4, at + 8));
  return names;
}

/** Rows of text whose cells lie on a grid that starts at `left`, `top`; `scale` is that of the glyphs. Blank where there is none. */
export function readPixels(bytes: Buffer, left: number, top: number, scale = 1): string[] {
  const { width, height, data } = PNG.sync.read(bytes);
  const colours = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const readCell = (x: number, y: number) => {
    // No glyph reaches into the corner of its cell.
    const ground = colours[y * width + x];
    let dots = "";
    for (let row = 0; row < GLYPH_ROWS; row++) {
      const start = (y + row * scale) * width + x;
      for (let column = 0; column < GLYPH_COLUMNS; column++)
        dots += colours[start + column * scale] === ground ? "0" : "1";
    }
    return charOf(dots);
  };
  const rows: string[] = [];
  for (let y = top; y + GLYPH_ROWS * scale <= height; y += GLYPH_ROWS) {
    let row = "";
    for (let x = left; x + GLYPH_COLUMNS * scale <= width; x += GLYPH_COLUMNS * scale) row += readCell(x, y);
    rows.push(row.trimEnd());
  }
  return rows;
}

/** A slip's rows: lines that are centred stand on half a cell, large ones are twice as wide and high. */
export function readSlip(bytes: Buffer, margin: number): string[] {
  return [1, 2].flatMap((scale) =>
    [0, 1].flatMap((half) => readPixels(bytes, margin + (half * scale * GLYPH_COLUMNS) / 2, margin, scale)),
  );
}
