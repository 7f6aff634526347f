/** Outlines of font files filled onto a grid of dots: what stands on paper and glass is told from this, not from the firmware's glyphs. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { create, type Font } from "fontkit";

export interface Cell {
  readonly columns: number;
  readonly rows: number;
  readonly dotsPerEm: number;
  /** Rows above the baseline. */
  readonly ascent: number;
  /** Column of the origin, 0 unless given. */
  readonly left?: number;
  /** Factor of the width alone, 1 unless given. */
  readonly stretch?: number;
  /** Sub-rows and sub-columns that a dot is sampled at, 4 unless given. */
  readonly samples?: number;
}

type Point = [number, number];

const require = createRequire(import.meta.url);

/** A font file of an installed package; `weight` for one that has many. */
export function openFontFile(file: string, weight?: number): Font {
  const font = create(readFileSync(require.resolve(file))) as Font;
  return weight === undefined ? font : font.getVariation({ wght: weight });
}

export function packageFile(file: string): string {
  return readFileSync(require.resolve(file), "utf8");
}

/** Rows of dots, 1 for ink. */
export function rasterise(font: Font, char: string, cell: Cell): Uint8Array {
  return fill(outline(font, char, cell), cell);
}

/** The closed outlines of a glyph in dots, y downwards, curves cut into short lines. */
function outline(font: Font, char: string, { dotsPerEm, ascent, left = 0, stretch = 1 }: Cell): Point[][] {
  const scale = dotsPerEm / font.unitsPerEm;
  const outlines: Point[][] = [];
  let at: Point = [0, 0];
  const place = (x: number, y: number): Point => [left + x * scale * stretch, ascent - y * scale];
  const lineTo = (point: Point) => {
    outlines[outlines.length - 1]?.push(point);
    at = point;
  };
  const curveTo = (curve: (t: number) => Point) => {
    for (let step = 1; step <= 8; step++) outlines[outlines.length - 1]?.push(curve(step / 8));
    at = curve(1);
  };
  for (const { command, args } of font.glyphForCodePoint(char.codePointAt(0) ?? 32).path.commands) {
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
function fill(outlines: Point[][], { columns, rows, samples = 4 }: Cell): Uint8Array {
  const hits = new Uint8Array(columns * rows);
  for (let sample = 0; sample < rows * samples; sample++) {
    const y = (sample + 0.5) / samples;
    const crossings = outlines.flatMap((points) => crossingsAt(points, y)).sort((a, b) => a.x - b.x);
    let winding = 0;
    let next = 0;
    for (let column = 0; column < columns * samples; column++) {
      const x = (column + 0.5) / samples;
      for (; next < crossings.length && (crossings[next]?.x ?? 0) < x; next++)
        winding += crossings[next]?.direction ?? 0;
      if (winding !== 0) hits[Math.floor(sample / samples) * columns + Math.floor(column / samples)]++;
    }
  }
  return hits.map((count) => (count >= (samples * samples) / 2 ? 1 : 0));
}

function crossingsAt(points: Point[], y: number): { x: number; direction: number }[] {
  return points.flatMap(([x1, y1], index) => {
    const [x2, y2] = points[(index + 1) % points.length] as Point;
    if (y1 <= y === y2 <= y) return [];
    return [{ x: x1 + ((y - y1) / (y2 - y1)) * (x2 - x1), direction: y2 > y1 ? 1 : -1 }];
  });
}
