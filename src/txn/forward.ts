/**
 * Store and forward: sales that were taken without a link wait in the journal. While one waits only another of its kind is begun, and nothing is
 * asked of the host; when there is a link the oldest is taken in hand and sent until it is answered, then the next. So their frames reach the
 * host in the order of their counters, and before any newer one.
 *
 * In memory is a line for each (`Terminal.waiting`). The frame is looked up in flash, and stands there once more when it is in hand: the
 * book knows one open transaction, the last `Record.Sale`. At most 8 reads for each of the batch's pages; a record that is not there is
 * `Event.Lost`.
 */
import { JOURNAL_PAGES, PAGE_BYTES } from "../board/board";
import { Limit, limitOf } from "../limits/limits";
import { fromDigits } from "../proto/bytes";
import { Record, RECORD_HEADER_BYTES, recordBody, recordBytes } from "./record";
import { BATCH_PAGES_MAX, CHUNK_BYTES, type Journal, lose, NOTHING, pageAddress, Phase } from "./ring";
import { Event, Notice, State, type Terminal, WAITING_CHARS } from "./state";
import type { Works } from "./works";

/** Sales that may wait, where no limit says less. */
const WAITING_MAX = 8;
/** Their records are written once more: a page of the journal, which must be there when the batch is full. */
const PAGES_KEPT = 1;
const OUTCOMES = Record.Approved + "" + Record.Declined + Record.Unsent;

/** Whether a sale, or with "" the menu, has to wait itself; `t.notice` says for what. */
export function mustWait(t: Terminal, digits: string): boolean {
  const set = t.limits ? limitOf(t.limits.table, Limit.Waiting) : NOTHING;
  const most = set < 0 || set > WAITING_MAX ? WAITING_MAX : set;
  const isFull = t.waiting.length >= most * WAITING_CHARS || t.batchPages >= BATCH_PAGES_MAX - PAGES_KEPT;
  if (t.isLinkUp) t.notice = Notice.Sending;
  else if (digits === "") t.notice = Notice.SmallOnly;
  else if (isFull) t.notice = Notice.QueueFull;
  else return false;
  return true;
}

/** The green key behind an amount: no card is asked for that could not be taken. */
export function amountFact(t: Terminal): Event {
  if (t.settings && t.amountMinor <= t.settings.floorMinor) return Event.Enter;
  t.notice = Notice.SmallOnly;
  return Event.Barred;
}

/** A record stands in flash: what it says of those that wait. An outcome ends the waiting. */
export function keepWaiting(t: Terminal, kind: string, body: string): void {
  const txn = t.txn;
  const at = t.waiting.indexOf("|" + body.substr(0, 6));
  if (kind === Record.Waiting) t.waiting = body;
  else if (kind === Record.Sale) {
    // What the bank approved by telephone is alone until it is answered, like all that is no sale.
    if (at < 0 && txn && txn.about === "") t.waiting += "|" + body.substr(0, WAITING_CHARS - 1);
  } else if (at >= 0 && OUTCOMES.indexOf(kind) >= 0)
    t.waiting = t.waiting.substr(0, at) + t.waiting.substr(at + WAITING_CHARS);
}

/** The record of a sale is that of the oldest. */
export function isOldest(t: Terminal, saleRecordBody: string): boolean {
  return t.waiting.substr(1, WAITING_CHARS - 1) === saleRecordBody.substr(0, WAITING_CHARS - 1);
}

/** There is a link. Forward when the oldest can be sent; None while it is looked for, or where it is not the time. */
export function forward(works: Works): Event {
  const t = works.t;
  const j = works.journal;
  const isTime = t.state === State.Idle || t.state === State.Undo || t.state === State.Approved;
  if (t.isOpen || !t.isLinkUp) return Event.None;
  // The receipt that is offered comes first.
  if (t.state === State.Offer) return Event.Forward;
  if (!isTime) return Event.None;
  t.amountMinor = fromDigits(t.waiting.substr(9, 12));
  // The last one that was written need not be looked for.
  if (isOldest(t, j.saleBody)) return Event.Forward;
  j.onReplay = onPiece;
  j.phase = Phase.Search;
  j.index = 0;
  return readOn(j, t);
}

/** `index` counts from the beginning of the batch's first page. */
function readOn(j: Journal, t: Terminal): Event {
  const at = j.index % PAGE_BYTES;
  const back = j.sequence - t.batchFirst - (j.index - at) / PAGE_BYTES;
  if (back < 0) return lose(j);
  const left = PAGE_BYTES - at;
  const page = (j.page + JOURNAL_PAGES - back) % JOURNAL_PAGES;
  j.flash.read(pageAddress(page) + at, left < CHUNK_BYTES ? left : CHUNK_BYTES);
  return Event.None;
}

/** Bytes came from flash. Of a page that was given up all good records are those of another one. */
function onPiece(j: Journal, t: Terminal, text: string): Event {
  let at = 0;
  let byteCount = recordBytes(text, 0);
  while (byteCount > 0 && at + byteCount <= text.length) {
    if (text.charAt(at) === Record.Sale) {
      j.body = recordBody(text, at, byteCount, j.natives.crc32);
      if (isOldest(t, j.body)) {
        j.phase = Phase.Ready;
        return Event.Forward;
      }
    }
    at += byteCount;
    byteCount = at < text.length ? recordBytes(text, at) : NOTHING;
  }
  const isCut = at + RECORD_HEADER_BYTES > text.length || byteCount > 0;
  const left = PAGE_BYTES - (j.index % PAGE_BYTES);
  const isEnd = byteCount === 0 || at === 0 || !isCut || text.length === left;
  j.index += isEnd ? left : at;
  return readOn(j, t);
}
