/**
 * What the journal holds in memory. In raw NOR flash it is a ring of pages. A page starts with the book so far, the parameters that
 * were loaded, and the records of the transaction that has no end yet; then comes the ratchet's key. A page without a key was begun and never used: the one
 * before it counts. So only the newest page with a key is read at power-on (`replay`), and only there is written (`journal`).
 */
import { JOURNAL_ADDRESS, PAGE_BYTES } from "../board/board";
import type { Flash, Natives } from "../board/board";
import { buildRecord, Record, RECORD_HEADER_BYTES } from "./record";
import { Event, type Terminal } from "./state";

export const enum Phase {
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
  /** A sale that waits is being looked for (`forward`). */
  Search = 8,
}

/** Of flash read at a time: larger than any record. */
export const CHUNK_BYTES = 512;
/** Body of a key record: address of the one before (4), counter (4), chain (32). */
export const KEY_RECORD_BYTES = 48;
/**
 * Pages that a batch may fill before it must be closed, 11 sales each (352 bytes). Of the 14 in the ring one is always the next to be erased.
 * The rest hold the last sale and its reversal, the closing, a query for each record when all are uploaded (62 bytes, of 110 at most: two
 * pages), and one page that may be worn.
 */
export const BATCH_PAGES_MAX = 9;
export const WIPED = "\0".repeat(KEY_RECORD_BYTES - RECORD_HEADER_BYTES);
export const NOTHING = -1;

export interface Journal {
  flash: Flash;
  natives: Natives;
  phase: Phase;
  /** Takes what flash answers while the journal is being read. */
  onReplay: ((j: Journal, t: Terminal, text: string) => Event) | null;
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

/** True while a read is under way: events wait. */
export function isJournalBusy(j: Journal): boolean {
  return j.phase !== Phase.Ready && j.phase !== Phase.Lost;
}

export function pageAddress(page: number): number {
  return JOURNAL_ADDRESS + page * PAGE_BYTES;
}

export function lose(j: Journal): Event {
  j.phase = Phase.Lost;
  return Event.Lost;
}

/** Overwrites the key record at `address`: NOR flash takes zeros at any time. */
export function wipeKey(j: Journal, address: number): void {
  j.flash.write(address + RECORD_HEADER_BYTES, WIPED);
}

/** A record stands in flash and has been applied: is it one of a transaction that has no end yet? */
export function keepCarry(j: Journal, t: Terminal, kind: string, body: string): void {
  if (kind === Record.Parameters || kind === Record.Blocks) return;
  if (kind === Record.Sale) j.saleBody = body;
  if (kind === Record.Sale || kind === Record.Page) j.carry = "";
  if (kind === Record.Query) return;
  if (t.isOpen || t.isOwed) j.carry += buildRecord(kind, body, j.natives.crc32);
  else j.carry = "";
}
