/**
 * Writes the journal (`ring` says how it lies in flash). A record is written in one piece and read back before anything else happens;
 * a page that does not give back what was written is left for the next one. Flash answers later (`Happening.Flash`), so this is a
 * small machine of its own: `append` starts it, `onFlash` drives it. At most 27 reads, and that only when all pages are worn.
 */
import { JOURNAL_PAGES, PAGE_BYTES } from "../board/board";
import { toBigEndian } from "../proto/bytes";
import { applyRecord, pageBody } from "./book";
import { buildRecord, Record } from "./record";
import { isJournalBusy, type Journal, keepCarry, lose, pageAddress, Phase, wipeKey } from "./ring";
import { Event, type Terminal } from "./state";
import { watchPart } from "./watch.lazy";

/**
 * Writes a record, behind the ratchet's new state when `withKey`; of kind Key nothing but that state. `onFlash` gives None or, when all
 * pages are worn, Lost.
 */
export function append(j: Journal, t: Terminal, kind: string, body: string, withKey: boolean): void {
  j.kind = kind;
  j.body = body;
  j.withKey = withKey;
  // Not once around: the page that is good holds the book.
  j.turnsLeft = JOURNAL_PAGES - 1;
  writePending(j, t);
}

function writePending(j: Journal, t: Terminal): Event {
  const record = j.kind === Record.Key ? "" : buildRecord(j.kind, j.body, j.natives.crc32);
  const text = (j.withKey ? keyRecord(j) : "") + record;
  if (j.at + text.length > PAGE_BYTES) return turnPage(j, t);
  return writeAndRead(j, text, Phase.Check);
}

function writeAndRead(j: Journal, text: string, phase: Phase): Event {
  const address = pageAddress(j.page) + j.at;
  j.phase = phase;
  j.written = text;
  j.flash.write(address, text);
  j.flash.read(address, text.length);
  return Event.None;
}

function keyRecord(j: Journal): string {
  const body = toBigEndian(j.keyAddress, 4) + toBigEndian(j.counter, 4) + j.natives.toText(j.chainBytes);
  return buildRecord(Record.Key, body, j.natives.crc32);
}

/** Begins the next page of the ring. The key goes there with the record that waits, once the head has been read back. */
function turnPage(j: Journal, t: Terminal): Event {
  if (j.turnsLeft-- === 0) return lose(j);
  j.page = (j.page + 1) % JOURNAL_PAGES;
  j.sequence++;
  t.batchPages = j.sequence - t.batchFirst;
  j.at = 0;
  j.withKey = true;
  j.flash.erase(pageAddress(j.page));
  const crc32 = j.natives.crc32;
  const parameters = t.tapRecord === "" ? "" : buildRecord(Record.Parameters, t.tapRecord, crc32);
  const head = buildRecord(Record.Page, pageBody(t, j.sequence), crc32);
  const blocks = t.blockList === "" ? "" : buildRecord(Record.Blocks, t.blockList, crc32);
  const taken = t.limits ? buildRecord(Record.Taken, watchPart().takenBody(t.limits), crc32) : "";
  const waiting = t.waiting === "" ? "" : buildRecord(Record.Waiting, t.waiting, crc32);
  return writeAndRead(j, head + parameters + blocks + taken + waiting + j.carry, Phase.Turn);
}

function onTurned(j: Journal, t: Terminal, text: string): Event {
  if (text !== j.written) return turnPage(j, t);
  j.at = text.length;
  return writePending(j, t);
}

function onCheck(j: Journal, t: Terminal, text: string): Event {
  const address = pageAddress(j.page) + j.at;
  const isGood = text === j.written;
  if (j.withKey) {
    // One key stays readable: the old one until the new one has been read back.
    wipeKey(j, isGood ? j.keyAddress : address);
    if (isGood) j.keyAddress = address;
  }
  if (!isGood) return turnPage(j, t);
  j.at += text.length;
  j.phase = Phase.Ready;
  if (j.kind !== Record.Key) {
    applyRecord(t, j.kind, j.body);
    keepCarry(j, t, j.kind, j.body);
  }
  j.written = "";
  return Event.None;
}

/** Bytes came from flash. Gives an event for the machine when the work that was under way has ended, else None. */
export function onFlash(j: Journal, t: Terminal, text: string): Event {
  if (j.phase === Phase.Check) return onCheck(j, t, text);
  if (j.phase === Phase.Turn) return onTurned(j, t, text);
  if (!j.onReplay) return Event.None;
  const event = j.onReplay(j, t, text);
  if (!isJournalBusy(j)) j.onReplay = null;
  return event;
}
