/** Outlines of font files filled onto a grid of dots: what stands on paper and glass is told from this, not from the firmware's glyphs. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inflateSync } from "node:zlib";
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

type Place = [number, number];

const require = createRequire(import.meta.url);

/** A font file of an installed package. */
export function openFontFile(file: string): Font {
  const font = readFileSync(require.resolve(file));
  return create(file.endsWith(".woff") ? unpacked(font) : font) as Font;
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

/** What fontkit has inside and does not type. */
interface Point {
  endContour: boolean;
  copy(): Point;
}
interface Inside {
  variationCoords: number[];
  _variationProcessor: { transformPoints(glyph: number, points: Point[]): void };
}

/**
 * Sets the weight of a variable font's glyph. fontkit itself does so for TrueType files only; those unpacked from WOFF2 keep the points
 * of the lightest weight. Four phantom points end every glyph (OpenType, gvar).
 */
export function setWeight(font: Font, char: string, weight: number): void {
  const inside = font as unknown as Inside;
  inside.variationCoords = [weight];
  const glyph = font.glyphForCodePoint(char.codePointAt(0) ?? 32);
  const { points } = (glyph as unknown as { _decode(): { points?: Point[] } })._decode();
  if (!points?.[0]) return;
  const phantoms = Array.from({ length: 4 }, () => Object.assign((points[0] as Point).copy(), { endContour: true }));
  inside._variationProcessor.transformPoints(glyph.id, [...points, ...phantoms]);
}

export function packageFile(file: string): string {
  return readFileSync(require.resolve(file), "utf8");
}

/** Rows of dots, 1 for ink. */
export function rasterise(font: Font, char: string, cell: Cell): Uint8Array {
  return fill(outline(font, char, cell), cell);
}

/** The closed outlines of a glyph in dots, y downwards, curves cut into short lines. */
function outline(font: Font, char: string, { dotsPerEm, ascent, left = 0, stretch = 1 }: Cell): Place[][] {
  const scale = dotsPerEm / font.unitsPerEm;
  const outlines: Place[][] = [];
  let at: Place = [0, 0];
  const place = (x: number, y: number): Place => [left + x * scale * stretch, ascent - y * scale];
  const lineTo = (point: Place) => {
    outlines[outlines.length - 1]?.push(point);
    at = point;
  };
  const curveTo = (curve: (t: number) => Place) => {
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
function bezier(points: Place[], t: number): Place {
  if (points.length === 1) return points[0] as Place;
  const between = points.slice(1).map((point, index): Place => {
    const before = points[index] as Place;
    return [before[0] + (point[0] - before[0]) * t, before[1] + (point[1] - before[1]) * t];
  });
  return bezier(between, t);
}

/** Dots of which at least half lies inside, by the non-zero winding rule. */
function fill(outlines: Place[][], { columns, rows, samples = 4 }: Cell): Uint8Array {
  const hits = new Uint8Array(columns * rows);
  const edges = outlines.flatMap((places) =>
    places.map(([x1, y1], index) => {
      const [x2, y2] = places[(index + 1) % places.length] as Place;
      return { x1, y1, x2, y2 };
    }),
  );
  for (let sample = 0; sample < rows * samples; sample++) {
    const y = (sample + 0.5) / samples;
    const crossings: { x: number; direction: number }[] = [];
    for (const { x1, y1, x2, y2 } of edges) {
      if (y1 <= y === y2 <= y) continue;
      crossings.push({ x: x1 + ((y - y1) / (y2 - y1)) * (x2 - x1), direction: y2 > y1 ? 1 : -1 });
    }
    crossings.sort((a, b) => a.x - b.x);
    let winding = 0;
    let next = 0;
    for (let column = 0; column < columns * samples && next <= crossings.length; column++) {
      const x = (column + 0.5) / samples;
      for (; next < crossings.length && (crossings[next]?.x ?? 0) < x; next++)
        winding += crossings[next]?.direction ?? 0;
      if (winding !== 0) hits[Math.floor(sample / samples) * columns + Math.floor(column / samples)]++;
    }
  }
  return hits.map((count) => (count >= (samples * samples) / 2 ? 1 : 0));
}
