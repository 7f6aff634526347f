/**
 * Signing on (0800): what the terminal asks and what it makes of the answer. It agrees with the host on time, batch and versions, and the
 * chain rotates (`docs/keys.md`); parameters for taps and a block list that the host has and the terminal lacks are loaded. `idle` says when.
 */
import { takeFresh, takeShared } from "../crypto/rotate";
import { blockVersion, isBlockList } from "../limits/blocks";
import { fromBigEndian, fromDigits, toDigits } from "../proto/bytes";
import { KEYS_HEAD, NETWORK_HEAD, packNetwork } from "../proto/network.table";
import type { Asked, SignOn } from "./idle";
import { append } from "./journal";
import { load } from "./link";
import { NetworkCode, Response } from "./messages";
import { Record } from "./record";
import { RekeyStage } from "./rekey";
import { sealRequest, SlotFor } from "./seal";
import { Event, type Settings, type Terminal } from "./state";
import { tapParams } from "./tap-params";
import { TAP_VERSION } from "./tap.table";
import { Stage } from "./update-slot";
import { updatePart } from "./update.lazy";
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
  if (!t.settings || (s.asked && j.counter === s.asked.counter + 1)) return false;
  const asked = newAsked(s, t, j.counter, works.board.nowMs());
  const message = signOnMessage(s, asked, t, t.settings);
  asked.frame = sealRequest(works.seals, t.settings.tid, j.chain, j.counter, message, asked.answer);
  s.asked = asked;
  j.counter++;
  append(j, t, Record.Key, "", true);
  return true;
}

/** Its number is in flash: it leaves when what opens its answer has been made, and repeats until it is answered or ended. */
export function askSignOn(works: Works): void {
  const s = works.signOn;
  if (!s.asked) return;
  s.isOut = true;
  works.link.answer.sub.set(s.asked.answer, 0);
  // Where the link makes the powers for the answer, those of this slot have been: of the two slots a sale uses up both, a sign-on one.
  works.seals.even.counter = SlotFor.Nobody;
  load(works.link, s.asked.frame, true);
}

function newAsked(s: SignOn, t: Terminal, counter: number, nowMs: number): Asked {
  const hasKeys = s.rekey !== null && s.rekey.stage === RekeyStage.Ready;
  const isPiece = s.update !== null && s.update.stage === Stage.Ask;
  const isFull = !t.isSignedOn || s.isAsked || hasKeys || nowMs - s.atMs >= DAY_MS;
  return {
    frame: "",
    counter: counter,
    answer: new Uint32Array(8),
    code: isFull
      ? NetworkCode.SignOn
      : s.offered > 0
        ? NetworkCode.Parameters
        : s.listed > 0
          ? NetworkCode.Blocks
          : isPiece
            ? NetworkCode.Update
            : NetworkCode.Echo,
    hasKeys: hasKeys,
    keys: "",
    chain: new Uint32Array(8),
    step: 0,
  };
}

/** The STAN is that of the next sale and is not used up. Field 62: the terminal's and the host's public keys. */
function signOnMessage(s: SignOn, asked: Asked, t: Terminal, settings: Settings): string {
  const r = s.rekey;
  const versions = toDigits(settings.parametersVersion, 6) + toDigits(tapVersion(t, settings), 6);
  const slots = t.slots === "" ? "" : updatePart().slotsText(t);
  const list = toDigits(blockVersion(t.blockList), 6);
  const about = KIND_NETWORK + toDigits(t.batchNumber, 6) + asked.code + versions + slots + list;
  const u = asked.code === NetworkCode.Update ? s.update : null;
  const data = u ? updatePart().pieceAsked(u) : r && asked.hasKeys ? r.publicKey + s.hostKey : "";
  const head = data === "" ? NETWORK_HEAD : KEYS_HEAD;
  return packNetwork([head, toDigits(t.nextStan, 6), settings.tid, settings.mid, about, data]);
}

/** Of the parameters for taps, 0 where no contactless reader is built in. */
function tapVersion(t: Terminal, settings: Settings): number {
  if (settings.tap === "") return 0;
  return t.tapRecord === "" ? TAP_VERSION : fromBigEndian(t.tapRecord, 0, 2);
}

/** True when `fields` is an answer to what was asked, with all that such an answer has. */
function isAnswered(asked: Asked, settings: Settings, fields: string[]): boolean {
  const about = fields[60] || "";
  const code = about.substr(8, 3);
  const keyBytes = fields[62] ? fields[62].length : 0;
  const isKeys = keyBytes === KEY_BYTES || keyBytes === 2 * KEY_BYTES;
  return (
    fields[0] === "0810" &&
    fields[41] === settings.tid &&
    (about.length === 23 || about.length === 29 || about.length === 35) &&
    // Anything may be answered with the wish for a sign-on.
    (code === asked.code || code === NetworkCode.SignOn) &&
    (keyBytes === 0 || (asked.code === NetworkCode.SignOn ? isKeys : asked.code !== NetworkCode.Echo)) &&
    !!(fields[12] && fields[13] && fields[63])
  );
}

/**
 * An opened answer while a sign-on is outstanding. Heard: the state stays, and `rotateChain` is to follow where there are keys. OutOfStep:
 * no sale until the host's batch is the terminal's. Loaded: what the journal is to write next are good parameters. None: it is not the answer
 * that is awaited.
 */
export function signOnAnswered(works: Works, fields: string[]): Event {
  const s = works.signOn;
  const t = works.t;
  const settings = t.settings;
  const asked = s.asked;
  if (!settings || !asked || !isAnswered(asked, settings, fields)) return Event.None;
  const about = fields[60];
  const isDone = fields[39] === Response.Done;
  const isInStep = fromDigits(about.substr(2, 6)) === t.batchNumber;
  // A sign-on that is done rotates the chain: without keys it is no answer, so that nobody can take them out of it.
  if (isDone && isInStep && asked.code === NetworkCode.SignOn && !fields[62]) return Event.None;
  s.isOut = false;
  s.asked = null;
  s.isAsked = asked.code !== NetworkCode.SignOn && about.substr(8, 3) === NetworkCode.SignOn;
  t.isOutOfStep = fields[39] === Response.BatchDiffers || (isDone && !isInStep);
  s.isDue = t.isOutOfStep || s.isAsked;
  if (t.isOutOfStep) return Event.OutOfStep;
  if (asked.code !== NetworkCode.SignOn && asked.code !== NetworkCode.Echo)
    return loaded(works, settings, fields, asked.code, isDone);
  if (!isDone) return Event.Heard;
  t.isSignedOn = true;
  hearVersions(works, settings, about, asked.code);
  if (!fields[62]) return Event.Heard;
  t.month = fields[63].substr(2, 2) + fields[13].substr(0, 2);
  s.atMs = works.board.nowMs();
  asked.keys = fields[62];
  asked.chain.set(works.journal.chain, 0);
  s.asked = asked;
  return Event.Heard;
}

/** Something was asked for that is loaded. */
function loaded(works: Works, settings: Settings, fields: string[], code: string, isDone: boolean): Event {
  if (code === NetworkCode.Parameters) return loadParameters(works, settings, fields, isDone);
  if (code === NetworkCode.Blocks) return loadBlocks(works, fields, isDone);
  const u = works.signOn.update;
  // A self-test may have taken its place.
  if (!u || u.stage !== Stage.Ask) return Event.Heard;
  const part = (u.part as ReturnType<typeof updatePart> | null) || updatePart();
  u.part = part;
  part.onPiece(works, fields, isDone);
  return Event.Heard;
}

/**
 * The host's parameters for taps or its block list are others than the terminal's: they are asked for next, once unless a sign-on has passed. So is its
 * firmware.
 */
function hearVersions(works: Works, settings: Settings, about: string, code: string): void {
  const s = works.signOn;
  const t = works.t;
  const isEcho = code === NetworkCode.Echo;
  if (t.slots !== "" && about.length >= 29) updatePart().hearOffer(works, fromDigits(about.substr(23, 6)));
  s.offered = offeredNow(s.offered, tapVersion(t, settings), fromDigits(about.substr(17, 6)), isEcho);
  if (settings.tap === "") s.offered = 0;
  // A host that keeps no block lists names none.
  const list = about.length < 35 ? 0 : fromDigits(about.substr(29));
  s.listed = offeredNow(s.listed, blockVersion(t.blockList), list, isEcho);
  if (s.offered > 0 || s.listed > 0) s.isDue = true;
  t.hasOldSettings = fromDigits(about.substr(11, 6)) !== settings.parametersVersion || s.offered < 0 || s.listed < 0;
}

/** The version that is to be asked for, below zero when it was refused; 0: none. `before`: so far. */
function offeredNow(before: number, own: number, version: number, isEcho: boolean): number {
  if (version === 0 || version === own) return 0;
  return isEcho && before === -version ? before : version;
}

/** Loaded when the record is whole, for this terminal, and of the version that was said: the journal has it to write then. */
function loadParameters(works: Works, settings: Settings, fields: string[], isDone: boolean): Event {
  const s = works.signOn;
  const record = fields[62] || "";
  const isGood =
    isDone &&
    tapParams(record, settings, true, works.natives.crc32) !== "" &&
    fromBigEndian(record, 0, 2) === fromDigits(fields[60].substr(17, 6));
  s.offered = isGood ? 0 : -s.offered;
  return keep(works, record, isGood ? Event.Loaded : Event.Heard);
}

/** Likewise; nobody but the host can have sealed it, so that it needs no check of its own. */
function loadBlocks(works: Works, fields: string[], isDone: boolean): Event {
  const s = works.signOn;
  const list = fields[62] || "";
  const isGood = isDone && isBlockList(list);
  s.listed = isGood ? 0 : -s.listed;
  return keep(works, list, isGood ? Event.Blocked : Event.Heard);
}

/** The other of the two may still be wanted. */
function keep(works: Works, record: string, event: Event): Event {
  const s = works.signOn;
  if (s.offered > 0 || s.listed > 0) s.isDue = true;
  if (event === Event.Heard) works.t.hasOldSettings = true;
  else works.journal.body = record;
  return event;
}

/**
 * One step of the new chain, from what the host sent: fresh bytes and, when it has not taken the terminal's key, one of its own. SignedOn
 * after the last one: `journalChain` is to follow.
 */
export function rotateChain(works: Works): Event {
  const asked = works.signOn.asked;
  if (!asked) return Event.None;
  const shared = sharedOf(works.signOn, asked);
  if (asked.step < STEPS) {
    const half = new Uint32Array(4);
    works.natives.toBytes(asked.keys.substr(asked.step * HALF_BYTES, HALF_BYTES), new Uint8Array(half.buffer), 0);
    takeFresh(asked.chain, half);
  } else if (shared) {
    takeShared(asked.chain, shared);
  }
  asked.step++;
  return asked.step < (shared ? STEPS + 1 : STEPS) ? Event.None : Event.SignedOn;
}

/** What the two keys agree on, null when the host took none: then it sends one of its own. */
function sharedOf(s: SignOn, asked: Asked): Uint32Array | null {
  return s.rekey && asked.hasKeys && asked.keys.length === KEY_BYTES ? s.rekey.shared : null;
}

/** Puts the new chain into flash, before it is used. The host takes it for the terminal's when the first frame under it comes. */
export function journalChain(works: Works): void {
  const s = works.signOn;
  const settings = works.t.settings;
  const asked = s.asked;
  if (!asked || !settings) return;
  const hostKey = asked.keys.substr(KEY_BYTES);
  works.journal.chain.set(asked.chain, 0);
  asked.chain.fill(0);
  // What was made ahead was made for the old one; it is made anew in the same place.
  works.seals.even.counter = SlotFor.Nobody;
  works.seals.odd.counter = SlotFor.Nobody;
  if (sharedOf(s, asked)) {
    dropRekey(s);
    // An echo under the new chain, at once: from then on the host hears nobody who has only the old one.
    s.isDue = true;
  }
  if (settings.rekeys && hostKey !== "") beginRekey(s, hostKey, asked.hasKeys);
  s.asked = null;
  append(works.journal, works.t, Record.SignedOn, works.t.month, true);
}

/** There is work for the host's key unless it is under way or done; what the host did not take is not offered again at once. */
function beginRekey(s: SignOn, hostKey: string, wasOffered: boolean): void {
  if (hostKey === s.hostKey && !wasOffered) {
    if (s.rekey && s.rekey.stage === RekeyStage.Ready) s.isDue = true;
    return;
  }
  const isRefused = hostKey === s.hostKey;
  dropRekey(s);
  if (!isRefused) s.hostKey = hostKey;
}

function dropRekey(s: SignOn): void {
  if (s.rekey) {
    s.rekey.secret.fill(0);
    s.rekey.shared.fill(0);
  }
  s.hostKey = "";
  s.rekey = null;
}
