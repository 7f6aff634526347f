/**
 * Signing on (0800): what the terminal asks and what it makes of the answer. It agrees with the host on time, batch and parameters, and the
 * chain rotates (`docs/keys.md`). `idle` says when; this file is a part that is read when it is used.
 */
import { rotate } from "../crypto/rotate";
import type { hsalsa20 as hsalsa20Core } from "../crypto/salsa20";
import { fromDigits, toDigits } from "../proto/bytes";
import type { SignOn } from "./idle";
import { NetworkCode, Response } from "./messages";
import { openRekey, RekeyStage } from "./rekey";
import { Event, type Settings, type Terminal } from "./state";

type Core = typeof hsalsa20Core;
type ToBytes = (text: string, bytes: Uint8Array, at: number) => void;

const DAY_MS = 86400000;
/** Field 60.1: network management. */
const KIND_NETWORK = "00";
const KEY_BYTES = 32;

/** Settles what is asked now: fields 11, 41, 42, 60 and 62 of the request. The STAN is that of the next sale and is not used up. */
export function signOnValues(s: SignOn, t: Terminal, settings: Settings, nowMs: number): string[] {
  const r = s.rekey;
  s.hasKeys = r !== null && r.stage === RekeyStage.Ready;
  s.code = !t.isSignedOn || s.isAsked || s.hasKeys || nowMs - s.atMs >= DAY_MS ? NetworkCode.SignOn : NetworkCode.Echo;
  const about = KIND_NETWORK + toDigits(t.batchNumber, 6) + s.code + toDigits(settings.parametersVersion, 6);
  return ["" + t.nextStan, settings.tid, settings.mid, about, r && s.hasKeys ? r.publicKey + r.hostKey : ""];
}

/** True when `fields` is an answer to what was asked, with all that such an answer has. */
function isAnswered(s: SignOn, settings: Settings, fields: string[]): boolean {
  const about = fields[60] || "";
  const code = about.substr(8, 3);
  const keyBytes = fields[62] ? fields[62].length : 0;
  return (
    fields[0] === "0810" &&
    fields[41] === settings.tid &&
    about.length === 17 &&
    // An echo may be answered with the wish for a sign-on.
    (code === s.code || code === NetworkCode.SignOn) &&
    (keyBytes === 0 || (s.code === NetworkCode.SignOn && (keyBytes === KEY_BYTES || keyBytes === 2 * KEY_BYTES))) &&
    !!(fields[12] && fields[13] && fields[63])
  );
}

/**
 * An opened answer to the outstanding request. SignedOn: `takeChain` is to follow. Heard: nothing is to be kept. OutOfStep: no sale until the
 * host's batch is the terminal's. None: it is not the answer that is awaited.
 */
export function signOnFact(s: SignOn, t: Terminal, fields: string[], nowMs: number): Event {
  const settings = t.settings;
  if (!settings || !isAnswered(s, settings, fields)) return Event.None;
  const about = fields[60];
  const isDone = fields[39] === Response.Done;
  s.frame = "";
  s.isAsked = s.code === NetworkCode.Echo && about.substr(8, 3) === NetworkCode.SignOn;
  t.isOutOfStep = fields[39] === Response.BatchDiffers || (isDone && fromDigits(about.substr(2, 6)) !== t.batchNumber);
  s.isDue = t.isOutOfStep || s.isAsked;
  if (t.isOutOfStep) return Event.OutOfStep;
  if (!isDone) return Event.Heard;
  t.isSignedOn = true;
  t.hasOldSettings = fromDigits(about.substr(11, 6)) !== settings.parametersVersion;
  if (!fields[62]) return Event.Heard;
  t.month = fields[63].substr(2, 2) + fields[13].substr(0, 2);
  s.atMs = nowMs;
  s.keys = fields[62];
  return Event.SignedOn;
}

/**
 * Rotates `chain` as the answer says; it goes into flash before it is used. `hsalsa20` is that of `crypto/salsa20`, which is there anyway.
 */
export function takeChain(s: SignOn, settings: Settings, chain: Uint32Array, toBytes: ToBytes, hsalsa20: Core): void {
  const fresh = new Uint32Array(KEY_BYTES / 4);
  const hostKey = s.keys.substr(KEY_BYTES);
  const r = s.rekey;
  // A host that sends a key has not taken ours.
  const shared = r && s.hasKeys && hostKey === "" ? r.shared : null;
  toBytes(s.keys.substr(0, KEY_BYTES), new Uint8Array(fresh.buffer), 0);
  s.keys = "";
  rotate(hsalsa20, chain, fresh, shared);
  fresh.fill(0);
  if (shared) {
    shared.fill(0);
    s.rekey = null;
  }
  if (settings.rekeys && hostKey !== "") beginRekey(s, hostKey);
}

/** There is work for the host's key unless it is under way or done; what the host did not take is not offered again at once. */
function beginRekey(s: SignOn, hostKey: string): void {
  const r = s.rekey;
  if (!r || r.hostKey !== hostKey) s.rekey = openRekey(hostKey);
  else if (s.hasKeys) s.rekey = null;
  else s.isDue = r.stage === RekeyStage.Ready;
}
