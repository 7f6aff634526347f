/**
 * NaCl secretbox, XSalsa20-Poly1305 (D. J. Bernstein, "Cryptography in NaCl" sections 9-10), in two steps. All that needs
 * no message is a pad: it may be made early, one core or some powers at a time, so that no call takes longer than one Salsa20
 * core or so. `seal` and `open` are what is left once the message is there; they make what is missing of the pad.
 */
import { poly1305 } from "./poly1305";
import { type Dot, makePower, poly1305Ahead, type Powers, POWERS } from "./powers";
import { hsalsa20, salsa20 } from "./salsa20";
import { END, MESSAGE_AT, MESSAGE_BYTES_MAX, TAG_AT, work, workBytes } from "./work";

export const TAG_BYTES = 16;
const CORES_MAX = 5;
/** Cores made ahead, enough for a message of 160 bytes. */
const CORES_AHEAD = 3;
/** Powers made at a time: below the price of a core. */
const POWERS_STEP = 2;

const input = new Uint32Array(4);

/** Bytes between strings and typed arrays, and sums of products; the engine's natives where there are some (`proto/bytes`). */
export interface Mover {
  toBytes(text: string, out: Uint8Array, at: number): void;
  toText(bytes: Uint8Array): string;
  /** Null where a script would have to do it: then `poly1305` is faster. */
  readonly dot: Dot | null;
}

/** What seals, or opens, one box: good for one message and never for another. */
export interface Pad {
  /** The subkey of XSalsa20 for the first 16 bytes of the nonce, 8 words. One-way: it opens only boxes whose nonces begin so. */
  sub: Uint32Array;
  subBytes: Uint8Array;
  /** The last 8 bytes of the nonce as two words, little-endian. */
  tail: number;
  tailHigh: number;
  /** r and s of the MAC, 8 words; then a word for each 4 bytes of message. */
  stream: Uint32Array;
  coreCount: number;
  powers: Powers | null;
  powerCount: number;
}

/** `powers` may be null, or belong to several pads of which one at a time is filled. */
export function openPad(powers: Powers | null): Pad {
  const sub = new Uint32Array(8);
  return {
    sub: sub,
    subBytes: new Uint8Array(sub.buffer),
    tail: 0,
    tailHigh: 0,
    stream: new Uint32Array(CORES_MAX * 16),
    coreCount: 0,
    powers: powers,
    powerCount: 0,
  };
}

/** Begins a pad for a nonce: its first 16 bytes, 4 words, and its last 8. Costs one core. */
export function startPad(pad: Pad, key: Uint32Array, nonceHead: Uint32Array, tail: number, tailHigh: number): void {
  hsalsa20(pad.sub, key, nonceHead);
  restartPad(pad, tail, tailHigh);
}

/** Begins a pad whose subkey is there. */
export function restartPad(pad: Pad, tail: number, tailHigh: number): void {
  pad.tail = tail;
  pad.tailHigh = tailHigh;
  pad.coreCount = 0;
  pad.powerCount = 0;
}

/** Makes the next 64 bytes of key stream. */
function addCore(pad: Pad): void {
  input[0] = pad.tail;
  input[1] = pad.tailHigh;
  input[2] = pad.coreCount;
  pad.stream.set(salsa20(pad.sub, input), pad.coreCount * 16);
  pad.coreCount++;
}

/**
 * Makes the next piece of what can be made ahead; false when there is none. No piece costs more than one core. There are as many on an
 * engine that makes no powers, so that all engines keep the same time.
 */
export function fillPad(pad: Pad, dot: Dot | null): boolean {
  if (pad.coreCount < CORES_AHEAD) addCore(pad);
  else if (pad.powerCount < POWERS) {
    for (let i = 0; i < POWERS_STEP; i++) {
      pad.powerCount++;
      if (pad.powers && dot) makePower(pad.powers, pad.powerCount, pad.stream, dot);
    }
  } else return false;
  return true;
}

/** Forgets the key stream and the subkey. */
export function wipePad(pad: Pad): void {
  pad.sub.fill(0);
  pad.stream.fill(0);
  pad.coreCount = 0;
  pad.powerCount = 0;
}

/** The box of `message`: 16 bytes of tag, then the cipher text. */
export function seal(pad: Pad, message: string, move: Mover): string {
  move.toBytes(message, workBytes, MESSAGE_AT * 4);
  sealBytes(pad, message.length, move.dot);
  return move.toText(workBytes.subarray(TAG_AT * 4, MESSAGE_AT * 4 + message.length));
}

/** Seals the message that stands in `work`. */
export function sealBytes(pad: Pad, byteCount: number, dot: Dot | null): void {
  while (pad.coreCount * 64 < 32 + byteCount) addCore(pad);
  xor(pad.stream, byteCount);
  authenticate(pad, byteCount, dot);
}

/** The message of a box, or "" when the tag is wrong or the length is impossible. */
export function open(pad: Pad, box: string, move: Mover): string {
  const byteCount = box.length - TAG_BYTES;
  if (byteCount < 1 || byteCount > MESSAGE_BYTES_MAX) return "";
  move.toBytes(box, workBytes, TAG_AT * 4);
  if (!openBytes(pad, byteCount, move.dot)) return "";
  return move.toText(workBytes.subarray(MESSAGE_AT * 4, MESSAGE_AT * 4 + byteCount));
}

/** Opens the box that stands in `work`; false when its tag is wrong. */
export function openBytes(pad: Pad, byteCount: number, dot: Dot | null): boolean {
  const w = work[TAG_AT];
  const x = work[TAG_AT + 1];
  const y = work[TAG_AT + 2];
  const z = work[TAG_AT + 3];
  while (pad.coreCount * 64 < 32 + byteCount) addCore(pad);
  authenticate(pad, byteCount, dot);
  // All of it is compared: nothing tells an attacker how many bytes of a guess were right.
  if ((w ^ work[TAG_AT]) | (x ^ work[TAG_AT + 1]) | (y ^ work[TAG_AT + 2]) | (z ^ work[TAG_AT + 3])) return false;
  xor(pad.stream, byteCount);
  return true;
}

/** Four words a turn, since a turn costs as much as one of them; up to 15 bytes behind the message change too. */
function xor(s: Uint32Array, byteCount: number): void {
  let i = MESSAGE_AT;
  const w = work;
  const end = i + byteCount / 4;
  while (i < end) {
    w[i] ^= s[i++];
    w[i] ^= s[i++];
    w[i] ^= s[i++];
    w[i] ^= s[i++];
  }
}

/** Puts the tag of the message in `work` before it. */
function authenticate(pad: Pad, byteCount: number, dot: Dot | null): void {
  if (byteCount & 15) workBytes.set(END, MESSAGE_AT * 4 + byteCount);
  if (pad.powers && dot && pad.powerCount === POWERS) poly1305Ahead(byteCount, pad.stream, pad.powers, dot);
  else poly1305(byteCount, pad.stream);
}
