/**
 * Searches the journal's ring, oldest page first, with the book that reads it at power-on, on a terminal of its own. Flash answers later: a
 * piece of a page at a time, at most 8 for each of 14 pages.
 */
import { JOURNAL_PAGES, PAGE_BYTES } from "../board/board";
import { fromDigits, toDigits } from "../proto/bytes";
import { applyRecord, counted } from "./book";
import { Record, RECORD_HEADER_BYTES, recordBody, recordBytes } from "./record";
import { CHUNK_BYTES, type Journal, pageAddress } from "./ring";
import { Kind, openTerminal, State, type Terminal, type Transaction } from "./state";

/** Of those that failed, the last ones are kept. */
const FAILED_MAX = 20;

export interface Finder {
  /** The book as it was at that place. */
  past: Terminal;
  /** In the order of writing, and where in it the next piece begins. */
  sequence: number;
  at: number;
  /** What is looked for; STAN 0: the last one that was approved. */
  batch: number;
  stan: number;
  /** Every approved one is wanted, one after the other. */
  isUpload: boolean;
  /** The last one that had its outcome: its records may stand on two pages. */
  lastStan: number;
  found: Transaction | null;
  /** What was done about it since: a kind, or "". */
  later: string;
  /** Digits of a STAN, its kind, its amount and its outcome's record, each. */
  failed: string[];
  /** Two digits of each operator, and the totals of what he did in the batch. */
  byOperator: string[];
}

/** `sequence`: the page to begin at, 0 for the oldest. */
export function openFinder(j: Journal, batch: number, stan: number, sequence: number, state: State): Finder {
  const oldest = j.sequence - JOURNAL_PAGES + 1;
  return {
    past: openTerminal(),
    sequence: sequence > oldest ? sequence : oldest > 1 ? oldest : 1,
    at: 0,
    batch: batch,
    stan: stan,
    isUpload: state === State.Upload,
    lastStan: 0,
    found: null,
    later: "",
    failed: [],
    byOperator: [],
  };
}

/** Begins, or goes on behind what was found. */
export function startFinder(j: Journal, f: Finder): void {
  if (f.isUpload) f.found = null;
  const left = PAGE_BYTES - f.at;
  const page = (j.page + f.sequence - j.sequence + 2 * JOURNAL_PAGES) % JOURNAL_PAGES;
  j.flash.read(pageAddress(page) + f.at, left < CHUNK_BYTES ? left : CHUNK_BYTES);
}

/** Bytes came from flash. True when the search has ended, or of an upload when there is one more. */
export function findOn(j: Journal, f: Finder, text: string): boolean {
  let at = 0;
  let byteCount = f.at === 0 && !isPage(f, text) ? 0 : recordBytes(text, 0);
  while (byteCount > 0 && at + byteCount <= text.length) {
    const kind = text.charAt(at);
    const body = kind === Record.Key ? "" : recordBody(text, at, byteCount, j.natives.crc32);
    at += byteCount;
    if (body !== "" && takeRecord(f, kind, body)) {
      f.at += at;
      return true;
    }
    byteCount = at < text.length ? recordBytes(text, at) : -1;
  }
  const isCut = at + RECORD_HEADER_BYTES > text.length || byteCount > 0;
  const isEnd = byteCount === 0 || at === 0 || !isCut || f.at + text.length === PAGE_BYTES;
  f.at += at;
  if (isEnd) {
    if (f.sequence >= j.sequence) return true;
    f.sequence++;
    f.at = 0;
  }
  startFinder(j, f);
  return false;
}

/** A page that was erased, or begun and given up, has another number. */
function isPage(f: Finder, text: string): boolean {
  return text.charAt(0) === Record.Page && fromDigits(text.substr(RECORD_HEADER_BYTES, 10)) === f.sequence;
}

/** True when the search is to stop here. */
function takeRecord(f: Finder, kind: string, body: string): boolean {
  const past = f.past;
  const wasOpen = past.isOpen;
  applyRecord(past, kind, body);
  const txn = past.txn;
  if (!txn || !wasOpen || past.isOpen || txn.kind === Kind.Settlement || txn.stan === f.lastStan) return false;
  f.lastStan = txn.stan;
  if (past.batchNumber !== f.batch) {
    if (kind === Record.Approved) noteLater(f, txn);
    return false;
  }
  if (kind !== Record.Approved) {
    f.failed.push(toDigits(txn.stan, 6) + txn.kind + toDigits(txn.amountMinor, 12) + kind);
    if (f.failed.length > FAILED_MAX) f.failed.shift();
    return false;
  }
  if (txn.operator !== "") addOperator(f, txn);
  if (f.isUpload || f.stan === 0 || f.stan === txn.stan) {
    f.found = txn;
    return f.isUpload;
  }
  noteLater(f, txn);
  return false;
}

function addOperator(f: Finder, txn: Transaction): void {
  const all = f.byOperator;
  let i = 0;
  while (i < all.length && all[i].substr(0, 2) !== txn.operator) i++;
  const totals = i < all.length ? all[i].substr(2) : "".padStart(45, "0");
  all[i] = txn.operator + counted(totals, txn, 1);
}

/** An approved transaction that is about what was found. A tip changes its amount. */
function noteLater(f: Finder, txn: Transaction): void {
  const found = f.found;
  if (!found || txn.about.substr(0, 12) !== toDigits(f.batch, 6) + toDigits(found.stan, 6)) return;
  f.later = txn.kind;
  if (txn.kind === Kind.Tip) found.amountMinor = txn.amountMinor;
}
