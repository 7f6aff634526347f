/**
 * Updates of the firmware (`docs/updates.md`). The bundle runs from one slot of flash, the host's newer one goes into the other, piece by piece
 * while the terminal idles. How far it has come is known from marks in flash, so that a power cut costs a page at most; when all of it is there
 * and its digest is what the sealed head of the update says, it becomes a candidate, and the terminal starts anew. A bundle on trial says that it is
 * good once the host has answered its sign-on and its own digest is right.
 *
 * Nothing is written while money is on its way or a batch holds some. One piece, one mark or 8 cores of Salsa20 a turn; an erase blocks for
 * 30 to 400 ms.
 */
import { PAGE_BYTES } from "../board/board";
import { fromBigEndian, toBigEndian, toDigits } from "../proto/bytes";
import { State, type Terminal } from "./state";
import { Timer } from "./timers";
import {
  At,
  DIGEST_STEP_BYTES,
  goOn,
  HEAD_BYTES,
  MAGIC,
  MARKS_END,
  openUpdate,
  pageMark,
  PROFILE_BYTES,
  read,
  SET,
  Stage,
  startDigest,
  takeContent,
  UNSET,
  type Update,
  write,
} from "./update-slot";
import type { Works } from "./works";

/** In field 62: profile, version, and from where in the slot; in the answer the bytes follow. */
const ASKED_BYTES = 24;
/** Field 62 holds 255; flash is written 4 bytes at a time. */
const PIECE_BYTES_MAX = 228;
/** What the journal may have filled of its ring: the counters of an update take up to seven pages. */
const BATCH_PAGES_MAX = 8;
/** From the last key or card, or while a batch is open, to the next look. */
const WAIT_MS = 30000;
const PAUSE_MS = 150;
/** `Terminal.slots`: state, version, the own slot's address, the other's, 4 bytes each, and the pages of each. */
function ownVersion(t: Terminal): number {
  return fromBigEndian(t.slots, 1, 4);
}

function isOnTrial(t: Terminal): boolean {
  return t.slots.charAt(0) === "T";
}

/** For field 60: the own version, and whether it is good (0), on trial (1), or there since another was given up (2). */
export function slotsText(t: Terminal): string {
  return t.slots === "" ? "" : toDigits(ownVersion(t), 6) + "GTB".indexOf(t.slots.charAt(0));
}

/** Nothing of the batch, and nothing on its way, could be lost with a bundle that cannot read it. */
function mayWrite(t: Terminal): boolean {
  const isEmpty = t.totals === "".padStart(t.totals.length, "0");
  return isEmpty && !t.isOpen && !t.isOwed && t.waiting === "" && t.splitMinor === 0 && t.batchPages < BATCH_PAGES_MAX;
}

/** The host has answered a sign-on or an echo; `offered` is the newest version that it has, for whatever board. */
export function hearOffer(works: Works, offered: number): void {
  const t = works.t;
  const u = works.signOn.update;
  if (t.slots === "" || (u && u.stage !== Stage.Test)) return;
  if (isOnTrial(t) || offered > ownVersion(t)) begin(works);
  else t.updateWaits = false;
}

function begin(works: Works): void {
  works.signOn.update = openUpdate(fromBigEndian(works.t.slots, 5, 4), null);
  works.board.timer(Timer.Update, PAUSE_MS);
}

/** There is no update, or no use in it before the host is heard again. */
function end(works: Works): void {
  works.signOn.update = null;
  works.t.updateWaits = false;
}

/** In an open batch it waits, and the screen says for what. */
function rest(works: Works): void {
  works.signOn.update = null;
  works.t.updateWaits = true;
  works.board.timer(Timer.Update, WAIT_MS);
}

/** Its time has come, or flash has answered with `text`. */
export function workUpdate(works: Works, text: string): void {
  const u = works.signOn.update;
  const t = works.t;
  if (u && u.isReading) {
    u.isReading = false;
    onRead(works, u, text);
  } else if (t.state !== State.Idle || works.signOn.isOut) {
    works.board.timer(Timer.Update, WAIT_MS);
  } else if (!u) {
    // What is left of a self-test.
    if (t.slots === "") return;
    if (mayWrite(t) || isOnTrial(t)) begin(works);
    else works.board.timer(Timer.Update, WAIT_MS);
  } else if (u.stage >= Stage.Digest && !isOnTrial(t) && !mayWrite(t)) {
    // Something was sold while the digest was being worked out.
    rest(works);
  } else if (u.stage === Stage.Own) {
    read(works, u, HEAD_BYTES);
  } else if (u.stage === Stage.Digest) {
    read(works, u, u.end - u.at < DIGEST_STEP_BYTES ? u.end - u.at : DIGEST_STEP_BYTES);
  } else if (u.stage === Stage.Restart) {
    works.board.restart();
  } else {
    works.signOn.isDue = true;
    works.board.timer(Timer.Ahead, PAUSE_MS);
    // Should something else be asked first.
    works.board.timer(Timer.Update, WAIT_MS);
  }
}

function onRead(works: Works, u: Update, text: string): void {
  if (u.stage === Stage.Own) onOwn(works, u, text);
  else if (u.stage === Stage.Other) onOther(works, u, text);
  else if (u.stage === Stage.Check) onWritten(works, u, text);
  else if (u.stage === Stage.Digest) onContent(works, u, text);
}

/** As it was written: a bit that is read wrong must not lead out of the slot. */
function isHeadWhole(works: Works, text: string): boolean {
  return fromBigEndian(text, At.Check, 4) === works.natives.crc32(text.substr(0, At.Check));
}

function onOwn(works: Works, u: Update, text: string): void {
  const isWhole = isHeadWhole(works, text);
  u.profile = text.substr(At.Profile, PROFILE_BYTES);
  u.sequence = fromBigEndian(text, At.Sequence, 4) + 1;
  if (isOnTrial(works.t)) {
    u.head = text;
    u.end = PAGE_BYTES + fromBigEndian(text, At.ContentBytes, 4);
    if (isWhole) startDigest(works, u);
    else onDigest(works, u, false);
  } else if (!isWhole) {
    end(works);
  } else {
    u.slot = fromBigEndian(works.t.slots, 9, 4);
    goOn(works, u, Stage.Ask);
  }
}

/** What is to be asked: field 62 of the request, and the start of that of its answer. */
export function pieceAsked(u: Update): string {
  return u.profile + toBigEndian(u.version, 4) + toBigEndian(u.at, 4);
}

/** An answer to what was asked. */
export function onPiece(works: Works, fields: string[], isDone: boolean): void {
  const u = works.signOn.update;
  const field = fields[62] || "";
  if (!u || u.stage !== Stage.Ask) return;
  const piece = field.substr(ASKED_BYTES);
  if (!isDone || field.substr(0, ASKED_BYTES) !== pieceAsked(u)) end(works);
  else if (u.head === "") onHead(works, u, piece);
  else if (!mayWrite(works.t)) rest(works);
  else if (piece.length !== pieceBytes(u)) end(works);
  else writePiece(works, u, piece);
}

function pieceBytes(u: Update): number {
  const pageEnd = u.at - (u.at % PAGE_BYTES) + PAGE_BYTES;
  const left = (u.end < pageEnd ? u.end : pageEnd) - u.at;
  return left < PIECE_BYTES_MAX ? left : PIECE_BYTES_MAX;
}

/** The update's head, from its version to its digest. */
function onHead(works: Works, u: Update, piece: string): void {
  const t = works.t;
  const head = MAGIC + toBigEndian(u.sequence, 4) + piece;
  u.version = fromBigEndian(head, At.Version, 4);
  u.end = PAGE_BYTES + fromBigEndian(head, At.ContentBytes, 4);
  const isFor = head.length === At.Check && head.substr(At.Profile, PROFILE_BYTES) === u.profile;
  const isFitting = u.end > PAGE_BYTES && u.end <= t.slots.charCodeAt(13) * PAGE_BYTES;
  u.head = head + toBigEndian(works.natives.crc32(head), 4);
  if (!isFor || !isFitting || u.version <= ownVersion(t)) {
    end(works);
  } else if (!mayWrite(t)) {
    rest(works);
  } else {
    t.updateWaits = false;
    u.stage = Stage.Other;
    read(works, u, MARKS_END);
  }
}

/** The other slot: this very update as far as it has come, or whatever was there before. */
function onOther(works: Works, u: Update, text: string): void {
  const isThis =
    text.substr(0, At.Sequence) === MAGIC &&
    text.substr(At.Version, HEAD_BYTES - At.Version - 4) === u.head.substr(At.Version, HEAD_BYTES - At.Version - 4);
  const isGivenUp = text.substr(At.Bad, 4) !== UNSET || text.substr(At.Trial3, 4) !== UNSET;
  // A check that power went in cannot be written once more.
  const isTorn = !isGivenUp && text.substr(At.Content, 4) !== UNSET;
  if (!isThis || isTorn || !isHeadWhole(works, text)) {
    works.board.flash.erase(u.slot);
    write(works, u, u.head);
  } else if (isGivenUp) {
    // It was tried and given up: not again before there is a newer one.
    end(works);
  } else {
    u.at = PAGE_BYTES;
    while (u.at < u.end && text.substr(pageMark(u.at), 4) === SET) u.at += PAGE_BYTES;
    if (u.at < u.end) goOn(works, u, Stage.Ask);
    else startDigest(works, u);
  }
}

function writePiece(works: Works, u: Update, piece: string): void {
  if (u.at % PAGE_BYTES === 0) works.board.flash.erase(u.slot + u.at);
  write(works, u, piece);
}

function onWritten(works: Works, u: Update, text: string): void {
  const from = u.at;
  if (text !== u.written) {
    end(works);
    return;
  }
  u.written = "";
  u.at = from === 0 ? PAGE_BYTES : from + text.length;
  if (from > 0 && (u.at % PAGE_BYTES === 0 || u.at === u.end)) works.board.flash.write(u.slot + pageMark(from), SET);
  if (u.at < u.end) goOn(works, u, Stage.Ask);
  else startDigest(works, u);
}

function onContent(works: Works, u: Update, text: string): void {
  const digest = takeContent(works, u, text);
  if (digest === "") goOn(works, u, Stage.Digest);
  else onDigest(works, u, digest === u.head.substr(At.Digest, digest.length));
}

function onDigest(works: Works, u: Update, isRight: boolean): void {
  const t = works.t;
  const flash = works.board.flash;
  if (!isOnTrial(t)) {
    if (isRight) {
      flash.write(u.slot + At.Content, toBigEndian(u.check, 4));
      flash.write(u.slot + At.Complete, SET);
      goOn(works, u, Stage.Restart);
    } else {
      // None of it is to be believed: from the start, when the host is heard again.
      flash.erase(u.slot);
      end(works);
    }
    return;
  }
  flash.write(u.slot + (isRight ? At.Good : At.Bad), SET);
  if (isRight) {
    t.slots = "G" + t.slots.substr(1);
    end(works);
  } else {
    goOn(works, u, Stage.Restart);
  }
}
