export interface Font {
  readonly unitsPerEm: number;
}
export interface Cell {
  readonly columns: number;
  readonly rows: number;
  readonly dotsPerEm: number;
  /** Row of the baseline, from the top. */
  readonly baseline: number;
  /** Column of the glyph's origin; 0 unless given. */
  readonly left?: number;
  /** Factor of the width alone. */
  readonly stretch?: number;
}
export function openFont(file: string): Font;
export function openSlice(folder: string, prefix: string, char: string, weight: number): Font;
export function coverage(font: Font, char: string, cell: Cell): number[];
export function pages(ink: readonly number[], cell: Pick<Cell, "columns" | "rows">): string;
export function shades(ink: readonly number[], cell: Pick<Cell, "columns" | "rows">): string;
export function base64(bytes: string): string;
export function drawnGlyphs(file: string, cell: Pick<Cell, "columns" | "rows">): Map<string, number[]>;
export function pieces(glyphs: readonly string[], count: number): readonly (() => string)[];
