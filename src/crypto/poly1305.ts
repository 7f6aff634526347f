/**
 * Poly1305 (D. J. Bernstein, "The Poly1305-AES message-authentication code"; RFC 8439 section 2.5).
 *
 * Six limbs of 22 bits in doubles: a sum of six products stays below 2^53, so nothing is lost and no carry is needed
 * inside a row. All state is in locals, which an interpreter reads four times faster than an array.
 */

const LIMB = 0x400000;
const MASK = 0x3fffff;

/**
 * The 16-byte tag of the first `byteCount` bytes of `words`, into the first 4 words of `tag`. `key` is 8 words: r (not yet
 * clamped), then s. The buffer behind `words` must have 16 spare bytes after the message; they are overwritten.
 */
export function poly1305(tag: Uint32Array, words: Uint32Array, byteCount: number, key: Uint32Array): void {
  const bytes = new Uint8Array(words.buffer);
  let w = key[0] & 0x0fffffff;
  let x = key[1] & 0x0ffffffc;
  let y = key[2] & 0x0ffffffc;
  let z = key[3] & 0x0ffffffc;
  const r0 = w & MASK;
  const r1 = ((w >>> 22) | (x << 10)) & MASK;
  const r2 = ((x >>> 12) | (y << 20)) & MASK;
  const r3 = (y >>> 2) & MASK;
  const r4 = ((y >>> 24) | (z << 8)) & MASK;
  const r5 = z >>> 14;
  // 2^132 = 20 (mod 2^130 - 5)
  const s1 = r1 * 20;
  const s2 = r2 * 20;
  const s3 = r3 * 20;
  const s4 = r4 * 20;
  const s5 = r5 * 20;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let f = 0;
  let top = 0x40000;
  let i = 0;
  let left = byteCount;
  while (left > 0) {
    if (left < 16) {
      bytes[i * 4 + left] = 1;
      for (let j = left + 1; j < 16; j++) bytes[i * 4 + j] = 0;
      top = 0;
    }
    w = words[i];
    x = words[i + 1];
    y = words[i + 2];
    z = words[i + 3];
    a += w & MASK;
    b += ((w >>> 22) | (x << 10)) & MASK;
    c += ((x >>> 12) | (y << 20)) & MASK;
    d += (y >>> 2) & MASK;
    e += ((y >>> 24) | (z << 8)) & MASK;
    f += (z >>> 14) | top;
    const p = a * r0 + b * s5 + c * s4 + d * s3 + e * s2 + f * s1;
    const q = a * r1 + b * r0 + c * s5 + d * s4 + e * s3 + f * s2;
    const r = a * r2 + b * r1 + c * r0 + d * s5 + e * s4 + f * s3;
    const s = a * r3 + b * r2 + c * r1 + d * r0 + e * s5 + f * s4;
    const t = a * r4 + b * r3 + c * r2 + d * r1 + e * r0 + f * s5;
    const u = a * r5 + b * r4 + c * r3 + d * r2 + e * r1 + f * r0;
    // A carry is below 2^31, so `| 0` is a floor.
    w = (p / LIMB) | 0;
    x = q + w;
    a = p - w * LIMB;
    w = (x / LIMB) | 0;
    b = x - w * LIMB;
    x = r + w;
    w = (x / LIMB) | 0;
    c = x - w * LIMB;
    x = s + w;
    w = (x / LIMB) | 0;
    d = x - w * LIMB;
    x = t + w;
    w = (x / LIMB) | 0;
    e = x - w * LIMB;
    x = u + w;
    w = (x / LIMB) | 0;
    f = x - w * LIMB;
    a += w * 20;
    i += 4;
    left -= 16;
  }
  finish(tag, key, [a, b, c, d, e, f]);
}

/** Reduces modulo 2^130 - 5, adds s modulo 2^128, and packs the limbs into words. */
function finish(tag: Uint32Array, key: Uint32Array, h: number[]): void {
  // Three rounds of carries: after the first the value is below 2^132, after the second below 2^130 + 20.
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 5; i++) {
      h[i + 1] += (h[i] / LIMB) | 0;
      h[i] &= MASK;
    }
    h[0] += (h[5] >>> 20) * 5;
    h[5] &= 0xfffff;
  }
  const g = [];
  let carry = 5;
  for (let i = 0; i < 6; i++) {
    carry += h[i];
    g[i] = carry & MASK;
    carry >>>= 22;
  }
  if (g[5] >>> 20) h = g;
  const words = [
    h[0] | (h[1] << 22),
    (h[1] >>> 10) | (h[2] << 12),
    (h[2] >>> 20) | (h[3] << 2) | (h[4] << 24),
    (h[4] >>> 8) | (h[5] << 14),
  ];
  carry = 0;
  for (let i = 0; i < 4; i++) {
    carry += (words[i] >>> 0) + key[4 + i];
    tag[i] = carry;
    carry = (carry / 4294967296) | 0;
  }
}
