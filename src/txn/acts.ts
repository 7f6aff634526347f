/**
 * What a row of the machine makes the terminal do about money: the journal record, which comes first, and the requests. Nothing leaves that
 * flash does not know.
 */
import { answerKeyOf, frameOf, outcomeBody, saleBody } from "./book";
import { mayAskPin } from "./facts";
import { restRekey } from "./idle";
import { append } from "./journal";
import { attempt, load } from "./link";
import { reversalRequest, saleRequest } from "./messages";
import { beginPin } from "./pins";
import { Record } from "./record";
import { sealRequest } from "./seal";
import { signOnPart } from "./signon.lazy";
import { State } from "./state";
import type { Works } from "./works";

/** Begins to write what the row says. False when there is nothing to write. */
export function journal(works: Works, record: string): boolean {
  const t = works.t;
  if (record === Record.None) return false;
  if (record === Record.Key) return signOnPart().journalSignOn(works);
  if (record === Record.SignedOn) {
    signOnPart().journalChain(works);
    restRekey(works);
  } else if (record === Record.Sale) journalSale(works);
  else if (record === Record.PinKeys && t.settings) beginPin(works.pins, t.settings);
  else if (record === Record.Parameters) append(works.journal, t, record, works.journal.body, false);
  else if (t.txn) append(works.journal, t, record, outcomeBody(t.txn, record), false);
  return true;
}

/**
 * Seals request and reversal, and keeps the reversal: a power cut from here on ends in it. PIN block and card data are gone then,
 * but for a card whose PIN the host may still ask for.
 */
function journalSale(works: Works): void {
  const t = works.t;
  const j = works.journal;
  const link = works.link;
  if (!t.settings || !t.txn) return;
  const seals = works.seals;
  const tid = t.settings.tid;
  works.frame = sealRequest(seals, tid, j.chain, j.counter, saleRequest(t, t.settings, t.txn), link.answer.sub);
  if (!mayAskPin(t)) t.track2 = "";
  const undoKey = new Uint32Array(8);
  const undo = sealRequest(seals, tid, j.chain, j.counter + 1, reversalRequest(t, t.settings, t.txn), undoKey);
  t.pinBlock = "";
  t.pinSerial = "";
  t.chipData = "";
  j.counter += 2;
  append(j, t, Record.Sale, saleBody(t.txn, works.natives.toText(new Uint8Array(undoKey.buffer)), undo), true);
}

/** What was journalled leaves: a sale, or in Idle a sign-on. */
export function send(works: Works): void {
  const frame = works.frame;
  works.frame = "";
  if (works.t.state === State.Idle) {
    signOnPart().askSignOn(works);
  } else {
    load(works.link, frame, false);
    attempt(works.link);
  }
}

export function reverse(works: Works): void {
  const saleRecordBody = works.journal.saleBody;
  works.natives.toBytes(answerKeyOf(saleRecordBody), works.link.answer.subBytes, 0);
  load(works.link, frameOf(saleRecordBody), true);
  attempt(works.link);
}
