/** The fonts that the panels' text may be in, rasterised here from the font files themselves, for `glass` to read with. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type GlassFont, type Glyph, glyphOf } from "./glass";
import { type Cell, openFontFile, rasterise } from "./outline";

const FUSION =
  "@fontsource/fusion-pixel-12px-monospaced-sc/files/fusion-pixel-12px-monospaced-sc-latin-400-normal.woff2";
const PLEX = "@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-600-normal.woff";

const ASCII = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));

/** The 3755 characters of GB 2312 level 1, then its signs: where two look the same, it is the character. */
function chineseCharacters(): string[] {
  const decoder = new TextDecoder("gb2312");
  const rows = [...Array.from({ length: 40 }, (_, index) => 0xb0 + index), 0xa1, 0xa3];
  const cells = Array.from({ length: 94 }, (_, index) => 0xa1 + index);
  return rows
    .flatMap((row) => cells.map((cell) => decoder.decode(Uint8Array.from([row, cell]))))
    .filter((char) => char !== "\ufffd" && char.trim() !== "");
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

const none = () => [];

function glyphsOf(file: string, chars: readonly string[], cell: Cell): Glyph[] {
  const font = openFontFile(file);
  return chars.map((char) => glyphOf(char, cell.columns, rasterise(font, char, cell)));
}

/** The drawn font: blocks of a row of characters and seven rows of `#` and `.`, a blank between two. */
function drawnGlyphs(): Glyph[] {
  const lines = readFileSync(join(import.meta.dirname, "..", "glyphs", "5x7.txt"), "utf8").split("\n");
  const glyphs: Glyph[] = [];
  for (let top = 0; top + 8 <= lines.length; top += 8) {
    const names = lines[top] ?? "";
    for (let at = 0; at < names.length; at += 6) {
      const dots = new Uint8Array(6 * 8);
      for (let y = 0; y < 7; y++)
        for (let x = 0; x < 5; x++) dots[y * 6 + x] = lines[top + 1 + y]?.[at + x] === "#" ? 1 : 0;
      glyphs.push(glyphOf(names.charAt(at), 6, dots));
    }
  }
  return glyphs;
}

const NARROW: Cell = { columns: 6, rows: 16, dotsPerEm: 12, ascent: 12 };
const LARGE: Cell = { columns: 15, rows: 24, dotsPerEm: 31.5, ascent: 23, stretch: 0.75, left: 0.4, samples: 8 };
const TALL: Cell = { columns: 9, rows: 16, dotsPerEm: 20, ascent: 15, stretch: 0.72, samples: 8 };

/** Digits and a point that takes less room. */
function digitGlyphs(cell: Cell, point: Partial<Cell>): Glyph[] {
  return [...glyphsOf(PLEX, [..."0123456789"], cell), ...glyphsOf(PLEX, ["."], { ...cell, ...point })];
}

export const OLED_FONTS: readonly GlassFont[] = [
  { rows: 8, advance: 6, tolerance: 0, narrow: drawnGlyphs(), wide: none },
  {
    rows: 16,
    advance: 6,
    tolerance: 0,
    narrow: glyphsOf(FUSION, ASCII, NARROW),
    wide: once(() => glyphsOf(FUSION, chineseCharacters(), { ...NARROW, columns: 12 })),
  },
  { rows: 24, advance: 15, tolerance: 0.02, narrow: digitGlyphs(LARGE, { columns: 6, left: -4 }), wide: none },
  { rows: 16, advance: 9, tolerance: 0.02, narrow: digitGlyphs(TALL, { columns: 3, left: -3 }), wide: none },
];
