/**
 * Glyphs as dots, as a printer's fonts A (12 x 24) and B (9 x 17) have them; characters of East Asia are twice as wide. Latin letters are
 * outlines of IBM Plex Mono (OFL-1.1) filled onto that grid; what it lacks is UnifontEX (OFL-1.1), which is drawn on a grid of 16.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inflateSync } from "node:zlib";
import { create, type Font } from "fontkit";

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
/** Sub-rows and sub-columns a dot is sampled at. */
const SAMPLES = 4;

type Point = [number, number];

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
    const file = createRequire(import.meta.url).resolve(`@fontsource/${face.file}`);
    font = create(unpacked(readFileSync(file))) as Font;
    fonts.set(face, font);
  }
  return font;
}

/** WOFF 1.0 (W3C) as the OpenType file that it was made of: read as it is, a table is unpacked again for every glyph. */
function unpacked(woff: Buffer): Buffer {
  const tableCount = woff.readUInt16BE(12);
  const font = Buffer.alloc(woff.readUInt32BE(16));
  woff.copy(font, 0, 4, 8);
  font.writeUInt16BE(tableCount, 4);
  let at = 12 + 16 * tableCount;
  for (let index = 0; index < tableCount; index++) {
    const [entry, record] = [44 + 20 * index, 12 + 16 * index];
    const [offset, packedBytes, bytes] = [4, 8, 12].map((field) => woff.readUInt32BE(entry + field)) as [
      number,
      number,
      number,
    ];
    const data = woff.subarray(offset, offset + packedBytes);
    font.set(packedBytes < bytes ? inflateSync(data) : data, at);
    woff.copy(font, record, entry, entry + 4);
    woff.copy(font, record + 4, entry + 16, entry + 20);
    font.writeUInt32BE(at, record + 8);
    font.writeUInt32BE(bytes, record + 12);
    at += (bytes + 3) & ~3;
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
    glyph = face ? draw(face, code, grid) : box(grid);
    glyphs.set(name, glyph);
  }
  return glyph;
}

/** 24 rows of 12 dots, 1 for ink. */
export function glyphDots(char: string): Uint8Array {
  return glyphOf(char, FONT_A).dots;
}

function draw(face: Face, code: number, { columns, rows }: Grid): Glyph {
  const font = openFont(face);
  const width = code >= FIRST_WIDE ? 2 * columns : columns;
  const outlines = outline(font, code, columns / face.advance, Math.round(rows * face.ascent));
  return { columns: width, rows, dots: fill(outlines, width, rows) };
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

/** The closed outlines of a glyph in dots, y downwards, curves cut into short lines. */
function outline(font: Font, code: number, dotsPerEm: number, ascentRows: number): Point[][] {
  const scale = dotsPerEm / font.unitsPerEm;
  const outlines: Point[][] = [];
  let at: Point = [0, 0];
  const place = (x: number, y: number): Point => [x * scale, ascentRows - y * scale];
  const lineTo = (point: Point) => {
    outlines[outlines.length - 1]?.push(point);
    at = point;
  };
  const curveTo = (curve: (t: number) => Point) => {
    for (let step = 1; step <= 8; step++) outlines[outlines.length - 1]?.push(curve(step / 8));
    at = curve(1);
  };
  for (const { command, args } of font.glyphForCodePoint(code).path.commands) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
    const from = at;
    if (command === "moveTo") {
      outlines.push([]);
      lineTo(place(a, b));
    } else if (command === "lineTo") {
      lineTo(place(a, b));
    } else if (command === "quadraticCurveTo") {
      curveTo((t) => bezier([from, place(a, b), place(c, d)], t));
    } else if (command === "bezierCurveTo") {
      curveTo((t) => bezier([from, place(a, b), place(c, d), place(e, f)], t));
    }
  }
  return outlines;
}

/** De Casteljau's algorithm. */
function bezier(points: Point[], t: number): Point {
  if (points.length === 1) return points[0] as Point;
  const between = points.slice(1).map((point, index): Point => {
    const before = points[index] as Point;
    return [before[0] + (point[0] - before[0]) * t, before[1] + (point[1] - before[1]) * t];
  });
  return bezier(between, t);
}

/** Dots of which at least half lies inside, by the non-zero winding rule. */
function fill(outlines: Point[][], columns: number, rows: number): Uint8Array {
  const hits = new Uint8Array(columns * rows);
  for (let sample = 0; sample < rows * SAMPLES; sample++) {
    const y = (sample + 0.5) / SAMPLES;
    const crossings = outlines.flatMap((points) => crossingsAt(points, y)).sort((a, b) => a.x - b.x);
    let winding = 0;
    let next = 0;
    for (let column = 0; column < columns * SAMPLES; column++) {
      const x = (column + 0.5) / SAMPLES;
      for (; next < crossings.length && (crossings[next]?.x ?? 0) < x; next++)
        winding += crossings[next]?.direction ?? 0;
      if (winding !== 0) hits[Math.floor(sample / SAMPLES) * columns + Math.floor(column / SAMPLES)]++;
    }
  }
  return hits.map((count) => (count >= (SAMPLES * SAMPLES) / 2 ? 1 : 0));
}

function crossingsAt(points: Point[], y: number): { x: number; direction: number }[] {
  return points.flatMap(([x1, y1], index) => {
    const [x2, y2] = points[(index + 1) % points.length] as Point;
    if (y1 <= y === y2 <= y) return [];
    return [{ x: x1 + ((y - y1) / (y2 - y1)) * (x2 - x1), direction: y2 > y1 ? 1 : -1 }];
  });
}
