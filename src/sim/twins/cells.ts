/** Characters as a printer's modes have them: size, emphasis, underline, white on black. */
import { FONT_A, FONT_B, glyphOf } from "./font";
import type { Cell } from "./paper";

export interface Look {
  text: string;
  /** Of two bytes: as wide as it is high, whatever it is. */
  isDouble: boolean;
  wide: number;
  high: number;
  isBold: boolean;
  isReverse: boolean;
  isSmall: boolean;
  underlineDots: number;
}

/** Each character in each look that was asked for; slips have few. */
const cells = new Map<string, Cell>();

export function cellOf(look: Look): Cell {
  const { text, isDouble, wide, high, isBold, isReverse, isSmall, underlineDots } = look;
  const name = `${text}${isDouble}${wide}${high}${isBold}${isReverse}${isSmall}${underlineDots}`;
  let cell = cells.get(name);
  if (!cell) {
    cell = draw(look);
    cells.set(name, cell);
  }
  return cell;
}

/** Emphasis is a second strike one dot further right. */
function draw({ text, isDouble, wide, high, isBold, isReverse, isSmall, underlineDots }: Look): Cell {
  const glyph = glyphOf(text, isSmall && !isDouble ? FONT_B : FONT_A);
  const stretch = wide * (isDouble && glyph.columns === FONT_A.columns ? 2 : 1);
  const columns = glyph.columns * stretch;
  const rows = glyph.rows * high;
  const ink = (x: number, y: number) => x >= 0 && glyph.dots[y * glyph.columns + x] === 1;
  const dots = Uint8Array.from({ length: columns * rows }, (_, index) => {
    const x = Math.floor((index % columns) / stretch);
    const y = Math.floor(index / columns / high);
    const isUnderlined = index >= columns * (rows - underlineDots);
    const isInk = ink(x, y) || (isBold && ink(x - 1, y)) || isUnderlined;
    return isInk !== isReverse ? 1 : 0;
  });
  return { text, columns, rows, dots };
}
