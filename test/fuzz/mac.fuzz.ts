/** The two ways to a Poly1305 tag agree, above all at the edges of their carries: keys and messages full of zeros and ones. */
import { poly1305 } from "../../src/crypto/poly1305";
import { makePower, openPowers, poly1305Ahead, POWERS } from "../../src/crypto/powers";
import { END, MESSAGE_AT, MESSAGE_BYTES_MAX, TAG_AT, work, workBytes } from "../../src/crypto/work";
import { assert } from "./inputs";
import type { Random } from "./runner";

const key = new Uint32Array(8);
const keyBytes = new Uint8Array(key.buffer);
const powers = openPowers();

function dot(a: Uint16Array, b: Uint32Array, offset: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i + offset] as number);
  return sum;
}

/** Stretches of zeros, of ones, of noise. */
function fill(random: Random, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    const kind = random(4);
    for (let left = 1 + random(20); left > 0 && at < bytes.length; left--) {
      bytes[at++] =
        kind === 0 ? 0 : kind === 1 ? 255 : kind === 2 ? random(256) : ([1, 3, 4, 251, 252, 254][random(6)] ?? 0);
    }
  }
}

function tag(): string {
  return work.subarray(TAG_AT, TAG_AT + 4).join();
}

export function fuzz(random: Random): void {
  const length = 1 + random(random(2) ? MESSAGE_BYTES_MAX : 48);
  fill(random, keyBytes);
  fill(random, workBytes.subarray(MESSAGE_AT * 4, MESSAGE_AT * 4 + length));
  workBytes.set(END, MESSAGE_AT * 4 + length);
  poly1305(length, key);
  const expected = tag();
  for (let power = 1; power <= POWERS; power++) makePower(powers, power, key, dot);
  poly1305Ahead(length, key, powers, dot);
  assert(tag() === expected, "tag", [...keyBytes], length, [
    ...workBytes.subarray(MESSAGE_AT * 4, MESSAGE_AT * 4 + length),
  ]);
}
