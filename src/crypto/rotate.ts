/**
 * Rotation of the ratchet's chain at sign-on, in steps of one core of Salsa20: what both sides have new goes into it (`docs/keys.md`). First
 * the two halves of the host's fresh bytes, then what two keys agree on, if they do.
 */
import { hsalsa20 } from "./salsa20";

/** `chain` (8 words) becomes HSalsa20 under it of 4 words. */
export function takeFresh(chain: Uint32Array, half: Uint32Array): void {
  hsalsa20(chain, chain, half);
}

/**
 * `chain` is xored with HSalsa20 under `shared` (8 words, from X25519) of zeros, which is NaCl's crypto_box_beforenm: who has the old chain
 * and heard all needs the secret as well.
 */
export function takeShared(chain: Uint32Array, shared: Uint32Array): void {
  const block = new Uint32Array(8);
  hsalsa20(block, shared, new Uint32Array(4));
  for (let i = 0; i < 8; i++) chain[i] ^= block[i];
  block.fill(0);
}
