/** The fonts that the panels' text may be in, rasterised here from the font files themselves, for `glass` to read with. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GlassFont, Glyph } from "./glass";
import type { Font } from "fontkit";
import { type Cell, openFontFile, packageFile, rasterise, setWeight } from "./outline";

function glyphOf(char: string, columns: number, dots: Uint8Array): Glyph {
  const inked = [...dots.keys()].filter((index) => dots[index] === 1);
  const rows = inked.map((index) => Math.floor(index / columns));
  return {
    char,
    columns,
    dots,
    first: inked.length > 0 ? Math.min(...inked.map((index) => index % columns)) : -1,
    ink: inked.length,
    inkRows: [rows[0] ?? 0, rows[rows.length - 1] ?? 0],
  };
}

const FUSION =
  "@fontsource/fusion-pixel-12px-monospaced-sc/files/fusion-pixel-12px-monospaced-sc-latin-400-normal.woff2";
const PLEX = "@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-600-normal.woff";

const ASCII = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));

/** The 3755 characters of GB 2312 level 1, and the signs of running text. */
function chineseCharacters(): string[] {
  const decoder = new TextDecoder("gb2312");
  const rows = Array.from({ length: 40 }, (_, index) => 0xb0 + index);
  const cells = Array.from({ length: 94 }, (_, index) => 0xa1 + index);
  const chars = rows.flatMap((row) => cells.map((cell) => decoder.decode(Uint8Array.from([row, cell]))));
  return [...chars.filter((char) => char !== "\ufffd"), ..."，。、：！？"];
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
  { rows: 24, advance: 15, tolerance: 0.05, narrow: digitGlyphs(LARGE, { columns: 6, left: -4 }), wide: none },
  { rows: 16, advance: 9, tolerance: 0.05, narrow: digitGlyphs(TALL, { columns: 3, left: -3 }), wide: none },
];

const NOTO = "@fontsource-variable/noto-sans-sc";
const PLEX_TEXT = "@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-500-normal.woff";

const TFT_NARROW: Cell = { columns: 11, rows: 20, dotsPerEm: 18.3, ascent: 16, samples: 8 };
const TFT_WIDE: Cell = { columns: 20, rows: 20, dotsPerEm: 19.5, ascent: 17, left: 0.25, samples: 8 };
const TFT_TITLE: Cell = { columns: 14, rows: 28, dotsPerEm: 23.3, ascent: 22, samples: 8 };
const TFT_LARGE: Cell = { columns: 28, rows: 56, dotsPerEm: 74, ascent: 54, stretch: 0.63, samples: 8 };

/** The font comes in slices; which has what says `unicode.json`. */
function notoGlyphs(): Glyph[] {
  const slices = Object.entries(JSON.parse(packageFile(`${NOTO}/unicode.json`)) as Record<string, string>);
  const sliceOf = new Map<number, string>();
  for (const [name, ranges] of slices) {
    for (const range of ranges.split(",")) {
      const [from = 0, to = from] = range
        .replace("U+", "")
        .split("-")
        .map((hex) => parseInt(hex, 16));
      for (let code = from; code <= to; code++) if (!sliceOf.has(code)) sliceOf.set(code, name.replace(/[[\]]/g, ""));
    }
  }
  const fonts = new Map<string, Font>();
  return chineseCharacters().flatMap((char) => {
    const slice = sliceOf.get(char.codePointAt(0) ?? 0);
    if (slice === undefined) return [];
    const font = fonts.get(slice) ?? openFontFile(`${NOTO}/files/noto-sans-sc-${slice}-wght-normal.woff2`);
    fonts.set(slice, font);
    setWeight(font, char, 500);
    return [glyphOf(char, TFT_WIDE.columns, rasterise(font, char, TFT_WIDE))];
  });
}

/** Four shades and two ways to sample: some dots at edges differ. */
export const TFT_FONTS = once((): readonly GlassFont[] => {
  const wide = once(notoGlyphs);
  return [
    { rows: 20, advance: 11, tolerance: 0.2, isShaded: true, narrow: glyphsOf(PLEX_TEXT, ASCII, TFT_NARROW), wide },
    { rows: 28, advance: 14, tolerance: 0.15, isShaded: true, narrow: glyphsOf(PLEX, ASCII, TFT_TITLE), wide: none },
    {
      rows: 56,
      advance: 28,
      tolerance: 0.15,
      isShaded: true,
      narrow: digitGlyphs(TFT_LARGE, { columns: 14, left: -7 }),
      wide: none,
    },
  ];
});
