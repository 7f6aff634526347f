/**
 * Signing on (0800): what the terminal asks and what it makes of the answer. It agrees with the host on time, batch and parameters, and the
 * chain rotates (`docs/keys.md`). `idle` says when.
 */
import { takeFresh, takeShared } from "../crypto/rotate";
import { fromDigits, toDigits } from "../proto/bytes";
import { pack } from "../proto/iso8583";
import { restRekey, type SignOn } from "./idle";
import { append } from "./journal";
import { load } from "./link";
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
const HALF_BYTES = 16;
/** Of a chain that takes fresh bytes; one more takes what two keys agree on. */
const STEPS = 2;

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

/** Its number is in flash: it leaves when what opens its answer has been made, and repeats until it is answered or ended. */
export function askSignOn(works: Works): void {
  const s = works.signOn;
  if (!s.answer) return;
  s.isOut = true;
  works.link.answer.sub.set(s.answer, 0);
  load(works.link, s.frame, true);
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
 * An opened answer while a sign-on is outstanding. Heard: the state stays, and `rotateChain` is to follow where there are keys. OutOfStep: no sale until the host's batch is the terminal's. None: it is not the answer that is awaited.
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
  s.keys = fields[62];
  s.step = 0;
  const next = new Uint32Array(8);
  next.set(works.journal.chain, 0);
  s.chain = next;
  return Event.Heard;
}

/**
 * One step of the new chain, from what the host sent: fresh bytes and, when it has not taken the terminal's key, one of its own. SignedOn
 * after the last one: `journalChain` is to follow.
 */
export function rotateChain(works: Works): Event {
  const s = works.signOn;
  const r = s.rekey;
  const next = s.chain;
  if (!next) return Event.None;
  const hostKey = s.keys.substr(KEY_BYTES);
  const shared = r && s.hasKeys && hostKey === "" ? r.shared : null;
  if (s.step < STEPS) {
    const half = new Uint32Array(4);
    works.natives.toBytes(s.keys.substr(s.step * HALF_BYTES, HALF_BYTES), new Uint8Array(half.buffer), 0);
    takeFresh(next, half);
  } else if (shared) {
    takeShared(next, shared);
  }
  s.step++;
  return s.step < (shared ? STEPS + 1 : STEPS) ? Event.None : Event.SignedOn;
}

/** Puts the new chain into flash, before it is used. The host takes it for the terminal's when the first frame under it comes. */
export function journalChain(works: Works): void {
  const s = works.signOn;
  const settings = works.t.settings;
  const hostKey = s.keys.substr(KEY_BYTES);
  const shared = s.rekey && s.hasKeys && hostKey === "" ? s.rekey.shared : null;
  if (!s.chain) return;
  works.journal.chain.set(s.chain, 0);
  s.chain.fill(0);
  s.chain = null;
  s.keys = "";
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
  if (settings && settings.rekeys && hostKey !== "") beginRekey(s, hostKey);
  restRekey(works);
  append(works.journal, works.t, Record.SignedOn, works.t.month, true);
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
