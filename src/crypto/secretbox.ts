/**
 * NaCl secretbox, XSalsa20-Poly1305 (D. J. Bernstein, "Cryptography in NaCl" sections 9-10), in two steps: `keystream` needs
 * no message and may run early; `seal` and `open` are what is left to do once the message is there.
 */
import { poly1305 } from "./poly1305";
import { salsa20 } from "./salsa20";

/** Longest message, bytes. With the 32 bytes of MAC key it fills five cores. */
export const MESSAGE_BYTES_MAX = 288;
export const TAG_BYTES = 16;

/** Made once: an interpreter pays 1.6 ms for every larger typed array. Holds a message and poly1305's spare bytes. */
const work = new Uint32Array((MESSAGE_BYTES_MAX + 16) / 4);
const workBytes = new Uint8Array(work.buffer);
const tag = new Uint32Array(4);
const tagBytes = new Uint8Array(tag.buffer);
const input = new Uint32Array(4);

/** Moves bytes between strings and typed arrays; the engine's natives where there are some (`proto/bytes`). */
export interface Mover {
  toBytes(text: string, out: Uint8Array, at: number): void;
  toText(bytes: Uint8Array): string;
}

/** Words of key stream that a message of `byteCount` bytes needs: the MAC key, then one word for each 4 bytes, in whole cores. */
export function streamWords(byteCount: number): number {
  return ((32 + byteCount + 63) >> 6) << 4;
}

/** The subkey of XSalsa20 for the first 16 bytes of a nonce, as words. One-way: it opens only boxes whose nonces begin so. */
export function subkey(out: Uint32Array, key: Uint32Array, nonceHead: Uint32Array): void {
  salsa20(out, 0, key, nonceHead, true);
}

/** The first `wordCount` words of key stream for a subkey and the nonce's last 8 bytes, as two words. */
export function keystream(out: Uint32Array, wordCount: number, sub: Uint32Array, tail0: number, tail1: number): void {
  input[0] = tail0;
  input[1] = tail1;
  for (let at = 0; at < wordCount; at += 16) {
    input[2] = at >> 4;
    salsa20(out, at, sub, input, false);
  }
}

function xor(wordCount: number, stream: Uint32Array): void {
  for (let i = 0; i < wordCount; i++) work[i] ^= stream[i + 8];
}

/** The box of `message`: 16 bytes of tag, then the cipher text. `stream` holds `streamWords(message.length)` words. */
export function seal(message: string, stream: Uint32Array, move: Mover): string {
  const byteCount = message.length;
  move.toBytes(message, workBytes, 0);
  xor((byteCount + 3) >> 2, stream);
  const cipher = move.toText(workBytes.subarray(0, byteCount));
  poly1305(tag, work, byteCount, stream);
  return move.toText(tagBytes) + cipher;
}

/** The message of a box, or "" when the tag is wrong or the length is impossible. */
export function open(box: string, stream: Uint32Array, move: Mover): string {
  const byteCount = box.length - TAG_BYTES;
  if (byteCount < 1 || byteCount > MESSAGE_BYTES_MAX) return "";
  const cipher = box.substr(TAG_BYTES);
  move.toBytes(cipher, workBytes, 0);
  poly1305(tag, work, byteCount, stream);
  // Compared as whole strings: nothing tells an attacker how many bytes of a guess were right.
  let wrong = 0;
  for (let i = 0; i < TAG_BYTES; i++) wrong |= tagBytes[i] ^ box.charCodeAt(i);
  if (wrong) return "";
  move.toBytes(cipher, workBytes, 0);
  xor((byteCount + 3) >> 2, stream);
  return move.toText(workBytes.subarray(0, byteCount));
}
