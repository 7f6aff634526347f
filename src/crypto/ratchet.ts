/**
 * The one-way ratchet: every request has its own key, and a chain that has moved on cannot give an old one back.
 * The first 64 bytes of the Salsa20 stream under the chain (NaCl: crypto_stream_salsa20 with nonce "tillet/1") are the
 * next chain, 32 bytes, and the request's key, 32 bytes.
 */
import { salsa20 } from "./salsa20";

/** "tillet/1" and block counter 0, as little-endian words. */
const LABEL = new Uint32Array([0x6c6c6974, 0x312f7465, 0, 0]);
const block = new Uint32Array(16);

/** Moves `chain` (8 words) one step on and puts the key of that step into `key` (8 words). */
export function advance(chain: Uint32Array, key: Uint32Array): void {
  block.set(salsa20(chain, LABEL), 0);
  chain.set(block.subarray(0, 8), 0);
  key.set(block.subarray(8), 0);
  block.fill(0);
}
