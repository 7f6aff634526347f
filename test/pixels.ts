/** Reads text out of a PNG again, cell by cell: what an eye, or a thief, has of a picture. */
import { PNG } from "pngjs";
import { FONT_A, FONT_B, GLYPH_COLUMNS, GLYPH_ROWS, glyphDots, glyphOf } from "../src/sim/twins/font";

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

/** How characters stand on a slip: the font, and how often each of its dots is there. */
const LOOKS = [
  { font: FONT_A, wide: 1, high: 1 },
  { font: FONT_A, wide: 1, high: 2 },
  { font: FONT_A, wide: 2, high: 2 },
  { font: FONT_B, wide: 1, high: 1 },
] as const;
type Look = (typeof LOOKS)[number];

/** Glyphs by their rows of dots, one after the other, each row a number: most cells are told to be none by their first rows. */
interface Branch {
  rows: Map<number, Branch>;
  char?: string;
}

const slipChars = new Map<object, Branch>();

/** Characters of a font by their dots, plain and struck a second time one dot further right. */
function charsOf(font: Look["font"]): Branch {
  let found = slipChars.get(font);
  if (!found) {
    found = { rows: new Map() };
    for (const char of [...CHARS, "\u2500"]) {
      const { dots } = glyphOf(char, font);
      const bold = dots.map((dot, index) => (dot || (index % font.columns > 0 && dots[index - 1]) ? 1 : 0));
      for (const each of [bold, dots]) plant(found, each, font.columns, char);
    }
    slipChars.set(font, found);
  }
  return found;
}

function plant(root: Branch, dots: ArrayLike<number>, columns: number, char: string): void {
  let branch = root;
  for (let at = 0; at < dots.length; at += columns) {
    let bits = 0;
    for (let column = 0; column < columns; column++) bits = 2 * bits + (dots[at + column] ?? 0);
    const next = branch.rows.get(bits) ?? { rows: new Map() };
    branch.rows.set(bits, next);
    branch = next;
  }
  branch.char = char;
}

/** A slip's rows in every look, wherever they stand: black on white, or white on black. */
export function readSlip(bytes: Buffer, margin: number): string[] {
  const { width, height, data } = PNG.sync.read(bytes);
  const colours = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const isBlank = (y: number) => colours.subarray(y * width, (y + 1) * width).every((colour) => colour === colours[0]);
  const tops = Array.from({ length: height - 1 }, (_, y) => y).filter((y) => isBlank(y) && !isBlank(y + 1));
  const readCell = ({ font, wide, high }: Look, left: number, top: number) => {
    const ground = colours[top * width + left];
    let branch: Branch | undefined = charsOf(font);
    for (let line = 0; branch && line < font.rows; line++) {
      const start = (top + line * high) * width + left;
      let bits = 0;
      for (let column = 0; column < font.columns; column++)
        bits = 2 * bits + (colours[start + column * wide] === ground ? 0 : 1);
      branch = branch.rows.get(bits);
    }
    return branch?.char ?? " ";
  };
  const readRow = (look: Look, left: number, top: number) => {
    const cellWidth = look.font.columns * look.wide;
    let row = "";
    for (let x = left; x + cellWidth <= width - margin; x += cellWidth) row += readCell(look, x, top);
    return row.trimEnd();
  };
  const rows = LOOKS.flatMap((look) => {
    const { font, wide, high } = look;
    // No glyph fills the rows of its cell to the top.
    const starts = [...new Set(tops.flatMap((top) => Array.from({ length: 14 * high }, (_, up) => top + 1 - up)))];
    const fitting = starts.filter((top) => top >= 0 && top + font.rows * high <= height);
    // What is centred begins at any half of a cell; of nine dots no half is whole.
    const step = font.columns % 2 === 0 ? (font.columns * wide) / 2 : 1;
    const lefts = Array.from({ length: (font.columns * wide) / step }, (_, index) => margin + index * step);
    return fitting.flatMap((top) => lefts.map((left) => readRow(look, left, top)));
  });
  return rows.filter((row) => row.trim() !== "");
}
