/**
 * What a row of the machine makes the terminal do about money: the journal record, which comes first, and the requests. Nothing leaves that
 * flash does not know.
 */
import { print } from "../drivers/printer";
import { ANSWER_KEY_BYTES, applyRecord, outcomeBody, saleBody, sealedAt } from "./book";
import { deskPart } from "./desk.lazy";
import { mayAskPin } from "./facts";
import { forwardPart } from "./forward.lazy";
import { restRekey } from "./idle";
import { append } from "./journal";
import { attempt, load } from "./link";
import { isAdvice, reversalRequest, saleRequest } from "./messages";
import { beginPin } from "./pins";
import { receiptPart } from "./receipt.lazy";
import { Record } from "./record";
import { keepCarry } from "./ring";
import { sealRequest, SlotFor } from "./seal";
import { signOnPart } from "./signon.lazy";
import { Kind, State } from "./state";
import type { Works } from "./works";

/** Begins to write what the row says. False when there is nothing to write. */
export function journal(works: Works, record: string): boolean {
  const t = works.t;
  if (record === Record.None) return false;
  if (record === Record.Key) return signOnPart().journalSignOn(works);
  if (record === Record.SignedOn) {
    signOnPart().journalChain(works);
    restRekey(works);
  } else if (record === Record.Forward) {
    const j = works.journal;
    if (forwardPart().isOldest(t, j.saleBody)) {
      // Flash says so already.
      applyRecord(t, Record.Sale, j.saleBody);
      keepCarry(j, t, Record.Sale, j.saleBody);
      return false;
    }
    append(j, t, Record.Sale, j.body, false);
  } else if (record === Record.Sale) journalSale(works);
  else if (record === Record.Query && t.desk) t.desk.part.journalQuery(works, t.desk);
  else if (record === Record.PinKeys && t.settings) beginPin(works.pins, t.settings);
  else if (record === Record.Parameters || record === Record.Blocks)
    append(works.journal, t, record, works.journal.body, false);
  else if (t.txn) append(works.journal, t, record, outcomeBody(t.txn, record), false);
  return true;
}

/**
 * Seals a request and what is repeated when it stays without an answer: its reversal, or itself. That is kept: a power cut from here on ends
 * in it. PIN block and card data are gone then, but for a card whose PIN the host may still ask for.
 */
function journalSale(works: Works): void {
  const t = works.t;
  const j = works.journal;
  const link = works.link;
  const txn = t.txn;
  const settings = t.settings;
  if (!settings || !txn) return;
  const seals = works.seals;
  const tid = settings.tid;
  const desk = t.desk;
  // Behind a PIN that was wrong the function's means have gone.
  const part = desk ? desk.part : txn.kind + txn.about === Kind.Sale ? null : deskPart();
  const request = part ? part.requestOf(t, settings, txn) : saleRequest(t, settings, txn);
  works.frame = sealRequest(seals, tid, j.chain, j.counter++, request, link.answer.sub);
  if (!mayAskPin(t)) t.track2 = "";
  let kept = works.frame;
  let key = link.answer.subBytes;
  if (!isAdvice(txn.kind) && txn.kind !== Kind.Settlement) {
    const undoKey = new Uint32Array(8);
    const undo = part ? part.reversalOf(t, settings, txn) : reversalRequest(t, settings, txn);
    kept = sealRequest(seals, tid, j.chain, j.counter++, undo, undoKey);
    key = new Uint8Array(undoKey.buffer);
  }
  t.pinBlock = "";
  t.pinSerial = "";
  t.chipData = "";
  append(j, t, Record.Sale, saleBody(txn, works.natives.toText(key), kept), true);
}

/** What was journalled leaves: a request, or in Idle a sign-on. */
export function send(works: Works): void {
  const frame = works.frame;
  const state = works.t.state;
  works.frame = "";
  if (state === State.Idle) signOnPart().askSignOn(works);
  else ask(works, frame, state === State.Upload);
}

function ask(works: Works, frame: string, isEndless: boolean): void {
  // The answer is opened in room that this slot may have filled: it is made anew.
  works.seals.even.counter = SlotFor.Nobody;
  load(works.link, frame, isEndless);
  attempt(works.link);
}

/** What the journal keeps leaves, until it is acknowledged. What has just been taken without a link waits for its turn. */
export function repeat(works: Works): void {
  if (!works.t.isOpen) return;
  const body = works.journal.saleBody;
  const at = sealedAt(body);
  works.frame = "";
  works.natives.toBytes(body.substr(at, ANSWER_KEY_BYTES), works.link.answer.subBytes, 0);
  ask(works, body.substr(at + ANSWER_KEY_BYTES), true);
}

export function printReceipt(works: Works): void {
  const t = works.t;
  const txn = t.txn;
  const settings = t.settings;
  if (!settings || !txn) return;
  const report = txn.kind === Kind.Settlement ? deskPart() : null;
  const receipt = report ? null : receiptPart();
  const line = (index: number) =>
    receipt ? receipt.receiptLine(t, settings, txn, index) : report ? report.reportLine(t, settings, index) : "";
  print(works.printer, line, !t.isBatteryLow);
}
