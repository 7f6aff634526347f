/**
 * The one-way ratchet: every request has its own key, and a chain that has moved on cannot give an old one back.
 * The first 64 bytes of the Salsa20 stream under the chain (NaCl: crypto_stream_salsa20 with nonce "tillet/1") are the
 * next chain, 32 bytes, and the request's key, 32 bytes. At sign-on the chain is rotated: what both sides have new goes into it.
 */
import { hsalsa20, salsa20 } from "./salsa20";

/** "tillet/1" and block counter 0, as little-endian words. */
const LABEL = new Uint32Array([0x6c6c6974, 0x312f7465, 0, 0]);
const ZEROS = new Uint32Array(4);
const block = new Uint32Array(16);

/** Moves `chain` (8 words) one step on and puts the key of that step into `key` (8 words). */
export function advance(chain: Uint32Array, key: Uint32Array): void {
  block.set(salsa20(chain, LABEL), 0);
  chain.set(block.subarray(0, 8), 0);
  key.set(block.subarray(8), 0);
  block.fill(0);
}

/**
 * Rotates `chain`: HSalsa20 under it of the first half of `fresh` (8 words), then under that of the second half. With `shared`
 * (8 words, from X25519) the result is xored with HSalsa20 under it of zeros, which is NaCl's crypto_box_beforenm: who has the old
 * chain and heard all needs the secret as well.
 */
export function rotate(chain: Uint32Array, fresh: Uint32Array, shared: Uint32Array | null): void {
  hsalsa20(block, chain, fresh.subarray(0, 4));
  hsalsa20(chain, block, fresh.subarray(4));
  if (shared) {
    hsalsa20(block, shared, ZEROS);
    for (let i = 0; i < 8; i++) chain[i] ^= block[i];
  }
  block.fill(0);
}
