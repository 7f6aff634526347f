/**
 * What is kept in flash, looked at as the next power-on would: settings and journal are played into a terminal beside the one that runs, which has
 * to come out the same; of the chain's keys one alone is readable; the keys of PINs and the operators are found. Nothing is written.
 *
 * A read a turn, and nothing waits in between: about 160 of them, 130 of those for keys that should be gone. A record that is not whole may have been
 * torn by a power cut, so that only what it leads to counts.
 */
import { type Flash, JOURNAL_ADDRESS, JOURNAL_PAGES, PAGE_BYTES, SETTINGS_ADDRESS } from "../board/board";
import { onFlash } from "./journal";
import { pinsPart } from "./pin.lazy";
import { OPERATORS_AT } from "./operator-book";
import type { PinKeys } from "./pinkeys";
import { buildRecord, Record, RECORD_HEADER_BYTES, recordBody, recordBytes } from "./record";
import { replayPart } from "./replay.lazy";
import { CHUNK_BYTES, isJournalBusy, type Journal, KEY_RECORD_BYTES, Phase } from "./ring";
import { openJournal } from "./ring-open";
import { Fault, openTerminal, type Terminal } from "./state";
import type { Update } from "./update-slot";
import type { Works } from "./works";

const enum Place {
  Journal = 0,
  /** All of the ring is searched for keys. */
  Chain = 1,
  PinKeys = 2,
  Operators = 3,
  End = 4,
}

export interface Kept {
  place: Place;
  /** What is to be read next; no bytes: the place has not been begun. */
  address: number;
  byteCount: number;
  /** The terminal that comes out, and where the journal stood as it was begun. */
  t: Terminal | null;
  journal: Journal | null;
  page: number;
  at: number;
  /** Readable keys of the chain. */
  keyCount: number;
  pins: PinKeys | null;
  part: ReturnType<typeof pinsPart> | null;
}

export function openKept(): Kept {
  return {
    place: Place.Journal,
    address: 0,
    byteCount: 0,
    t: null,
    journal: null,
    page: 0,
    at: 0,
    keyCount: 0,
    pins: null,
    part: null,
  };
}

/** Who reads by it has to wait for a turn of its own. */
function flashFor(kept: Kept): Flash {
  return {
    read: (address, byteCount) => want(kept, address, byteCount),
    write: () => undefined,
    erase: () => undefined,
  };
}

function want(kept: Kept, address: number, byteCount: number): void {
  kept.address = address;
  kept.byteCount = byteCount;
}

/** Reads what is wanted next. None when there is nothing more. */
export function workKept(works: Works, u: Update, kept: Kept): Fault {
  while (kept.byteCount === 0 && kept.place < Place.End) {
    begin(works, kept);
    // Not on this terminal.
    if (kept.byteCount === 0) kept.place++;
  }
  if (kept.place === Place.End) return Fault.None;
  u.isReading = true;
  works.board.flash.read(kept.address, kept.byteCount);
  return Fault.Unknown;
}

function begin(works: Works, kept: Kept): void {
  const t = works.t;
  const j = works.journal;
  if (kept.place === Place.Journal) {
    kept.page = j.page;
    kept.at = j.at;
    kept.t = openTerminal();
    kept.journal = openJournal(flashFor(kept), works.natives);
    replayPart().loadJournal(kept.journal);
  } else if (kept.place === Place.Chain) {
    kept.keyCount = 0;
    want(kept, JOURNAL_ADDRESS, pieceBytes(0));
  } else if (kept.place === Place.PinKeys && t.canTakePin) {
    kept.part = pinsPart();
    kept.pins = kept.part.openPinKeys(flashFor(kept), works.natives);
    kept.part.loadPinKeys(kept.pins);
  } else if (kept.place === Place.Operators && t.settings && t.settings.lockMinutes > 0) {
    want(kept, SETTINGS_ADDRESS + OPERATORS_AT, CHUNK_BYTES);
  }
}

/** Flash has answered. */
export function keptAnswered(works: Works, kept: Kept, text: string): Fault {
  kept.byteCount = 0;
  let fault: Fault = Fault.None;
  if (kept.place === Place.Journal) fault = journalFault(works, kept, text);
  else if (kept.place === Place.Chain) fault = chainFault(works, kept, text);
  else if (kept.place === Place.PinKeys) fault = pinFault(works, kept, text);
  else fault = operatorFault(works, kept, text);
  if (fault !== Fault.None) return fault;
  kept.place++;
  return Fault.Unknown;
}

function journalFault(works: Works, kept: Kept, text: string): Fault {
  const j = works.journal;
  const journal = kept.journal as Journal;
  const t = kept.t as Terminal;
  onFlash(journal, t, text);
  if (isJournalBusy(journal)) return Fault.Unknown;
  kept.journal = null;
  kept.t = null;
  // Something was written meanwhile: once more.
  if (hasMoved(j, kept)) return Fault.Unknown;
  if (JSON.stringify(t.settings) !== JSON.stringify(works.t.settings)) return Fault.Settings;
  if (journal.phase !== Phase.Ready || !isSameBook(t, works.t)) return Fault.Journal;
  const toText = j.natives.toText;
  const isSame = journal.counter === j.counter && toText(journal.chainBytes) === toText(j.chainBytes);
  journal.chain.fill(0);
  return isSame ? Fault.None : Fault.Chain;
}

function hasMoved(j: Journal, kept: Kept): boolean {
  return j.page !== kept.page || j.at !== kept.at;
}

function isSameBook(a: Terminal, b: Terminal): boolean {
  return (
    a.nextStan === b.nextStan &&
    a.batchNumber === b.batchNumber &&
    a.totals === b.totals &&
    a.batchFirst === b.batchFirst &&
    a.waiting === b.waiting &&
    // Of those that wait none is in hand at power-on.
    (a.isOpen === b.isOpen || a.waiting !== "") &&
    a.isOwed === b.isOwed &&
    a.tapRecord === b.tapRecord &&
    a.blockList === b.blockList
  );
}

/** With the start of the next piece, so that no key falls between two; none lies across two pages. */
function pieceBytes(offset: number): number {
  const left = PAGE_BYTES - (offset % PAGE_BYTES);
  return left < CHUNK_BYTES + KEY_RECORD_BYTES ? left : CHUNK_BYTES + KEY_RECORD_BYTES - 1;
}

function chainFault(works: Works, kept: Kept, text: string): Fault {
  const j = works.journal;
  const crc32 = works.natives.crc32;
  const header = buildRecord(Record.Key, "".padEnd(KEY_RECORD_BYTES - 2 * RECORD_HEADER_BYTES), crc32).substr(
    0,
    RECORD_HEADER_BYTES,
  );
  let at = text.indexOf(header);
  while (at >= 0 && at < CHUNK_BYTES) {
    if (recordBody(text, at, KEY_RECORD_BYTES, crc32) !== "") {
      kept.keyCount++;
      if (kept.address + at !== j.keyAddress) kept.keyCount++;
    }
    at = text.indexOf(header, at + 1);
  }
  const address = kept.address + CHUNK_BYTES;
  const offset = address - JOURNAL_ADDRESS;
  if (hasMoved(j, kept)) {
    kept.place = Place.Journal;
    return Fault.Unknown;
  }
  if (offset < JOURNAL_PAGES * PAGE_BYTES) {
    want(kept, address, pieceBytes(offset));
    return Fault.Unknown;
  }
  return kept.keyCount === 1 ? Fault.None : Fault.Chain;
}

function pinFault(works: Works, kept: Kept, text: string): Fault {
  const part = kept.part as ReturnType<typeof pinsPart>;
  const pins = kept.pins as PinKeys;
  part.onPinKeysFlash(pins, text);
  if (part.isPinKeysBusy(pins)) return Fault.Unknown;
  kept.part = null;
  kept.pins = null;
  const known = works.pins.keys;
  const isSame = known && pins.phase === known.phase && pins.slot === known.slot && pins.counter === known.counter;
  return isSame ? Fault.None : Fault.PinKeys;
}

/** One of the two pages has all of them. */
function operatorFault(works: Works, kept: Kept, text: string): Fault {
  const byteCount = text.charAt(0) === Record.Operators ? recordBytes(text, 0) : 0;
  if (byteCount > 0 && byteCount <= text.length && recordBody(text, 0, byteCount, works.natives.crc32) !== "")
    return Fault.None;
  const second = SETTINGS_ADDRESS + PAGE_BYTES + OPERATORS_AT;
  if (kept.address === second) return Fault.Operators;
  want(kept, second, CHUNK_BYTES);
  return Fault.Unknown;
}
