/**
 * QR code model 2 (ISO/IEC 18004), versions 1 to 10, level M, byte mode: text to modules, for displays and for printers that draw no
 * symbol themselves. Pure. One mask for all: weighing all eight (clause 7.8.3) costs more than everything else, and readers take
 * any. Leaves out: the other modes and levels, structured append, ECI.
 */
import { FORMAT_BITS, VERSION_BITS, VERSION_LENGTH, VERSION_TABLE } from "./qrcode.table";

/** Greatest text, bytes. */
export const QR_BYTES_MAX = 213;
const VERSION_MAX = 10;
const PRIMITIVE = 0x11d;
/** Set in a module that belongs to a pattern, so that no data goes there. */
const FIXED = 2;

interface Symbol {
  version: number;
  size: number;
  /** Row by row; bit 0 is the module. */
  modules: Uint8Array;
}

function field(version: number, index: number): number {
  return VERSION_TABLE.charCodeAt((version - 1) * VERSION_LENGTH + index) - 0x30;
}

function dataCodewords(version: number): number {
  return field(version, 1) * field(version, 2) + field(version, 3);
}

/** Mode and count before the data: 4 bits, and 8 or, from version 10 on, 16. */
function headBits(version: number): number {
  return version < VERSION_MAX ? 12 : 20;
}

/** Rows of modules, `1` dark, line feeds between them, without the quiet zone of four; "" when the text is longer than QR_BYTES_MAX. */
export function qrCode(text: string): string {
  let version = 1;
  while (version <= VERSION_MAX && text.length * 8 + headBits(version) > dataCodewords(version) * 8) version++;
  if (version > VERSION_MAX) return "";
  const size = 17 + 4 * version;
  const symbol = { version: version, size: size, modules: new Uint8Array(size * size) };
  drawPatterns(symbol);
  drawData(symbol, interleaved(version, codewords(version, text)));
  return toRows(symbol);
}

/** Data codewords: mode 0100, count, bytes, terminator, padding (clause 7.4). */
function codewords(version: number, text: string): Uint8Array {
  const out = new Uint8Array(dataCodewords(version));
  const isLong = version === VERSION_MAX;
  let at = 0;
  // Everything stands half a byte further on than in the text.
  let half = 4;
  if (isLong) {
    out[at++] = (half << 4) | (text.length >> 12);
    half = (text.length >> 8) & 15;
  }
  out[at++] = (half << 4) | ((text.length >> 4) & 15);
  half = text.length & 15;
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    out[at++] = (half << 4) | (byte >> 4);
    half = byte & 15;
  }
  out[at++] = half << 4;
  for (let pad = 0xec; at < out.length; pad ^= 0xfd) out[at++] = pad;
  return out;
}

/** Data and error correction codewords of all blocks, in the order of the symbol (clause 7.6). */
function interleaved(version: number, data: Uint8Array): string {
  const ecCount = field(version, 0);
  const blocks = field(version, 1);
  const shortCount = field(version, 2);
  const firstLong = blocks - field(version, 3);
  const generator = generatorOf(ecCount);
  const parts: Uint8Array[] = [];
  const checks: Uint8Array[] = [];
  let at = 0;
  for (let block = 0; block < blocks; block++) {
    const count = shortCount + (block < firstLong ? 0 : 1);
    parts.push(data.subarray(at, at + count));
    checks.push(checkOf(parts[block], generator));
    at += count;
  }
  let out = "";
  for (let i = 0; i <= shortCount; i++) {
    for (let block = i < shortCount ? 0 : firstLong; block < blocks; block++)
      out += String.fromCharCode(parts[block][i]);
  }
  for (let i = 0; i < ecCount; i++) {
    for (let block = 0; block < blocks; block++) out += String.fromCharCode(checks[block][i]);
  }
  return out;
}

/** Product in GF(2^8) by x^8 + x^4 + x^3 + x^2 + 1. */
function times(a: number, b: number): number {
  let product = 0;
  let factor = a;
  for (let rest = b; rest > 0; rest >>= 1) {
    if (rest & 1) product ^= factor;
    factor <<= 1;
    if (factor > 255) factor ^= PRIMITIVE;
  }
  return product;
}

/** (x - 1)(x - 2)(x - 4)..., without its leading 1 (annex A). */
function generatorOf(count: number): Uint8Array {
  const generator = new Uint8Array(count);
  generator[count - 1] = 1;
  let root = 1;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      generator[j] = times(generator[j], root) ^ (j + 1 < count ? generator[j + 1] : 0);
    }
    root = times(root, 2);
  }
  return generator;
}

/** Reed-Solomon: the remainder of the block by the generator (clause 7.5.2). */
function checkOf(block: Uint8Array, generator: Uint8Array): Uint8Array {
  const count = generator.length;
  const check = new Uint8Array(count);
  for (let i = 0; i < block.length; i++) {
    const factor = block[i] ^ check[0];
    for (let j = 0; j < count; j++) check[j] = (j + 1 < count ? check[j + 1] : 0) ^ times(generator[j], factor);
  }
  return check;
}

// ---- modules

function put(symbol: Symbol, x: number, y: number, isDark: boolean): void {
  symbol.modules[y * symbol.size + x] = FIXED | (isDark ? 1 : 0);
}

/** Squares around (x, y): dark but for the rings at distance `light` and `light2`; cut off at the edge. */
function drawRings(symbol: Symbol, x: number, y: number, radius: number, light: number): void {
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      const isInside = x + dx >= 0 && y + dy >= 0 && x + dx < symbol.size && y + dy < symbol.size;
      if (isInside) put(symbol, x + dx, y + dy, ring !== light && ring !== 4);
    }
  }
}

function drawPatterns(symbol: Symbol): void {
  const size = symbol.size;
  for (let i = 0; i < size; i++) {
    put(symbol, i, 6, i % 2 === 0);
    put(symbol, 6, i, i % 2 === 0);
  }
  drawAlignment(symbol);
  drawRings(symbol, 3, 3, 4, 2);
  drawRings(symbol, size - 4, 3, 4, 2);
  drawRings(symbol, 3, size - 4, 4, 2);
  drawFormat(symbol);
  if (symbol.version >= 7) drawVersion(symbol);
}

/** At every crossing of the centres but those of the three corners, which are drawn over. */
function drawAlignment(symbol: Symbol): void {
  const first = field(symbol.version, 4);
  const second = field(symbol.version, 5);
  if (first === 0) return;
  const centres = second === 0 ? [6, first] : [6, first, second];
  const last = centres[centres.length - 1];
  for (const x of centres) {
    for (const y of centres) {
      const isCorner = (x === 6 && (y === 6 || y === last)) || (x === last && y === 6);
      if (!isCorner) drawRings(symbol, x, y, 2, 1);
    }
  }
}

/** Format information twice (clause 7.9, figure 25), and the module that is always dark. */
function drawFormat(symbol: Symbol): void {
  const size = symbol.size;
  for (let i = 0; i < 15; i++) {
    const isDark = FORMAT_BITS.charAt(i) === "1";
    if (i < 6) put(symbol, i, 8, isDark);
    else if (i < 8) put(symbol, i + 1, 8, isDark);
    else if (i < 9) put(symbol, 8, 7, isDark);
    else put(symbol, 8, 14 - i, isDark);
    if (i < 7) put(symbol, 8, size - 1 - i, isDark);
    else put(symbol, size - 15 + i, 8, isDark);
  }
  put(symbol, 8, size - 8, true);
}

/** Version information twice (clause 7.10). */
function drawVersion(symbol: Symbol): void {
  for (let i = 0; i < 18; i++) {
    const isDark = VERSION_BITS.charAt((symbol.version - 7) * 18 + i) === "1";
    const near = (i - (i % 3)) / 3;
    const far = symbol.size - 11 + (i % 3);
    put(symbol, near, far, isDark);
    put(symbol, far, near, isDark);
  }
}

/** The codewords' bits in columns of two from the right edge, up and down in turn (clause 7.7.3), through the mask. */
function drawData(symbol: Symbol, text: string): void {
  const size = symbol.size;
  const modules = symbol.modules;
  let bit = 0;
  let isUp = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = isUp ? size - 1 - step : step;
      for (let x = right; x > right - 2; x--) {
        if (modules[y * size + x] & FIXED) continue;
        // Past the last codeword some modules remain; they are light before the mask.
        const byte = bit >> 3 < text.length ? text.charCodeAt(bit >> 3) : 0;
        modules[y * size + x] = ((byte >> (7 - (bit & 7))) ^ (x + y + 1)) & 1;
        bit++;
      }
    }
    isUp = !isUp;
  }
}

function toRows(symbol: Symbol): string {
  const size = symbol.size;
  let out = "";
  for (let y = 0; y < size; y++) {
    if (y > 0) out += "\n";
    for (let x = 0; x < size; x++) out += symbol.modules[y * size + x] & 1 ? "1" : "0";
  }
  return out;
}
