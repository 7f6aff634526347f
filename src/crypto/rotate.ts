/** Rotation of the ratchet's chain at sign-on: what both sides have new goes into it (`docs/keys.md`). */
import { hsalsa20 } from "./salsa20";

/**
 * `chain` (8 words) becomes HSalsa20 under it of the first half of `fresh` (8 words), then under that of the second half. With `shared`
 * (8 words, from X25519) the result is xored with HSalsa20 under it of zeros, which is NaCl's crypto_box_beforenm: who has the old
 * chain and heard all needs the secret as well.
 */
export function rotate(chain: Uint32Array, fresh: Uint32Array, shared: Uint32Array | null): void {
  const block = new Uint32Array(8);
  hsalsa20(block, chain, fresh.subarray(0, 4));
  hsalsa20(chain, block, fresh.subarray(4));
  if (shared) {
    hsalsa20(block, shared, new Uint32Array(4));
    for (let i = 0; i < 8; i++) chain[i] ^= block[i];
  }
  block.fill(0);
}
