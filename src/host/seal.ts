/**
 * The host's end of the sealed link, with tweetnacl: shares no code with the terminal's. The frame, nonce and ratchet are those of
 * `docs/protocol.md`.
 */
import nacl from "tweetnacl";

/** tweetnacl's own cores, which its types leave out. */
const lowlevel = (
  nacl as unknown as {
    lowlevel: {
      crypto_stream_salsa20(out: Uint8Array, at: number, byteCount: number, nonce: Uint8Array, key: Uint8Array): number;
      crypto_core_hsalsa20(out: Uint8Array, input: Uint8Array, key: Uint8Array, constant: Uint8Array): void;
    };
  }
).lowlevel;

const VERSION = 1;
const HEADER_BYTES = 13;
const TID_BYTES = 8;
const RATCHET_NONCE = Buffer.from("tillet/1", "latin1");
const SIGMA = Buffer.from("expand 32-byte k", "latin1");

export interface SealedFrame {
  tid: string;
  counter: number;
  box: Uint8Array;
}

/** A line of the link without its end; null when it is not a frame of this version. */
export function parseLine(line: string): SealedFrame | null {
  const bytes = Buffer.from(line, "base64");
  // One line for one frame: a counter is answered again by comparing lines, and a line that lost its last `=` has the same bytes.
  if (bytes.toString("base64") !== line) return null;
  if (bytes.length <= HEADER_BYTES + nacl.secretbox.overheadLength || bytes[0] !== VERSION) return null;
  const tid = bytes.toString("latin1", 1, 1 + TID_BYTES);
  // A database takes no text with a NUL in it.
  if (!/^[ -~]+$/.test(tid)) return null;
  return {
    tid,
    counter: bytes.readUInt32BE(1 + TID_BYTES),
    box: bytes.subarray(HEADER_BYTES),
  };
}

export function buildLine(tid: string, counter: number, box: Uint8Array): string {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = VERSION;
  header.write(tid, 1, TID_BYTES, "latin1");
  header.writeUInt32BE(counter, 1 + TID_BYTES);
  return `${Buffer.concat([header, box]).toString("base64")}\n`;
}

function nonce(direction: "Q" | "A", tid: string, counter: number): Uint8Array {
  const bytes = Buffer.alloc(nacl.secretbox.nonceLength);
  bytes.write(direction, 0, "latin1");
  bytes[1] = VERSION;
  bytes.write(tid, 2, TID_BYTES, "latin1");
  bytes.writeUInt32LE(counter, 16);
  return bytes;
}

/** One step of the ratchet: the key of this step and the chain of the next. */
export function advance(chain: Uint8Array): { chain: Uint8Array; key: Uint8Array } {
  const block = new Uint8Array(64);
  lowlevel.crypto_stream_salsa20(block, 0, block.length, RATCHET_NONCE, chain);
  return { chain: block.slice(0, 32), key: block.slice(32) };
}

export function hsalsa20(key: Uint8Array, input: Uint8Array): Uint8Array {
  const out = new Uint8Array(32);
  lowlevel.crypto_core_hsalsa20(out, input, key, SIGMA);
  return out;
}

/** The chain that follows a sign-on: `fresh` is 32 bytes; `shared` comes from X25519, null when the terminal offered none. */
export function rotate(chain: Uint8Array, fresh: Uint8Array, shared: Uint8Array | null): Uint8Array {
  const rotated = hsalsa20(hsalsa20(chain, fresh.subarray(0, 16)), fresh.subarray(16));
  if (!shared) return rotated;
  const secret = hsalsa20(shared, new Uint8Array(16));
  return rotated.map((byte, index) => byte ^ (secret[index] as number));
}

/** The request's text, or null when the seal does not hold. */
export function openRequest(frame: SealedFrame, key: Uint8Array): string | null {
  const bytes = nacl.secretbox.open(frame.box, nonce("Q", frame.tid, frame.counter), key);
  return bytes ? Buffer.from(bytes).toString("latin1") : null;
}

export function sealAnswer(tid: string, counter: number, message: string, key: Uint8Array): string {
  return buildLine(tid, counter, nacl.secretbox(Buffer.from(message, "latin1"), nonce("A", tid, counter), key));
}
