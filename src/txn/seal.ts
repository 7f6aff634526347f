/** Sealed frames: the ratchet's next key, a nonce from the header, a secretbox. */
import type { Natives } from "../board/board";
import { advance } from "../crypto/ratchet";
import { keystream, open, seal, streamWords, subkey, TAG_BYTES } from "../crypto/secretbox";
import { buildFrame, nonceHead } from "../proto/frame";

/** Key stream for the longest message, and the words that come and go while a frame is made. */
const stream = new Uint32Array(80);
const key = new Uint32Array(8);
const sub = new Uint32Array(8);
const head = new Uint32Array(4);
const headBytes = new Uint8Array(head.buffer);

/**
 * Seals `message` for the host under the next key of `chain` (which moves on), numbered `counter`. `answerKey` gets what opens the
 * answer and nothing else: it does not open the request.
 */
export function sealRequest(
  natives: Natives,
  tid: string,
  chain: Uint32Array,
  counter: number,
  message: string,
  answerKey: Uint32Array,
): string {
  advance(chain, key);
  natives.toBytes(nonceHead("A", tid), headBytes, 0);
  subkey(answerKey, key, head);
  natives.toBytes(nonceHead("Q", tid), headBytes, 0);
  subkey(sub, key, head);
  keystream(stream, streamWords(message.length), sub, counter, 0);
  const frame = buildFrame(tid, counter, seal(message, stream, natives));
  key.fill(0);
  sub.fill(0);
  stream.fill(0);
  return frame;
}

/** The message of an answer's box, or "" when it is not the host's answer to request `counter`. */
export function openAnswer(natives: Natives, counter: number, box: string, answerKey: Uint32Array): string {
  const words = streamWords(box.length - TAG_BYTES);
  if (words > stream.length) return "";
  keystream(stream, words, answerKey, counter, 0);
  return open(box, stream, natives);
}
