/**
 * Reads settings and journal at power-on: the newest page that has a key, record by record, as if each were made now. Flash answers
 * later: `loadJournal` starts it, `onReplay` goes on. At most 2 + 14 x 23 reads, and that only when no page has a key.
 */
import { JOURNAL_ADDRESS, JOURNAL_PAGES, PAGE_BYTES, SETTINGS_ADDRESS } from "../board/board";
import { fromBigEndian, fromDigits } from "../proto/bytes";
import { frameCounter } from "../proto/frame";
import { ANSWER_KEY_BYTES, applyRecord, sealedAt } from "./book";
import { Record, RECORD_HEADER_BYTES, recordBody, recordBytes } from "./record";
import { limitsIn, parseSettings } from "./settings";
import {
  CHUNK_BYTES,
  type Journal,
  KEY_RECORD_BYTES,
  keepCarry,
  lose,
  NOTHING,
  pageAddress,
  Phase,
  WIPED,
  wipeKey,
} from "./ring";
import { Event, Kind, type Terminal } from "./state";
import { watchPart } from "./watch.lazy";

const SETTINGS_BYTES_MAX = 256;
/** Header, body (sequence 10, book 71) and check of a page's first record. */
const PAGE_RECORD_BYTES = 89;

/** Reads settings and journal; `onFlash` takes it on and gives Clean, Open, Owed or Lost in the end. */
export function loadJournal(j: Journal): void {
  j.onReplay = onReplay;
  j.phase = Phase.Settings;
  j.index = 0;
  j.sequenceMax = 1e10;
  j.flash.read(SETTINGS_ADDRESS, SETTINGS_BYTES_MAX);
}

function onSettings(j: Journal, t: Terminal, text: string): Event {
  const byteCount = recordBytes(text, 0);
  if (byteCount > 0 && text.charAt(0) === Record.Settings) {
    const body = recordBody(text, 0, byteCount, j.natives.crc32);
    const table = limitsIn(body);
    t.settings = parseSettings(body);
    t.limits = table === "" ? null : watchPart().openWatch(table);
  }
  if (t.settings) {
    startHeads(j);
  } else if (j.index === 0) {
    j.index = 1;
    j.flash.read(SETTINGS_ADDRESS + PAGE_BYTES, SETTINGS_BYTES_MAX);
  } else {
    return lose(j);
  }
  return Event.None;
}

function startHeads(j: Journal): void {
  j.phase = Phase.Heads;
  j.index = 0;
  j.sequence = NOTHING;
  j.flash.read(JOURNAL_ADDRESS, PAGE_RECORD_BYTES);
}

/** Finds the newest page that starts with a good head. */
function onHead(j: Journal, text: string): Event {
  if (text.charAt(0) === Record.Page && recordBytes(text, 0) === PAGE_RECORD_BYTES) {
    const body = recordBody(text, 0, PAGE_RECORD_BYTES, j.natives.crc32);
    const sequence = body ? fromDigits(body.substr(0, 10)) : NOTHING;
    if (sequence > j.sequence && sequence < j.sequenceMax) {
      j.sequence = sequence;
      j.page = j.index;
    }
  }
  j.index++;
  if (j.index < JOURNAL_PAGES) {
    j.flash.read(pageAddress(j.index), PAGE_RECORD_BYTES);
  } else if (j.sequence === NOTHING) {
    return lose(j);
  } else {
    j.phase = Phase.Records;
    j.at = 0;
    j.keyAddress = 0;
    readChunk(j);
  }
  return Event.None;
}

function readChunk(j: Journal): void {
  const left = PAGE_BYTES - j.at;
  j.flash.read(pageAddress(j.page) + j.at, left < CHUNK_BYTES ? left : CHUNK_BYTES);
}

/** Applies the records of a piece of the page; what is not whole in it starts the next piece. */
function onRecords(j: Journal, t: Terminal, text: string): Event {
  let at = 0;
  let byteCount = recordBytes(text, 0);
  while (byteCount > 0 && at + byteCount <= text.length) {
    const address = pageAddress(j.page) + j.at + at;
    const body = recordBody(text, at, byteCount, j.natives.crc32);
    if (body) applyStored(j, t, text.charAt(at), body, address);
    else if (j.keyAddress) wipeRest(j, text, at, address);
    at += byteCount;
    byteCount = at < text.length ? recordBytes(text, at) : NOTHING;
  }
  // A header that is none, or a record longer than the rest of the page: torn. Nothing more fits here.
  const isCut = at + RECORD_HEADER_BYTES > text.length || byteCount > 0;
  const isEnd = byteCount === 0 || at === 0 || !isCut || j.at + text.length === PAGE_BYTES;
  j.at += at;
  if (!isEnd) {
    readChunk(j);
    return Event.None;
  }
  if (byteCount !== 0) j.at = PAGE_BYTES;
  if (j.keyAddress === 0) {
    j.sequenceMax = j.sequence;
    startHeads(j);
    return Event.None;
  }
  if (j.oldKeyAddress === 0) return finish(j, t);
  j.phase = Phase.OldKey;
  j.flash.read(j.oldKeyAddress, KEY_RECORD_BYTES);
  return Event.None;
}

function applyStored(j: Journal, t: Terminal, kind: string, body: string, address: number): void {
  if (kind === Record.Key) {
    j.oldKeyAddress = fromBigEndian(body, 0, 4);
    j.keyAddress = address;
    j.counter = fromBigEndian(body, 4, 4);
    j.natives.toBytes(body.substr(8), j.chainBytes, 0);
    return;
  }
  if (kind === Record.Taken && t.limits) watchPart().restoreTaken(t.limits, body);
  applyRecord(t, kind, body);
  keepCarry(j, t, kind, body);
}

/** A cut leaves a part of the new key that it tore, or of the old one that was being wiped: none may stay readable. */
function wipeRest(j: Journal, text: string, at: number, address: number): void {
  const isKey = text.charAt(at) === Record.Key && recordBytes(text, at) === KEY_RECORD_BYTES;
  if (isKey && text.substr(at + RECORD_HEADER_BYTES, WIPED.length) !== WIPED) wipeKey(j, address);
}

function finish(j: Journal, t: Terminal): Event {
  // A number of this size takes memory of its own.
  j.sequenceMax = 0;
  j.phase = Phase.Ready;
  t.batchPages = j.sequence - t.batchFirst;
  // The key went down with it and is not good: nothing was sent, and what is sealed next has the counters of its frames.
  if (t.isOpen && frameCounter(j.saleBody.substr(sealedAt(j.saleBody) + ANSWER_KEY_BYTES)) >= j.counter)
    return Event.Unsent;
  // It is sent when its turn comes (`forward`).
  if (t.waiting !== "") t.isOpen = false;
  if (t.isOpen) return t.txn && t.txn.kind === Kind.Settlement ? Event.Unsettled : Event.Open;
  return t.isOwed ? Event.Owed : Event.Clean;
}

/** Bytes came from flash. Gives Clean, Open, Unsent, Owed or Lost when all is read, else None. */
function onReplay(j: Journal, t: Terminal, text: string): Event {
  if (j.phase === Phase.Settings) return onSettings(j, t, text);
  if (j.phase === Phase.Heads) return onHead(j, text);
  if (j.phase === Phase.Records) return onRecords(j, t, text);
  if (j.phase !== Phase.OldKey) return Event.None;
  wipeRest(j, text, 0, j.oldKeyAddress);
  return finish(j, t);
}
