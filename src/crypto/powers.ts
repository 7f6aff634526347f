/**
 * Poly1305 for an engine that multiplies arrays natively (`Dot`), with a key that is known before the message: the powers of r are
 * made while the terminal has nothing else to do; then a message of 128 bytes costs five native calls and a carry.
 *
 * A message is a row of halves, 16 bits each. The half at place i of the block that is j blocks from the end (the last is 1)
 * counts r^j * 2^(16 i), which is kept modulo 2^130 - 5 as five limbs of 26 bits. A product has 43 bits, a sum of 64 of them
 * 49: doubles lose nothing. (Espruino reads an element of 2^31 or more as negative in its native loops; none is.)
 */
import { finish } from "./poly1305";
import { MESSAGE_AT, TAG_AT, work, workHalves } from "./work";

/** Blocks that one pass takes; a longer message takes more passes. */
export const POWERS = 8;
const HALVES = POWERS * 8;
/** Behind the halves of r^8 down to r: what the bits above 0, 1, ... 8 blocks count together, then what that above r^8 counts. */
const PADS_AT = HALVES;
const TOP_AT = HALVES + POWERS + 1;
const ROW = TOP_AT + 1;

/** As in `poly1305`. */
const enum Limb {
  Size = 0x4000000,
  Mask = 0x3ffffff,
}
const enum Word {
  Size = 4294967296,
}

/** The sum of a[i] * b[i + offset]. */
export type Dot = (a: Uint16Array, b: Uint32Array, offset: number) => number;

/** A row for each limb, the lowest first. */
export interface Powers {
  a: Uint32Array;
  b: Uint32Array;
  c: Uint32Array;
  d: Uint32Array;
  e: Uint32Array;
}

/** r, clamped. */
const words = new Uint32Array(4);
const halves = new Uint16Array(words.buffer);

export function openPowers(): Powers {
  const all = new Uint32Array(5 * ROW);
  return {
    a: all.subarray(0, ROW),
    b: all.subarray(ROW, 2 * ROW),
    c: all.subarray(2 * ROW, 3 * ROW),
    d: all.subarray(3 * ROW, 4 * ROW),
    e: all.subarray(4 * ROW),
  };
}

/** Makes r^`power`, from 1 to POWERS in this order. */
export function makePower(powers: Powers, power: number, key: Uint32Array, dot: Dot): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let w = 0;
  let i = HALVES - power * 8;
  const p = powers.a;
  const q = powers.b;
  const r = powers.c;
  const s = powers.d;
  const t = powers.e;
  if (power === 1) {
    const x = key[1] & 0x0ffffffc;
    const y = key[2] & 0x0ffffffc;
    const z = key[3] & 0x0ffffffc;
    w = key[0] & 0x0fffffff;
    words.set([w, x, y, z], 0);
    a = w & Limb.Mask;
    b = ((w >>> 26) | (x << 6)) & Limb.Mask;
    c = ((x >>> 20) | (y << 12)) & Limb.Mask;
    d = ((y >>> 14) | (z << 18)) & Limb.Mask;
    e = z >>> 8;
  } else {
    w = i + 8;
    a = dot(halves, p, w);
    b = dot(halves, q, w);
    c = dot(halves, r, w);
    d = dot(halves, s, w);
    e = dot(halves, t, w);
    w = (a / Limb.Size) | 0;
    a -= w * Limb.Size;
    b += w;
    w = (b / Limb.Size) | 0;
    b -= w * Limb.Size;
    c += w;
    w = (c / Limb.Size) | 0;
    c -= w * Limb.Size;
    d += w;
    w = (d / Limb.Size) | 0;
    d -= w * Limb.Size;
    e += w;
    w = (e / Limb.Size) | 0;
    e -= w * Limb.Size;
    // 2^130 = 5. The lowest limb may stay a little above 26 bits, here and below.
    a += w * 5;
  }
  const end = i + 8;
  while (i < end) {
    p[i] = a;
    q[i] = b;
    r[i] = c;
    s[i] = d;
    t[i++] = e;
    w = e >>> 10;
    e = ((e & 1023) << 16) + (d >>> 10);
    d = ((d & 1023) << 16) + (c >>> 10);
    c = ((c & 1023) << 16) + (b >>> 10);
    b = ((b & 1023) << 16) + (a >>> 10);
    a = ((a & 1023) << 16) + w * 5;
  }
  p[TOP_AT] = a;
  q[TOP_AT] = b;
  r[TOP_AT] = c;
  s[TOP_AT] = d;
  t[TOP_AT] = e;
  i = PADS_AT + power;
  p[i] = a + p[i - 1];
  q[i] = b + q[i - 1];
  r[i] = c + r[i - 1];
  s[i] = d + s[i - 1];
  t[i] = e + t[i - 1];
}

/** As `poly1305`, with all the powers of `key` made. */
export function poly1305Ahead(byteCount: number, key: Uint32Array, powers: Powers, dot: Dot): void {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let w = 0;
  let x = 0;
  let y = 0;
  let z = 0;
  const p = powers.a;
  const q = powers.b;
  const r = powers.c;
  const s = powers.d;
  const t = powers.e;
  let part = workHalves;
  let at = MESSAGE_AT * 2;
  let blocks = (byteCount + 15) >> 4;
  let size = ((blocks - 1) % POWERS) + 1;
  for (;;) {
    part = workHalves.subarray(at, at + size * 8);
    w = HALVES - size * 8;
    a += dot(part, p, w);
    b += dot(part, q, w);
    c += dot(part, r, w);
    d += dot(part, s, w);
    e += dot(part, t, w);
    w = PADS_AT + size;
    a += p[w];
    b += q[w];
    c += r[w];
    d += s[w];
    e += t[w];
    blocks -= size;
    if (blocks === 0 && byteCount & 15) {
      // The last block has its 1 inside.
      w = PADS_AT + 1;
      a -= p[w];
      b -= q[w];
      c -= r[w];
      d -= s[w];
      e -= t[w];
    }
    w = a + (a = b & 63) * 0x4000000;
    x = (b - a) / 64 + (b = c & 4095) * 0x100000 + ((w / Word.Size) | 0);
    y = (c - b) / 4096 + (c = d & 0x3ffff) * 0x4000 + ((x / Word.Size) | 0);
    z = (d - c) / 0x40000 + (d = e & 0xffffff) * 256 + ((y / Word.Size) | 0);
    e = (e - d) / 0x1000000 + ((z / Word.Size) | 0);
    if (blocks === 0) return finish(w >>> 0, x, y, z, e, key);
    work.set([w, x, y, z], TAG_AT);
    at += size * 8;
    size = POWERS;
    part = workHalves.subarray(TAG_AT * 2, MESSAGE_AT * 2);
    a = dot(part, p, 0) + e * p[TOP_AT];
    b = dot(part, q, 0) + e * q[TOP_AT];
    c = dot(part, r, 0) + e * r[TOP_AT];
    d = dot(part, s, 0) + e * s[TOP_AT];
    e = dot(part, t, 0) + e * t[TOP_AT];
  }
}
