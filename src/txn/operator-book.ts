/**
 * The operators in raw flash, in the two pages of the settings, behind those. A page holds all of them in one checked record, then a record for
 * each change; the page of the higher number counts. Every change is read back before it counts. When a page is full, or gives back something
 * else, the other one is erased and gets settings and operators in one write: until that has been read back the old page has both.
 *
 * Flash answers later, as in `journal`. Reads: 2 and at most 8 to load, 3 to change. A page takes 130 changes at least.
 */
import { type Flash, type Natives, PAGE_BYTES, SETTINGS_ADDRESS } from "../board/board";
import { fromBigEndian, toBigEndian } from "../proto/bytes";
import { buildRecord, Record, RECORD_HEADER_BYTES, recordBody, recordBytes } from "./record";

/** Settings have the room before it. */
export const OPERATORS_AT = 256;
export const SECRET_BYTES = 32;
/** Of an operator: number, tries, what is kept of the PIN. */
export const ENTRY_BYTES = 18;
/** Added to the tries: the PIN was made by somebody else and must be changed. */
export const MUST_CHANGE = 128;
/** In place of the tries: there is no such operator any more. */
export const REMOVED = 255;
/** Added to the number: what the sensor has in the slot of that number is a finger of this operator. */
export const HAS_FINGER = 128;
/** In place of a number: its tries are fingers in a row that nobody knew. */
export const MISSES = 100;
/** All 22 operators, and that. */
const ENTRIES_MAX = 23;
/** Larger than any record. */
const CHUNK_BYTES = 512;
const SEQUENCE_BYTES = 4;
const NOTHING = -1;

const enum Phase {
  Heads = 0,
  Records = 1,
  /** A change is being read back. */
  Check = 2,
  /** The settings are being read, which move along to the other page. */
  Copy = 3,
  /** The other page is being read back. */
  Turn = 4,
  Ready = 5,
  /** No page has operators, or none takes a change. */
  Lost = 6,
}

export interface OperatorBook {
  flash: Flash;
  natives: Natives;
  phase: Phase;
  page: number;
  /** Of the page that counts, in the order of writing. */
  sequence: number;
  /** Where in it the next record goes, or is read. */
  at: number;
  /** The page that is being looked at, or written anew. */
  index: number;
  /** What PINs are kept under. */
  secret: string;
  entries: string;
  /** The change in hand, and what is being written for it. */
  entry: string;
  written: string;
}

export function openOperatorBook(flash: Flash, natives: Natives): OperatorBook {
  return {
    flash: flash,
    natives: natives,
    phase: Phase.Lost,
    page: 0,
    sequence: NOTHING,
    at: 0,
    index: 0,
    secret: "",
    entries: "",
    entry: "",
    written: "",
  };
}

export function isBookBusy(b: OperatorBook): boolean {
  return b.phase < Phase.Ready;
}

export function hasOperators(b: OperatorBook): boolean {
  return b.phase === Phase.Ready;
}

/** Where the entry of `operator` begins, -1 for none. */
export function entryAt(b: OperatorBook, operator: number): number {
  for (let at = 0; at < b.entries.length; at += ENTRY_BYTES)
    if ((b.entries.charCodeAt(at) & (HAS_FINGER - 1)) === operator) return at;
  return NOTHING;
}

export function loadOperators(b: OperatorBook): void {
  b.phase = Phase.Heads;
  b.sequence = NOTHING;
  b.index = 0;
  readAt(b, 0, OPERATORS_AT);
}

/** Puts an entry in the place of that of the same number; `onBookFlash` goes on. */
export function putEntry(b: OperatorBook, entry: string): void {
  b.entry = entry;
  b.written = buildRecord(Record.Operator, entry, b.natives.crc32);
  if (b.at + b.written.length > PAGE_BYTES) return copySettings(b);
  b.phase = Phase.Check;
  b.flash.write(addressOf(b.page) + b.at, b.written);
  b.flash.read(addressOf(b.page) + b.at, b.written.length);
}

function addressOf(page: number): number {
  return SETTINGS_ADDRESS + page * PAGE_BYTES;
}

function readAt(b: OperatorBook, page: number, at: number): void {
  const left = PAGE_BYTES - at;
  b.flash.read(addressOf(page) + at, left < CHUNK_BYTES ? left : CHUNK_BYTES);
}

function onHead(b: OperatorBook, text: string): void {
  const byteCount = text.charAt(0) === Record.Operators ? recordBytes(text, 0) : 0;
  const isWhole = byteCount > SEQUENCE_BYTES + SECRET_BYTES && byteCount <= text.length;
  const body = isWhole ? recordBody(text, 0, byteCount, b.natives.crc32) : "";
  if (body !== "" && fromBigEndian(body, 0, SEQUENCE_BYTES) > b.sequence) {
    b.sequence = fromBigEndian(body, 0, SEQUENCE_BYTES);
    b.page = b.index;
  }
  if (b.index === 0) {
    b.index = 1;
    readAt(b, 1, OPERATORS_AT);
  } else if (b.sequence === NOTHING) {
    b.phase = Phase.Lost;
  } else {
    b.phase = Phase.Records;
    b.at = OPERATORS_AT;
    readAt(b, b.page, b.at);
  }
}

/** The records of a piece of the page; what is not whole in it starts the next piece. */
function onRecords(b: OperatorBook, text: string): void {
  let at = 0;
  let byteCount = recordBytes(text, 0);
  while (byteCount > 0 && at + byteCount <= text.length) {
    const body = recordBody(text, at, byteCount, b.natives.crc32);
    if (body !== "") applyRecord(b, text.charAt(at), body);
    at += byteCount;
    byteCount = at < text.length ? recordBytes(text, at) : NOTHING;
  }
  const isCut = at + RECORD_HEADER_BYTES > text.length || byteCount > 0;
  const isEnd = byteCount === 0 || at === 0 || !isCut || b.at + text.length === PAGE_BYTES;
  b.at += at;
  if (!isEnd) return readAt(b, b.page, b.at);
  // Something torn: nothing more fits here.
  if (byteCount !== 0) b.at = PAGE_BYTES;
  b.phase = Phase.Ready;
}

function applyRecord(b: OperatorBook, kind: string, body: string): void {
  if (kind === Record.Operators) {
    b.secret = body.substr(SEQUENCE_BYTES, SECRET_BYTES);
    b.entries = body.substr(SEQUENCE_BYTES + SECRET_BYTES);
  } else if (kind === Record.Operator) {
    b.entries = merged(b, body);
  }
}

function merged(b: OperatorBook, entry: string): string {
  const at = entryAt(b, entry.charCodeAt(0) & (HAS_FINGER - 1));
  const others = at < 0 ? b.entries : b.entries.substr(0, at) + b.entries.substr(at + ENTRY_BYTES);
  const isKept = entry.charCodeAt(1) !== REMOVED && others.length < ENTRIES_MAX * ENTRY_BYTES;
  return isKept ? others + entry : others;
}

function onCheck(b: OperatorBook, text: string): void {
  if (text !== b.written) return copySettings(b);
  b.at += text.length;
  b.entries = merged(b, b.entry);
  b.phase = Phase.Ready;
}

function copySettings(b: OperatorBook): void {
  b.phase = Phase.Copy;
  b.index = b.page;
  b.flash.read(addressOf(b.index), OPERATORS_AT);
}

/** The settings have been read: both go to the other page. */
function turnPage(b: OperatorBook, settings: string): void {
  const byteCount = recordBytes(settings, 0);
  const isWhole = byteCount > 0 && recordBody(settings, 0, byteCount, b.natives.crc32) !== "";
  if (!isWhole && b.index === b.page) {
    // A bit has rotted: the other page has them too, and keeps them while this one is erased.
    b.index = 1 - b.page;
    b.flash.read(addressOf(b.index), OPERATORS_AT);
    return;
  }
  if (!isWhole) {
    b.phase = Phase.Lost;
    return;
  }
  const body = toBigEndian(b.sequence + 1, SEQUENCE_BYTES) + b.secret + merged(b, b.entry);
  const head = buildRecord(Record.Operators, body, b.natives.crc32);
  b.written = settings.substr(0, byteCount).padEnd(OPERATORS_AT, "\xff") + head;
  b.index = 1 - b.index;
  const address = addressOf(b.index);
  b.phase = Phase.Turn;
  b.flash.erase(address);
  b.flash.write(address, b.written);
  b.flash.read(address, b.written.length);
}

function onTurned(b: OperatorBook, text: string): void {
  if (text !== b.written) {
    b.phase = Phase.Lost;
    return;
  }
  b.page = b.index;
  b.sequence++;
  b.at = text.length;
  b.entries = merged(b, b.entry);
  b.phase = Phase.Ready;
}

/** Bytes came from flash. */
export function onBookFlash(b: OperatorBook, text: string): void {
  if (b.phase === Phase.Heads) onHead(b, text);
  else if (b.phase === Phase.Records) onRecords(b, text);
  else if (b.phase === Phase.Check) onCheck(b, text);
  else if (b.phase === Phase.Copy) turnPage(b, text);
  else if (b.phase === Phase.Turn) onTurned(b, text);
  if (!isBookBusy(b)) b.written = "";
}
