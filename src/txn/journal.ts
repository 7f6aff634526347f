/**
 * The journal: a ring of pages in raw NOR flash. Each page starts with the book so far and the ratchet's key, so only the
 * newest page is read at power-on. A record is written in one piece and read back before anything else happens; a page that
 * does not give back what was written is left for the next one.
 *
 * Flash answers later (`Happening.Flash`), so this is a small machine of its own: `loadJournal` and `append` start it,
 * `onFlash` drives it.
 */
import { JOURNAL_ADDRESS, JOURNAL_PAGES, PAGE_BYTES, SETTINGS_ADDRESS } from "../board/board";
import type { Flash, Natives } from "../board/board";
import { fromBigEndian, fromDigits, toBigEndian } from "../proto/bytes";
import { applyRecord, pageBody, parseSettings } from "./book";
import { buildRecord, Record, RECORD_HEADER_BYTES, recordBody, recordBytes } from "./record";
import { Event, type Terminal } from "./state";

const enum Phase {
  Settings = 0,
  Heads = 1,
  Records = 2,
  OldKey = 3,
  Ready = 4,
  /** A record is being read back. */
  Check = 5,
  /** The head of a new page is being read back. */
  Turn = 6,
  Lost = 7,
}

/** Larger than any record. */
const CHUNK_BYTES = 512;
const SETTINGS_BYTES_MAX = 256;
/** Header, body (sequence 10, book 34) and check of a page's first record. */
const PAGE_RECORD_BYTES = 52;
/** Body of a key record: address of the one before (4), counter (4), chain (32). */
const KEY_BODY_BYTES = 40;
const KEY_RECORD_BYTES = KEY_BODY_BYTES + 8;
const WIPED = "\0".repeat(KEY_RECORD_BYTES - RECORD_HEADER_BYTES);
const NOTHING = -1;

export interface Journal {
  flash: Flash;
  natives: Natives;
  phase: Phase;
  /** The page in use and its number in the order of writing. */
  page: number;
  sequence: number;
  /** Where the next record goes, from the page's start. */
  at: number;
  /** The copy of the settings or the page that is being looked at. */
  index: number;
  /** Only pages before this one count: newer ones have no key. */
  sequenceMax: number;
  /** Address of the newest key record, and of the one before it (0: none). */
  keyAddress: number;
  oldKeyAddress: number;
  counter: number;
  chain: Uint32Array;
  chainBytes: Uint8Array;
  /** Records of the transaction that has no end yet; they move along to a new page. */
  carry: string;
  /** The body of the last sale record: it holds the sealed reversal. */
  saleBody: string;
  // What is being appended.
  kind: string;
  body: string;
  withKey: boolean;
  written: string;
  turnsLeft: number;
}

export function openJournal(flash: Flash, natives: Natives): Journal {
  const chain = new Uint32Array(8);
  return {
    flash: flash,
    natives: natives,
    phase: Phase.Lost,
    page: 0,
    sequence: NOTHING,
    at: 0,
    index: 0,
    sequenceMax: 0,
    keyAddress: 0,
    oldKeyAddress: 0,
    counter: 0,
    chain: chain,
    chainBytes: new Uint8Array(chain.buffer),
    carry: "",
    saleBody: "",
    kind: "",
    body: "",
    withKey: false,
    written: "",
    turnsLeft: 0,
  };
}

/** True while a read is under way: events wait. */
export function isJournalBusy(j: Journal): boolean {
  return j.phase !== Phase.Ready && j.phase !== Phase.Lost;
}

function pageAddress(page: number): number {
  return JOURNAL_ADDRESS + page * PAGE_BYTES;
}

// ---- reading, at power-on

/** Reads settings and journal; `onFlash` gives Clean, Open, Owed or Lost in the end. */
export function loadJournal(j: Journal): void {
  j.phase = Phase.Settings;
  j.index = 0;
  j.sequenceMax = 1e10;
  j.flash.read(SETTINGS_ADDRESS, SETTINGS_BYTES_MAX);
}

function onSettings(j: Journal, t: Terminal, text: string): Event {
  const byteCount = recordBytes(text, 0);
  if (byteCount > 0 && text.charAt(0) === Record.Settings) {
    t.settings = parseSettings(recordBody(text, 0, byteCount, j.natives.crc32));
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

function lose(j: Journal): Event {
  j.phase = Phase.Lost;
  return Event.Lost;
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
    j.carry = "";
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
    const body = recordBody(text, at, byteCount, j.natives.crc32);
    if (body) applyStored(j, t, text.charAt(at), body, pageAddress(j.page) + j.at + at);
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
    // The power went while this page was being begun: the one before it still has the key.
    j.sequenceMax = j.sequence;
    startHeads(j);
    return Event.None;
  }
  if (j.oldKeyAddress === 0) return finishLoad(j, t);
  j.phase = Phase.OldKey;
  j.flash.read(j.oldKeyAddress, KEY_RECORD_BYTES);
  return Event.None;
}

function finishLoad(j: Journal, t: Terminal): Event {
  j.phase = Phase.Ready;
  if (t.isOpen) return Event.Open;
  return t.isOwed ? Event.Owed : Event.Clean;
}

/** A cut between a new key and the end of wiping the old one leaves some of both: wipe again. */
function onOldKey(j: Journal, t: Terminal, text: string): Event {
  const isKey = text.charAt(0) === Record.Key && recordBytes(text, 0) === KEY_RECORD_BYTES;
  if (isKey && text.substr(RECORD_HEADER_BYTES) !== WIPED) wipeKey(j, j.oldKeyAddress);
  return finishLoad(j, t);
}

function applyStored(j: Journal, t: Terminal, kind: string, body: string, address: number): void {
  if (kind === Record.Key) {
    j.oldKeyAddress = fromBigEndian(body, 0, 4);
    j.keyAddress = address;
    j.counter = fromBigEndian(body, 4, 4);
    j.natives.toBytes(body.substr(8), j.chainBytes, 0);
    return;
  }
  applyRecord(t, kind, body);
  keepCarry(j, t, kind, body);
}

function keepCarry(j: Journal, t: Terminal, kind: string, body: string): void {
  if (kind === Record.Sale) j.saleBody = body;
  if (kind === Record.Sale || kind === Record.Page) j.carry = "";
  if (t.isOpen || t.isOwed) j.carry += buildRecord(kind, body, j.natives.crc32);
  else j.carry = "";
}

// ---- writing

/** Writes a record, behind the ratchet's new state when `withKey`. `onFlash` gives None or, when all pages are worn, Lost. */
export function append(j: Journal, t: Terminal, kind: string, body: string, withKey: boolean): void {
  j.kind = kind;
  j.body = body;
  j.withKey = withKey;
  j.turnsLeft = JOURNAL_PAGES;
  writePending(j, t);
}

function writePending(j: Journal, t: Terminal): Event {
  const text = (j.withKey ? keyRecord(j) : "") + buildRecord(j.kind, j.body, j.natives.crc32);
  if (j.at + text.length > PAGE_BYTES) return turnPage(j, t);
  j.phase = Phase.Check;
  j.written = text;
  writeAndRead(j, pageAddress(j.page) + j.at);
  return Event.None;
}

function writeAndRead(j: Journal, address: number): void {
  j.flash.write(address, j.written);
  j.flash.read(address, j.written.length);
}

function keyRecord(j: Journal): string {
  const body = toBigEndian(j.keyAddress, 4) + toBigEndian(j.counter, 4) + j.natives.toText(j.chainBytes);
  return buildRecord(Record.Key, body, j.natives.crc32);
}

function wipeKey(j: Journal, address: number): void {
  j.flash.write(address + RECORD_HEADER_BYTES, WIPED);
}

/** The newest key stands at `address` and has been read back: the one before it must go. */
function keyIsSafe(j: Journal, address: number): void {
  if (j.keyAddress) wipeKey(j, j.keyAddress);
  j.keyAddress = address;
}

/** Begins the next page of the ring with the book so far, the key, and the records of the open transaction. */
function turnPage(j: Journal, t: Terminal): Event {
  if (j.turnsLeft-- === 0) return lose(j);
  j.page = (j.page + 1) % JOURNAL_PAGES;
  j.sequence++;
  j.phase = Phase.Turn;
  j.written = buildRecord(Record.Page, pageBody(t, j.sequence), j.natives.crc32) + keyRecord(j) + j.carry;
  j.flash.erase(pageAddress(j.page));
  writeAndRead(j, pageAddress(j.page));
  return Event.None;
}

function onCheck(j: Journal, t: Terminal, text: string): Event {
  if (text !== j.written) return turnPage(j, t);
  if (j.withKey) keyIsSafe(j, pageAddress(j.page) + j.at);
  j.at += text.length;
  j.phase = Phase.Ready;
  applyRecord(t, j.kind, j.body);
  keepCarry(j, t, j.kind, j.body);
  j.written = "";
  return Event.None;
}

function onTurned(j: Journal, t: Terminal, text: string): Event {
  if (text !== j.written) return turnPage(j, t);
  keyIsSafe(j, pageAddress(j.page) + PAGE_RECORD_BYTES);
  j.withKey = false;
  j.at = text.length;
  return writePending(j, t);
}

/** Bytes came from flash. Gives an event for the machine when the work that was under way has ended, else None. */
export function onFlash(j: Journal, t: Terminal, text: string): Event {
  if (j.phase === Phase.Check) return onCheck(j, t, text);
  if (j.phase === Phase.Turn) return onTurned(j, t, text);
  if (j.phase === Phase.Settings) return onSettings(j, t, text);
  if (j.phase === Phase.Heads) return onHead(j, text);
  if (j.phase === Phase.Records) return onRecords(j, t, text);
  if (j.phase === Phase.OldKey) return onOldKey(j, t, text);
  return Event.None;
}
