/**
 * Signing on (0800): what the terminal asks and what it makes of the answer. It agrees with the host on time, batch and parameters, and the
 * chain rotates (`docs/keys.md`). `idle` says when.
 */
import { rotate } from "../crypto/rotate";
import { fromDigits, toDigits } from "../proto/bytes";
import { pack } from "../proto/iso8583";
import { restRekey, type SignOn } from "./idle";
import { append } from "./journal";
import { ask } from "./link";
import { NetworkCode, Response } from "./messages";
import { Record } from "./record";
import { RekeyStage } from "./rekey";
import { sealRequest, wipeSlot } from "./seal";
import { Event, type Settings, type Terminal } from "./state";
import type { Works } from "./works";

const DAY_MS = 86400000;
/** Field 60.1: network management. */
const KIND_NETWORK = "00";
const KEY_BYTES = 32;

/** Seals what is due and puts its number into flash. False when that is done: it was sealed before, and nothing after it. */
export function journalSignOn(works: Works): boolean {
  const t = works.t;
  const j = works.journal;
  const s = works.signOn;
  s.isDue = false;
  if (!t.settings || (s.frame !== "" && j.counter === s.counter + 1)) return false;
  const message = signOnMessage(s, t, t.settings, works.board.nowMs());
  const answer = new Uint32Array(8);
  s.answer = answer;
  s.frame = sealRequest(works.seals, t.settings.tid, j.chain, j.counter, message, answer);
  s.counter = j.counter;
  j.counter++;
  append(j, t, Record.Key, "", true);
  return true;
}

/** Its number is in flash: it may leave, and repeats until it is answered or ended. */
export function askSignOn(works: Works): void {
  const s = works.signOn;
  if (!s.answer) return;
  s.isOut = true;
  works.link.answer.sub.set(s.answer, 0);
  ask(works.link, s.frame, true);
}

/** The STAN is that of the next sale and is not used up. Field 62: the terminal's and the host's public keys. */
function signOnMessage(s: SignOn, t: Terminal, settings: Settings, nowMs: number): string {
  const r = s.rekey;
  s.hasKeys = r !== null && r.stage === RekeyStage.Ready;
  const isFull = !t.isSignedOn || s.isAsked || s.hasKeys || nowMs - s.atMs >= DAY_MS;
  s.code = isFull ? NetworkCode.SignOn : NetworkCode.Echo;
  const about = KIND_NETWORK + toDigits(t.batchNumber, 6) + s.code + toDigits(settings.parametersVersion, 6);
  const keys = r && s.hasKeys ? r.publicKey + s.hostKey : "";
  return pack("0800", [11, 41, 42, 60, 62], ["" + t.nextStan, settings.tid, settings.mid, about, keys]);
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
 * An opened answer while a sign-on is outstanding. SignedOn: the chain has moved, and `journalChain` is to follow. Heard: nothing is to be
 * kept. OutOfStep: no sale until the host's batch is the terminal's. None: it is not the answer that is awaited.
 */
export function signOnAnswered(works: Works, fields: string[]): Event {
  const s = works.signOn;
  const t = works.t;
  const settings = t.settings;
  if (!settings || !isAnswered(s, settings, fields)) return Event.None;
  const about = fields[60];
  const isDone = fields[39] === Response.Done;
  const isInStep = fromDigits(about.substr(2, 6)) === t.batchNumber;
  // A sign-on that is done rotates the chain: without keys it is no answer, so that nobody can take them out of it.
  if (isDone && isInStep && s.code === NetworkCode.SignOn && !fields[62]) return Event.None;
  s.isOut = false;
  s.frame = "";
  s.answer = null;
  s.isAsked = s.code === NetworkCode.Echo && about.substr(8, 3) === NetworkCode.SignOn;
  t.isOutOfStep = fields[39] === Response.BatchDiffers || (isDone && !isInStep);
  s.isDue = t.isOutOfStep || s.isAsked;
  if (t.isOutOfStep) return Event.OutOfStep;
  if (!isDone) return Event.Heard;
  t.isSignedOn = true;
  t.hasOldSettings = fromDigits(about.substr(11, 6)) !== settings.parametersVersion;
  if (!fields[62]) return Event.Heard;
  t.month = fields[63].substr(2, 2) + fields[13].substr(0, 2);
  s.atMs = works.board.nowMs();
  takeChain(works, fields[62], settings.rekeys);
  return Event.SignedOn;
}

/** Rotates the chain with what the host sent: fresh bytes and, when it has not taken the terminal's key, one of its own. */
function takeChain(works: Works, keys: string, rekeys: boolean): void {
  const s = works.signOn;
  const r = s.rekey;
  const hostKey = keys.substr(KEY_BYTES);
  const shared = r && s.hasKeys && hostKey === "" ? r.shared : null;
  const fresh = new Uint32Array(KEY_BYTES / 4);
  works.natives.toBytes(keys.substr(0, KEY_BYTES), new Uint8Array(fresh.buffer), 0);
  rotate(works.journal.chain, fresh, shared);
  fresh.fill(0);
  // What was made ahead was made for the old one.
  wipeSlot(works.seals.even);
  wipeSlot(works.seals.odd);
  if (shared) {
    shared.fill(0);
    s.hostKey = "";
    s.rekey = null;
    // An echo under the new chain, at once: from then on the host hears nobody who has only the old one.
    s.isDue = true;
  }
  if (rekeys && hostKey !== "") beginRekey(s, hostKey);
}

/** There is work for the host's key unless it is under way or done; what the host did not take is not offered again at once. */
function beginRekey(s: SignOn, hostKey: string): void {
  if (hostKey === s.hostKey && !s.hasKeys) {
    s.isDue = s.rekey !== null && s.rekey.stage === RekeyStage.Ready;
    return;
  }
  s.hostKey = hostKey === s.hostKey ? "" : hostKey;
  s.rekey = null;
}

/** Puts the new chain into flash, before it is used. The host takes it for the terminal's when the first frame under it comes. */
export function journalChain(works: Works): void {
  restRekey(works);
  append(works.journal, works.t, Record.SignedOn, works.t.month, true);
}
