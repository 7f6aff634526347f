/**
 * A new key that nobody who only listened can have: X25519 with the host's key from the last sign-on, so that a chain that was copied is
 * worth nothing afterwards (`docs/keys.md`). Two products, worked out in slices while the terminal has nothing else to do: on Espruino
 * 17,600 slices each, of 2.5 million instructions on average and at most 3.3 million (25 and 33 ms on an ESP32), 15 minutes in all; on
 * JerryScript some seconds. The terminal's secret is 32 bytes of the board's randomness, stays in memory and is wiped.
 */
import type { Board, Natives } from "../board/board";
import type * as X25519Part from "../crypto/x25519";
import { x25519Part } from "../crypto/x25519.lazy";

export const enum RekeyStage {
  /** The secret is being drawn, two bytes a slice, so that the board can keep up. */
  Draw = 0,
  /** The terminal's public key is being worked out. */
  Public = 1,
  /** What both sides agree on is. */
  Shared = 2,
  /** All is there; the host is to be told the public key. */
  Ready = 3,
  /** The host's key agrees on nothing. */
  Useless = 4,
}

const KEY_BYTES = 32;
/** RFC 7748 section 6.1: the point 9. */
const BASE_POINT = "\x09" + "\0".repeat(KEY_BYTES - 1);
const NO_AGREEMENT = "\0".repeat(KEY_BYTES);

export interface Rekey {
  stage: RekeyStage;
  /** The host's public key. */
  hostKey: string;
  publicKey: string;
  secret: Uint8Array;
  drawnBytes: number;
  /** The means of the work, and the product in hand; null when there is none. */
  part: typeof X25519Part | null;
  x: X25519Part.X25519 | null;
  /** What the two keys agree on, 8 words. */
  shared: Uint32Array;
}

export function openRekey(hostKey: string): Rekey {
  return {
    stage: RekeyStage.Draw,
    hostKey: hostKey,
    publicKey: "",
    secret: new Uint8Array(KEY_BYTES),
    drawnBytes: 0,
    part: null,
    x: null,
    shared: new Uint32Array(KEY_BYTES / 4),
  };
}

/** Does the next slice of work. False when there is no more. */
export function workRekey(r: Rekey, board: Board, natives: Natives): boolean {
  const x = r.x;
  if (x && r.part) {
    if (r.part.slice(x)) finish(r, r.part, x, natives);
  } else if (r.stage === RekeyStage.Draw) {
    draw(r, board.random());
  }
  return r.stage < RekeyStage.Ready;
}

function draw(r: Rekey, value: number): void {
  r.secret[r.drawnBytes] = value & 255;
  r.secret[r.drawnBytes + 1] = value >> 8;
  r.drawnBytes += 2;
  if (r.drawnBytes < KEY_BYTES) return;
  r.part = x25519Part();
  r.x = r.part.openX25519(r.secret, BASE_POINT);
  r.stage = RekeyStage.Public;
}

/** One of the products is there. */
function finish(r: Rekey, part: typeof X25519Part, x: X25519Part.X25519, natives: Natives): void {
  const product = part.result(x);
  part.wipe(x);
  if (r.stage === RekeyStage.Public) {
    r.publicKey = product;
    r.x = part.openX25519(r.secret, r.hostKey);
    r.stage = RekeyStage.Shared;
    return;
  }
  r.part = null;
  r.x = null;
  r.secret.fill(0);
  natives.toBytes(product, new Uint8Array(r.shared.buffer), 0);
  r.stage = product === NO_AGREEMENT ? RekeyStage.Useless : RekeyStage.Ready;
}
