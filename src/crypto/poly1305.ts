/**
 * Poly1305 (D. J. Bernstein, "The Poly1305-AES message-authentication code"; RFC 8439 section 2.5), all at once. The way for an
 * engine that multiplies arrays natively, and had time to prepare, is in `powers`.
 *
 * Six limbs of 22 bits in doubles: a sum of six products stays below 2^53, so nothing is lost and no carry is needed
 * inside a row. All that the loop touches is in locals of the function itself: an interpreter finds an array's element, or a
 * constant of the loop's own block, more slowly (1.4 times the instructions in all).
 */
import { MESSAGE_AT, TAG_AT, work } from "./work";

/** `const enum`: numbers in the code, where a name of the bundle would have to be looked up. */
const enum Limb {
  Size = 0x400000,
  Mask = 0x3fffff,
  Word = 4294967296,
}

/**
 * The 16-byte tag of the message of `byteCount` bytes in `work`, into its place there. `key` is 8 words: r (not yet clamped), then s.
 */
export function poly1305(byteCount: number, key: Uint32Array): void {
  let w = key[0] & 0x0fffffff;
  let x = key[1] & 0x0ffffffc;
  let y = key[2] & 0x0ffffffc;
  let z = key[3] & 0x0ffffffc;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let f = 0;
  let p = 0;
  let q = 0;
  let r = 0;
  let s = 0;
  let t = 0;
  let u = 0;
  const r0 = w & Limb.Mask;
  const r1 = ((w >>> 22) | (x << 10)) & Limb.Mask;
  const r2 = ((x >>> 12) | (y << 20)) & Limb.Mask;
  const r3 = (y >>> 2) & Limb.Mask;
  const r4 = ((y >>> 24) | (z << 8)) & Limb.Mask;
  const r5 = z >>> 14;
  // 2^132 = 20 (mod 2^130 - 5)
  const s1 = r1 * 20;
  const s2 = r2 * 20;
  const s3 = r3 * 20;
  const s4 = r4 * 20;
  const s5 = r5 * 20;
  const words = work;
  let top = 0x40000;
  let i = MESSAGE_AT;
  let left = byteCount;
  while (left > 0) {
    if (left < 16) top = 0;
    w = words[i++];
    x = words[i++];
    y = words[i++];
    z = words[i++];
    a += w & Limb.Mask;
    b += ((w >>> 22) | (x << 10)) & Limb.Mask;
    c += ((x >>> 12) | (y << 20)) & Limb.Mask;
    d += (y >>> 2) & Limb.Mask;
    e += ((y >>> 24) | (z << 8)) & Limb.Mask;
    f += (z >>> 14) | top;
    p = a * r0 + b * s5 + c * s4 + d * s3 + e * s2 + f * s1;
    q = a * r1 + b * r0 + c * s5 + d * s4 + e * s3 + f * s2;
    r = a * r2 + b * r1 + c * r0 + d * s5 + e * s4 + f * s3;
    s = a * r3 + b * r2 + c * r1 + d * r0 + e * s5 + f * s4;
    t = a * r4 + b * r3 + c * r2 + d * r1 + e * r0 + f * s5;
    u = a * r5 + b * r4 + c * r3 + d * r2 + e * r1 + f * r0;
    // A carry is below 2^31, so `| 0` is a floor.
    w = (p / Limb.Size) | 0;
    a = p - w * Limb.Size;
    q += w;
    w = (q / Limb.Size) | 0;
    b = q - w * Limb.Size;
    r += w;
    w = (r / Limb.Size) | 0;
    c = r - w * Limb.Size;
    s += w;
    w = (s / Limb.Size) | 0;
    d = s - w * Limb.Size;
    t += w;
    w = (t / Limb.Size) | 0;
    e = t - w * Limb.Size;
    u += w;
    w = (u / Limb.Size) | 0;
    f = u - w * Limb.Size;
    a += w * 20;
    left -= 16;
  }
  w = (a / Limb.Size) | 0;
  a -= w * Limb.Size;
  b += w;
  c += b >>> 22;
  b &= Limb.Mask;
  d += c >>> 22;
  c &= Limb.Mask;
  e += d >>> 22;
  d &= Limb.Mask;
  f += e >>> 22;
  e &= Limb.Mask;
  w = (a | (b << 22)) >>> 0;
  finish(w, (b >>> 10) | (c << 12), (c >>> 20) | (d << 2) | (e << 24), (e >>> 8) | (f << 14), f >>> 18, key);
}

/** The tag from a sum: four words, of which the first is unsigned, and what counts 2^128. Modulo 2^130 - 5, plus s modulo 2^128. */
export function finish(w: number, x: number, y: number, z: number, top: number, key: Uint32Array): void {
  let sum = w + 5 * (top >>> 2);
  // Still 2^130 - 5 or more: as likely as to guess the tag.
  if ((top & 3) === 3 && (x & y & z) === -1 && sum >= Limb.Word - 5) sum += 5;
  sum += key[4];
  work[TAG_AT] = sum;
  sum = (x >>> 0) + key[5] + ((sum / Limb.Word) | 0);
  work[TAG_AT + 1] = sum;
  sum = (y >>> 0) + key[6] + ((sum / Limb.Word) | 0);
  work[TAG_AT + 2] = sum;
  work[TAG_AT + 3] = (z >>> 0) + key[7] + ((sum / Limb.Word) | 0);
}
