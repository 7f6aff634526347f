/**
 * A new key that nobody who only listened can have: X25519 with the host's key from the last sign-on, so that a chain that was copied is
 * worth nothing afterwards (`docs/keys.md`). Two products, worked out in slices while the terminal has nothing else to do: on Espruino
 * 17,600 slices each; a turn of one is 4.4 million instructions on average and at most 5.3 million (44 and 53 ms on an ESP32), half an hour
 * in all; on JerryScript some seconds. The terminal's secret is 32 bytes of the board's randomness, stays in memory and is wiped. This is a part
 * that is read when it is used; what it knows (`Rekey`) stays when the part is let go.
 */
import type { Board, Natives } from "../board/board";
import { restRekey } from "./idle";
import type { rekeyPart } from "./rekey.lazy";
import { State } from "./state";
import { Timer } from "./timers";
import type { Works } from "./works";
import { openX25519, result, slice, wipe, type X25519 } from "../crypto/x25519";

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
/** Between two slices. */
const SLICE_WAIT_MS = 5;
/** Before a sign-on that has come due. */
const PAUSE_MS = 150;

/** RFC 7748 section 6.1: the point 9. */
function basePoint(): string {
  return "\x09".padEnd(KEY_BYTES, "\0");
}

export interface Rekey {
  /** The means of the work, while it is going on. */
  part: ReturnType<typeof rekeyPart> | null;
  stage: RekeyStage;
  /** The host's public key. */
  hostKey: string;
  publicKey: string;
  secret: Uint8Array;
  drawnBytes: number;
  /** The product in hand; null when there is none. */
  x: X25519 | null;
  /** What the two keys agree on, 8 words. */
  shared: Uint32Array;
}

export function openRekey(hostKey: string): Rekey {
  return {
    part: null,
    stage: RekeyStage.Draw,
    hostKey: hostKey,
    publicKey: "",
    secret: new Uint8Array(KEY_BYTES),
    drawnBytes: 0,
    x: null,
    shared: new Uint32Array(KEY_BYTES / 4),
  };
}

/** Does the next slice of work. False when there is no more. */
export function workRekey(r: Rekey, board: Board, natives: Natives): boolean {
  const x = r.x;
  if (x) {
    if (slice(x)) finish(r, x, natives);
  } else if (r.stage === RekeyStage.Draw) {
    draw(r, board.random());
  } else if (r.stage < RekeyStage.Ready) {
    r.x = openX25519(r.secret, r.stage === RekeyStage.Public ? basePoint() : r.hostKey);
  }
  return r.stage < RekeyStage.Ready;
}

function draw(r: Rekey, value: number): void {
  r.secret[r.drawnBytes] = value & 255;
  r.secret[r.drawnBytes + 1] = value >> 8;
  r.drawnBytes += 2;
  if (r.drawnBytes === KEY_BYTES) r.stage = RekeyStage.Public;
}

/** One of the products is there. */
function finish(r: Rekey, x: X25519, natives: Natives): void {
  const product = result(x);
  wipe(x);
  r.x = null;
  if (r.stage === RekeyStage.Public) {
    r.publicKey = product;
    r.stage = RekeyStage.Shared;
    return;
  }
  r.secret.fill(0);
  natives.toBytes(product, new Uint8Array(r.shared.buffer), 0);
  // All zeros: a point of small order, which agrees on nothing (section 6.1).
  r.stage = product === "".padEnd(KEY_BYTES, "\0") ? RekeyStage.Useless : RekeyStage.Ready;
}

/** An hour of silence; or time for a slice of work. True when this part is needed again soon. */
export function onIdleTimer(works: Works, timer: Timer): boolean {
  const s = works.signOn;
  let isMore = false;
  if (timer === Timer.SignOn) {
    s.isDue = true;
  } else if (works.t.state !== State.Idle || s.isOut) {
    restRekey(works);
    return false;
  } else if (s.hostKey !== "") {
    const r = s.rekey || openRekey(s.hostKey);
    s.rekey = r;
    isMore = workRekey(r, works.board, works.natives);
    if (isMore) works.board.timer(Timer.Rekey, SLICE_WAIT_MS);
    else s.isDue = r.stage === RekeyStage.Ready;
  }
  if (s.isDue && works.t.state === State.Idle) works.board.timer(Timer.Ahead, PAUSE_MS);
  return isMore;
}
