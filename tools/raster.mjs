/** Glyphs as dots, from the outlines of free fonts. Build time only: what a `*.table.ts` exports of it is all that a bundle gets. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { create } from "fontkit";

const require = createRequire(import.meta.url);
/** Sub-rows and sub-columns a dot is sampled at. */
const SAMPLES = 8;
const CURVE_STEPS = 8;

/** A font file of an installed package. */
export function openFont(file) {
  return create(readFileSync(require.resolve(file)));
}

/** The font file of a package in many slices that has a character, by the package's own list of code points. */
export function openSlice(folder, prefix, char, weight) {
  const slices = JSON.parse(readFileSync(require.resolve(`${folder}/unicode.json`), "utf8"));
  const code = char.codePointAt(0);
  const isIn = (range) => {
    const [from, to = from] = range.replace("U+", "").split("-");
    return code >= parseInt(from, 16) && code <= parseInt(to, 16);
  };
  const found = Object.entries(slices).find(([, ranges]) => ranges.split(",").some(isIn));
  if (!found) throw new Error(`${folder} has no ${char}`);
  const font = openFont(`${folder}/files/${prefix}-${found[0].replace(/[[\]]/g, "")}-wght-normal.woff2`);
  font.variationCoords = [weight];
  vary(font, font.glyphForCodePoint(code));
  return font;
}

/** fontkit varies the outlines of TrueType files, but not those that it unpacked from WOFF2: so the points are moved here. */
function vary(font, glyph) {
  const { points } = glyph._decode();
  // The four phantom points at the end of every glyph (OpenType gvar), which do not matter here.
  const phantoms = Array.from({ length: 4 }, () => Object.assign(points[0].copy(), { endContour: true }));
  font._variationProcessor.transformPoints(glyph.id, [...points, ...phantoms]);
}

function outlines(font, char, cell) {
  const scale = cell.dotsPerEm / font.unitsPerEm;
  const place = (x, y) => [(cell.left ?? 0) + x * scale * (cell.stretch ?? 1), cell.baseline - y * scale];
  const all = [];
  let at = [0, 0];
  for (const { command, args } of font.glyphForCodePoint(char.codePointAt(0)).path.commands) {
    const points = [];
    for (let i = 0; i < args.length; i += 2) points.push(place(args[i], args[i + 1]));
    if (command === "moveTo") all.push([points[0]]);
    else if (command !== "closePath") {
      const curve = [at, ...points];
      for (let step = 1; step <= CURVE_STEPS; step++) all.at(-1).push(bezier(curve, step / CURVE_STEPS));
    }
    at = points.at(-1) ?? at;
  }
  return all;
}

/** De Casteljau's algorithm. */
function bezier(points, t) {
  if (points.length === 1) return points[0];
  return bezier(
    points.slice(1).map(([x, y], i) => [points[i][0] + (x - points[i][0]) * t, points[i][1] + (y - points[i][1]) * t]),
    t,
  );
}

function crossings(points, y) {
  return points.flatMap(([x1, y1], index) => {
    const [x2, y2] = points[(index + 1) % points.length];
    if (y1 <= y === y2 <= y) return [];
    return [{ x: x1 + ((y - y1) / (y2 - y1)) * (x2 - x1), turn: y2 > y1 ? 1 : -1 }];
  });
}

/** How much of each dot is ink, 0 to 1, row by row (non-zero winding rule). Throws when ink lies outside the cell. */
export function coverage(font, char, cell) {
  const shape = outlines(font, char, cell);
  const ink = new Array(cell.columns * cell.rows).fill(0);
  for (const [x, y] of shape.flat()) {
    if (x < -0.6 || y < -0.6 || x > cell.columns + 0.6 || y > cell.rows + 0.6) {
      throw new Error(`${char} does not fit its cell of ${cell.columns} x ${cell.rows}: ink at ${x}, ${y}`);
    }
  }
  for (let sample = 0; sample < cell.rows * SAMPLES; sample++) {
    const y = (sample + 0.5) / SAMPLES;
    const crossed = shape.flatMap((points) => crossings(points, y)).sort((a, b) => a.x - b.x);
    for (let column = 0; column < cell.columns * SAMPLES; column++) {
      const x = (column + 0.5) / SAMPLES;
      const winding = crossed.reduce((sum, each) => (each.x < x ? sum + each.turn : sum), 0);
      const dot = Math.floor(sample / SAMPLES) * cell.columns + Math.floor(column / SAMPLES);
      if (winding !== 0) ink[dot] += 1 / (SAMPLES * SAMPLES);
    }
  }
  return ink;
}

/** Dots for a panel whose bytes are columns of eight rows, least significant bit on top: page by page. */
export function pages(ink, cell) {
  let bytes = "";
  for (let top = 0; top < cell.rows; top += 8) {
    for (let column = 0; column < cell.columns; column++) {
      let byte = 0;
      for (let row = 0; row < 8; row++) if (ink[(top + row) * cell.columns + column] >= 0.5) byte |= 1 << row;
      bytes += String.fromCharCode(byte);
    }
  }
  return bytes;
}

/** Four levels of ink for each dot, two bits each, column by column from the left, most significant bits first. */
export function shades(ink, cell) {
  let bits = "";
  for (let column = 0; column < cell.columns; column++) {
    for (let row = 0; row < cell.rows; row++) {
      bits += Math.round(ink[row * cell.columns + column] * 3)
        .toString(2)
        .padStart(2, "0");
    }
  }
  return bits.replace(/.{8}/g, (byte) => String.fromCharCode(parseInt(byte, 2)));
}

export function base64(bytes) {
  return Buffer.from(bytes, "latin1").toString("base64");
}

/** Glyphs drawn as text: a row of characters, then rows of `#` and `.` below each; as `coverage` gives them, by character. */
export function drawnGlyphs(file, { columns, rows }) {
  const lines = readFileSync(new URL(`../${file}`, import.meta.url), "utf8").split("\n");
  const glyphs = new Map();
  for (let top = 0; top + rows < lines.length; top += rows + 1) {
    const count = (lines[top + 1].length + 1) / (columns + 1);
    for (let i = 0; i < count; i++) {
      const at = i * (columns + 1);
      const dots = lines.slice(top + 1, top + 1 + rows).map((line) => line.slice(at, at + columns));
      glyphs.set(
        lines[top].charAt(at) || " ",
        [...dots.join("")].map((dot) => (dot === "#" ? 1 : 0)),
      );
    }
  }
  return glyphs;
}

/**
 * Glyphs in pieces of so many, each in a function: in the bundle such functions stay in flash, and a piece is in memory only while somebody
 * looks into it.
 */
export function pieces(glyphs, count) {
  const texts = [];
  for (let at = 0; at < glyphs.length; at += count) texts.push(glyphs.slice(at, at + count).join(""));
  return texts.map((text) => () => text);
}
