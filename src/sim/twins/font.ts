/** Glyphs as dots: outlines of IBM Plex Mono (OFL-1.1) filled onto the 12 x 24 grid of a printer's font A. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { create, type Font } from "fontkit";

export const GLYPH_COLUMNS = 12;
export const GLYPH_ROWS = 24;
/** Rows above the baseline. */
const ASCENT_ROWS = 18;
/** An advance of 600 units in an em of 1000 fills 12 columns at 20 dots an em. */
const DOTS_PER_EM = 20;
/** Sub-rows and sub-columns a dot is sampled at. */
const SAMPLES = 4;

type Point = [number, number];

const glyphs = new Map<string, Uint8Array>();
let font: Font | null = null;

function openFont(): Font {
  const file = createRequire(import.meta.url).resolve(
    "@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-500-normal.woff",
  );
  return create(readFileSync(file)) as Font;
}

/** 24 rows of 12 dots, 1 for ink. */
export function glyphDots(char: string): Uint8Array {
  let dots = glyphs.get(char);
  if (!dots) {
    font ??= openFont();
    dots = fill(outline(font, char));
    glyphs.set(char, dots);
  }
  return dots;
}

/** The closed outlines of a glyph in dots, y downwards, curves cut into short lines. */
function outline(source: Font, char: string): Point[][] {
  const scale = DOTS_PER_EM / source.unitsPerEm;
  const outlines: Point[][] = [];
  let at: Point = [0, 0];
  const place = (x: number, y: number): Point => [x * scale, ASCENT_ROWS - y * scale];
  const lineTo = (point: Point) => {
    outlines[outlines.length - 1]?.push(point);
    at = point;
  };
  const curveTo = (curve: (t: number) => Point) => {
    for (let step = 1; step <= 8; step++) outlines[outlines.length - 1]?.push(curve(step / 8));
    at = curve(1);
  };
  for (const { command, args } of source.glyphForCodePoint(char.codePointAt(0) ?? 32).path.commands) {
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
function fill(outlines: Point[][]): Uint8Array {
  const hits = new Uint8Array(GLYPH_COLUMNS * GLYPH_ROWS);
  for (let sample = 0; sample < GLYPH_ROWS * SAMPLES; sample++) {
    const y = (sample + 0.5) / SAMPLES;
    const crossings = outlines.flatMap((points) => crossingsAt(points, y)).sort((a, b) => a.x - b.x);
    let winding = 0;
    let next = 0;
    for (let column = 0; column < GLYPH_COLUMNS * SAMPLES; column++) {
      const x = (column + 0.5) / SAMPLES;
      for (; next < crossings.length && (crossings[next]?.x ?? 0) < x; next++)
        winding += crossings[next]?.direction ?? 0;
      if (winding !== 0) hits[Math.floor(sample / SAMPLES) * GLYPH_COLUMNS + Math.floor(column / SAMPLES)]++;
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
