/**
 * QR symbols (ISO/IEC 18004:2015), byte mode, versions 1 to 10, error correction M or L. The smallest version that holds the text is
 * taken. The mask is the caller's: scoring all eight (7.8.3) would cost eight times the time, and a reader takes any.
 *
 * Made in steps, since a version 10 takes 200 M instructions on Espruino: each step stays below 6 M, so keys and cards are served
 * in between.
 */
import { fromDigits, toBigEndian } from "./bytes";
import { BLOCKS, CODEWORDS, FIELD, GENERATORS } from "./qr.table";

export const QR_VERSION_MAX = 10;
/** Light modules on each side that a symbol needs (5.3.8). */
export const QR_QUIET = 4;
/** (row + column) is even: a chequerboard, which few texts cancel. */
export const QR_MASK = 0;

/** Bytes a column of modules has in a symbol's text: eight modules each, the first four are quiet zone. */
const COLUMN_BYTES = 8;
/** Codewords and lines of modules of one step. */
const CODEWORDS_A_STEP = 8;

/** What it takes of an engine's natives. */
interface Natives {
  toBytes(text: string, out: Uint8Array, at: number): void;
  toText(bytes: Uint8Array): string;
  unbase64(text: string): string;
}

const enum Phase {
  Checks = 0,
  Finders = 1,
  Alignments = 2,
  Lines = 3,
  Data = 4,
  Done = 5,
}

export interface Qr {
  natives: Natives;
  version: number;
  /** Modules of a side. */
  size: number;
  isLow: boolean;
  mask: number;
  phase: Phase;
  /** Bits of the modules, column by column, 1 for a light one; and where they stand already. */
  modules: Uint8Array;
  taken: Uint8Array;
  /** Data codewords in the order of the text, then all codewords as they are placed. */
  data: string;
  stream: Uint8Array;
  field: Uint8Array;
  /** Exponents of the generator, and the remainder so far. */
  generator: Uint8Array;
  checks: Uint8Array;
  blockCount: number;
  /** What the step after this one works on. */
  block: number;
  at: number;
  x: number;
}

function blockPart(version: number, isLow: boolean, from: number, length: number): number {
  return fromDigits(BLOCKS.substr((version - 1 + (isLow ? 10 : 0)) * 3 + from, length));
}

function codewordCount(version: number): number {
  return fromDigits(CODEWORDS.substr(version * 3 - 3, 3));
}

function dataCount(version: number, isLow: boolean): number {
  return codewordCount(version) - blockPart(version, isLow, 0, 2) * blockPart(version, isLow, 2, 1);
}

/** Mode and count indicators of byte mode, in half bytes (7.4.1). */
function headHalves(version: number): number {
  return version < 10 ? 3 : 5;
}

/** Mode, count, bytes and pads (7.4.5, 7.4.10): all on half bytes, so a hexadecimal text is shifted by one digit. */
function dataCodewords(text: string, version: number, byteCount: number): string {
  const head = "\x04" + toBigEndian(text.length, version < 10 ? 1 : 2) + text + "\0";
  let out = "";
  for (let i = 0; i + 1 < head.length; i++) {
    out += String.fromCharCode(((head.charCodeAt(i) & 15) << 4) | (head.charCodeAt(i + 1) >> 4));
  }
  while (out.length < byteCount) out += out.length + 1 < byteCount ? "\xec\x11" : "\xec";
  return out;
}

function generatorOf(degree: number): Uint8Array {
  const at = GENERATORS.indexOf((degree < 10 ? "0" : "") + degree + ":") + 3;
  const exponents = new Uint8Array(degree);
  for (let i = 0; i < degree; i++) exponents[i] = fromDigits(GENERATORS.substr(at + i * 3, 3));
  return exponents;
}

/** Begins a symbol; null when the text is longer than version 10 holds. `stepQr` makes it. */
export function openQr(natives: Natives, text: string, isLow: boolean, mask: number): Qr | null {
  let version = 1;
  while (version <= QR_VERSION_MAX && (dataCount(version, isLow) - text.length) * 2 < headHalves(version)) version++;
  if (version > QR_VERSION_MAX) return null;
  const size = version * 4 + 17;
  const count = dataCount(version, isLow);
  const checks = blockPart(version, isLow, 0, 2);
  const field = new Uint8Array(511);
  natives.toBytes(natives.unbase64(FIELD), field, 0);
  const modules = new Uint8Array(size * COLUMN_BYTES);
  for (let i = 0; i < modules.length; i++) modules[i] = 255;
  return {
    natives: natives,
    version: version,
    size: size,
    isLow: isLow,
    mask: mask,
    phase: Phase.Checks,
    modules: modules,
    taken: new Uint8Array(size * COLUMN_BYTES),
    data: dataCodewords(text, version, count),
    stream: new Uint8Array(codewordCount(version)),
    field: field,
    generator: generatorOf(checks),
    checks: new Uint8Array(checks),
    blockCount: blockPart(version, isLow, 2, 1),
    block: 0,
    at: 0,
    x: size - 1,
  };
}

/** One data codeword of a Reed-Solomon division (7.5.2). */
export function divide(field: Uint8Array, generator: Uint8Array, checks: Uint8Array, codeword: number): void {
  const factor = codeword ^ checks[0];
  checks.set(checks.subarray(1));
  checks[checks.length - 1] = 0;
  if (factor === 0) return;
  const exponent = field[255 + factor];
  for (let i = 0; i < generator.length; i++) checks[i] ^= field[(exponent + generator[i]) % 255];
}

/** Some codewords of a block; at its end the check codewords (7.6: blocks are woven into each other). */
function stepChecks(q: Qr): void {
  const count = q.data.length;
  const blocks = q.blockCount;
  const short = (count - (count % blocks)) / blocks;
  const firstLong = blocks - (count % blocks);
  const isLong = q.block >= firstLong;
  const start = q.block * short + (isLong ? q.block - firstLong : 0);
  const length = short + (isLong ? 1 : 0);
  for (let i = 0; i < CODEWORDS_A_STEP && q.at < length; i++) {
    const codeword = q.data.charCodeAt(start + q.at);
    q.stream[q.at < short ? q.at * blocks + q.block : short * blocks + q.block - firstLong] = codeword;
    divide(q.field, q.generator, q.checks, codeword);
    q.at++;
  }
  if (q.at < length) return;
  for (let i = 0; i < q.checks.length; i++) q.stream[count + i * blocks + q.block] = q.checks[i];
  for (let i = 0; i < q.checks.length; i++) q.checks[i] = 0;
  q.at = 0;
  q.block++;
  if (q.block === blocks) q.phase = Phase.Finders;
}

function place(q: Qr, x: number, y: number, isDark: boolean): void {
  const at = x * COLUMN_BYTES + ((y + QR_QUIET) >> 3);
  const bit = 1 << ((y + QR_QUIET) & 7);
  q.taken[at] |= bit;
  if (isDark) q.modules[at] &= 255 - bit;
}

/** Rings around a centre, dark and light by turns: finder (5.3.2) with its separator, and alignment patterns (5.3.5). */
function placeRings(q: Qr, centreX: number, centreY: number, radius: number): void {
  for (let dx = -radius; dx <= radius; dx++) {
    for (let dy = -radius; dy <= radius; dy++) {
      const x = centreX + dx;
      const y = centreY + dy;
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      if (x >= 0 && x < q.size && y >= 0 && y < q.size)
        place(q, x, y, radius === 2 ? ring !== 1 : ring !== 2 && ring !== 4);
    }
  }
}

function stepFinders(q: Qr): void {
  const end = q.size - 4;
  placeRings(q, q.at === 1 ? end : 3, q.at === 2 ? end : 3, 4);
  q.at++;
  if (q.at < 3) return;
  q.at = 0;
  q.phase = Phase.Alignments;
}

/** Centres stand on a grid of 6, from version 7 on one between, and the size less 7 (annex E); not where the finders are. */
function stepAlignments(q: Qr): void {
  const last = q.size - 7;
  const between = q.version < 7 ? 0 : q.version * 2 + 8;
  const column = q.at % 3;
  const row = (q.at - column) / 3;
  const x = column === 0 ? 6 : column === 1 ? between : last;
  const y = row === 0 ? 6 : row === 1 ? between : last;
  const isFinder = (x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6);
  if (q.version > 1 && x > 0 && y > 0 && !isFinder) placeRings(q, x, y, 2);
  q.at++;
  if (q.at === 9) q.phase = Phase.Lines;
}

/** Remainder of a BCH code's division, behind the value itself. */
function withRemainder(value: number, polynomial: number, bits: number): number {
  let rest = value;
  for (let i = 0; i < bits; i++) rest = (rest << 1) ^ ((rest >> (bits - 1)) & 1 ? polynomial : 0);
  return (value << bits) | (rest & ((1 << bits) - 1));
}

/** Level and mask, 15 bits (7.9). */
export function formatBits(isLow: boolean, mask: number): number {
  return withRemainder((isLow ? 8 : 0) | mask, 0x537, 10) ^ 0x5412;
}

/** 18 bits, from version 7 on (7.10). */
export function versionBits(version: number): number {
  return withRemainder(version, 0x1f25, 12);
}

/** Timing patterns, format and version information. */
function stepLines(q: Qr): void {
  const end = q.size - 1;
  for (let i = 8; i < q.size - 8; i++) {
    place(q, i, 6, i % 2 === 0);
    place(q, 6, i, i % 2 === 0);
  }
  const format = formatBits(q.isLow, q.mask);
  for (let i = 0; i < 15; i++) {
    const isDark = ((format >> i) & 1) === 1;
    place(q, 8, i < 6 ? i : i < 8 ? i + 1 : end - 14 + i, isDark);
    place(q, i < 8 ? end - i : i === 8 ? 7 : 14 - i, 8, isDark);
  }
  place(q, 8, end - 7, true);
  const version = versionBits(q.version);
  for (let i = 0; q.version >= 7 && i < 18; i++) {
    const isDark = ((version >> i) & 1) === 1;
    const far = end - 10 + (i % 3);
    const near = (i - (i % 3)) / 3;
    place(q, far, near, isDark);
    place(q, near, far, isDark);
  }
  q.at = 0;
  q.phase = Phase.Data;
}

/** Table 10; `x` is the column. */
function isMasked(mask: number, x: number, y: number): boolean {
  const product = x * y;
  if (mask === 0) return (x + y) % 2 === 0;
  if (mask === 1) return y % 2 === 0;
  if (mask === 2) return x % 3 === 0;
  if (mask === 3) return (x + y) % 3 === 0;
  if (mask === 4) return ((y >> 1) + (x - (x % 3)) / 3) % 2 === 0;
  if (mask === 5) return (product % 2) + (product % 3) === 0;
  if (mask === 6) return ((product % 2) + (product % 3)) % 2 === 0;
  return (((x + y) % 2) + (product % 3)) % 2 === 0;
}

/** The next bit of the stream, masked, where nothing stands yet. Bits past its end are light ones (7.7.3). */
function placeBit(q: Qr, x: number, y: number): void {
  const at = x * COLUMN_BYTES + ((y + QR_QUIET) >> 3);
  const bit = 1 << ((y + QR_QUIET) & 7);
  if (q.taken[at] & bit) return;
  const index = q.at >> 3;
  const isDark = index < q.stream.length && ((q.stream[index] >> (7 - (q.at & 7))) & 1) === 1;
  if (isDark !== isMasked(q.mask, x, y)) q.modules[at] &= 255 - bit;
  q.at++;
}

/** Two columns, upwards and downwards by turns from the right; the vertical timing pattern is none of them. */
function stepData(q: Qr): void {
  const isUp = (q.x > 6 ? q.size - 1 - q.x : q.size - q.x - 2) % 4 === 0;
  for (let i = 0; i < q.size; i++) {
    const y = isUp ? q.size - 1 - i : i;
    placeBit(q, q.x, y);
    placeBit(q, q.x - 1, y);
  }
  q.x -= q.x === 8 ? 3 : 2;
  if (q.x < 0) q.phase = Phase.Done;
}

/** Works on for a while. "" until the symbol is there: a byte for its size, then its columns, eight bytes each. */
export function stepQr(q: Qr): string {
  if (q.phase === Phase.Checks) stepChecks(q);
  else if (q.phase === Phase.Finders) stepFinders(q);
  else if (q.phase === Phase.Alignments) stepAlignments(q);
  else if (q.phase === Phase.Lines) stepLines(q);
  else if (q.phase === Phase.Data) stepData(q);
  return q.phase === Phase.Done ? String.fromCharCode(q.size) + q.natives.toText(q.modules) : "";
}

/** A symbol at level M in steps, each a call: "" until it is there. Null when the text is too long. */
export function qrSteps(natives: Natives, text: string): (() => string) | null {
  const qr = openQr(natives, text, false, QR_MASK);
  return qr ? () => stepQr(qr) : null;
}
