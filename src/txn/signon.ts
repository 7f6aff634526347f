/**
 * Signing on (0800): the terminal agrees with the host on time, batch and parameters, and the chain rotates (`docs/keys.md`). Due after
 * power-on, once a day, and when an agreement of keys has been worked out; after an hour in which the host was not heard an echo is.
 * A request of this kind is outstanding in the state Idle only: whatever leads out of it ends the request, so no sale ever waits for one.
 * It is kept until it is answered, so that a host that does not answer costs one counter and not one each time.
 */
import type { Natives } from "../board/board";
import { rotate } from "../crypto/ratchet";
import { fromDigits, toDigits } from "../proto/bytes";
import { BATCH_DIFFERS, ECHO, networkRequest, SIGN_ON } from "./messages";
import { openRekey, type Rekey, RekeyStage } from "./rekey";
import { Event, type Settings, type Terminal } from "./state";

const DAY_MS = 86400000;
/** Field 39. */
const DONE = "00";
const KEY_BYTES = 32;

export interface SignOn {
  /** To be sent as soon as the terminal idles on an open link. */
  isDue: boolean;
  isOut: boolean;
  /** The request that has no answer yet, sealed, and its number; "" for none. */
  frame: string;
  counter: number;
  /** What opens its answer, 8 words. */
  answer: Uint32Array;
  /** What it asks, and whether it carries keys. */
  code: string;
  hasKeys: boolean;
  signedOnAtMs: number;
  /** The host's second of the day at a moment of the board's time. */
  hostSecond: number;
  hostSecondAtMs: number;
  rekey: Rekey | null;
}

/** Fresh bytes from the host. */
const fresh = new Uint32Array(KEY_BYTES / 4);
const freshBytes = new Uint8Array(fresh.buffer);

export function openSignOn(): SignOn {
  return {
    isDue: true,
    isOut: false,
    frame: "",
    counter: 0,
    answer: new Uint32Array(8),
    code: "",
    hasKeys: false,
    signedOnAtMs: 0,
    hostSecond: 0,
    hostSecondAtMs: 0,
    rekey: null,
  };
}

/** True when the last sign-on is a day old. */
export function isDayOver(s: SignOn, nowMs: number): boolean {
  return nowMs - s.signedOnAtMs >= DAY_MS;
}

/** The message that is due, to be sealed. */
export function signOnMessage(s: SignOn, t: Terminal, settings: Settings, nowMs: number): string {
  const r = s.rekey;
  s.hasKeys = r !== null && r.stage === RekeyStage.Ready;
  s.code = !t.isSignedOn || s.hasKeys || isDayOver(s, nowMs) ? SIGN_ON : ECHO;
  return networkRequest(t, settings, s.code, r && s.hasKeys ? r.publicKey + r.hostKey : "");
}

/** True when `fields` is an answer to what was asked, with all that such an answer has. */
function isAnswered(s: SignOn, settings: Settings, fields: string[]): boolean {
  const about = fields[60] || "";
  const keyBytes = fields[62] ? fields[62].length : 0;
  return (
    fields[0] === "0810" &&
    fields[41] === settings.tid &&
    about.length === 17 &&
    about.substr(8, 3) === s.code &&
    (keyBytes === 0 || keyBytes === KEY_BYTES || keyBytes === 2 * KEY_BYTES) &&
    !!(fields[12] && fields[13] && fields[63])
  );
}

/**
 * An opened answer to the outstanding request. SignedOn: `takeChain` is to follow. Heard: nothing is to be kept. OutOfStep: no sale until the
 * host's batch is the terminal's. None: it is not the answer that is awaited.
 */
export function signOnFact(s: SignOn, t: Terminal, fields: string[] | null, natives: Natives, nowMs: number): Event {
  const settings = t.settings;
  if (!fields || !settings || !isAnswered(s, settings, fields)) return Event.None;
  const about = fields[60];
  const isDone = fields[39] === DONE;
  s.frame = "";
  t.isOutOfStep = fields[39] === BATCH_DIFFERS || (isDone && fromDigits(about.substr(2, 6)) !== t.batchNumber);
  s.isDue = t.isOutOfStep;
  if (t.isOutOfStep) return Event.OutOfStep;
  if (!isDone) return Event.Heard;
  setClock(s, fields[12], nowMs);
  t.isSignedOn = true;
  t.hasOldSettings = fromDigits(about.substr(11, 6)) !== settings.parametersVersion;
  const keys = fields[62] || "";
  if (keys === "") return Event.Heard;
  t.month = fields[63].substr(2, 2) + fields[13].substr(0, 2);
  s.signedOnAtMs = nowMs;
  natives.toBytes(keys.substr(0, KEY_BYTES), freshBytes, 0);
  if (settings.rekeys && keys.length > KEY_BYTES) beginRekey(s, keys.substr(KEY_BYTES));
  return Event.SignedOn;
}

/** `hhmmss` from the host. */
function setClock(s: SignOn, time: string, nowMs: number): void {
  const minutes = fromDigits(time.substr(0, 2)) * 60 + fromDigits(time.substr(2, 2));
  s.hostSecond = minutes * 60 + fromDigits(time.substr(4, 2));
  s.hostSecondAtMs = nowMs;
}

/** Work for the host's key begins unless it is under way or done. */
function beginRekey(s: SignOn, hostKey: string): void {
  s.hasKeys = false;
  const r = s.rekey;
  if (!r || r.hostKey !== hostKey) s.rekey = openRekey(hostKey);
  else s.isDue = r.stage === RekeyStage.Ready;
}

/** Rotates `chain` as the answer says. It goes into flash before it is used. */
export function takeChain(s: SignOn, chain: Uint32Array): void {
  const r = s.rekey;
  const shared = r && s.hasKeys ? r.shared : null;
  rotate(chain, fresh, shared);
  fresh.fill(0);
  if (!shared) return;
  shared.fill(0);
  s.rekey = null;
}

/** The host's time of day as it should be now, `hh:mm`. */
export function clockText(s: SignOn, nowMs: number): string {
  const minutes = Math.floor((s.hostSecond + (nowMs - s.hostSecondAtMs) / 1000) / 60) % 1440;
  return toDigits(Math.floor(minutes / 60), 2) + ":" + toDigits(minutes % 60, 2);
}
