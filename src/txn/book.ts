/** What each journal record says and does. Live and after a power cut the same function reads them. */
import { fromDigits, toDigits } from "../proto/bytes";
import { Record } from "./record";
import type { Terminal, Transaction } from "./state";

/** Where the sealed reversal of a sale starts in the body of its record: STAN 6, amount 12, PAN 10, answer key 32. */
const ANSWER_KEY_AT = 28;
const FRAME_AT = 60;
/** In the body of an approval: how the card came in, behind two digits of length, and what its issuer says to it; nothing for a stripe. */
const ENTRY_AT = 38;

/** The book as the head of a page keeps it. An owed transaction is not in the totals: its own records follow. */
export function pageBody(t: Terminal, sequence: number): string {
  const owedMinor = t.isOwed && t.txn ? t.txn.amountMinor : 0;
  return (
    toDigits(sequence, 10) +
    toDigits(t.nextStan, 6) +
    toDigits(t.batchNumber, 6) +
    toDigits(t.approvedCount - (t.isOwed ? 1 : 0), 6) +
    toDigits(t.approvedMinor - owedMinor, 12) +
    t.month
  );
}

/** A sale about to be sent. `answerKey` opens the answer to the reversal, `frame` is the reversal, sealed. */
export function saleBody(txn: Transaction, answerKey: string, frame: string): string {
  return toDigits(txn.stan, 6) + toDigits(txn.amountMinor, 12) + txn.panMasked + answerKey + frame;
}

export function answerKeyOf(saleRecordBody: string): string {
  return saleRecordBody.substr(ANSWER_KEY_AT, FRAME_AT - ANSWER_KEY_AT);
}

export function frameOf(saleRecordBody: string): string {
  return saleRecordBody.substr(FRAME_AT);
}

/** The body of an outcome's record. */
export function outcomeBody(txn: Transaction, kind: string): string {
  const stan = toDigits(txn.stan, 6);
  if (kind === Record.Approved) {
    const entry = txn.entry === "" ? "" : toDigits(txn.entry.length, 2) + txn.entry + txn.issuerData;
    return stan + txn.rrn + txn.approvalCode + txn.localTime + entry;
  }
  if (kind === Record.Declined) return stan + txn.responseCode;
  return stan;
}

/** Brings the book up to a record that stands in flash. */
export function applyRecord(t: Terminal, kind: string, body: string): void {
  const txn = t.txn;
  if (kind === Record.Page) {
    t.nextStan = fromDigits(body.substr(10, 6));
    t.batchNumber = fromDigits(body.substr(16, 6));
    t.approvedCount = fromDigits(body.substr(22, 6));
    t.approvedMinor = fromDigits(body.substr(28, 12));
    t.month = body.substr(40, 4);
    t.txn = null;
    t.isOpen = false;
    t.isOwed = false;
  } else if (kind === Record.Sale) {
    const stan = fromDigits(body.substr(0, 6));
    t.txn = {
      stan: stan,
      amountMinor: fromDigits(body.substr(6, 12)),
      panMasked: body.substr(18, 10),
      // Known while the sale is in hand; after a power cut it comes with the approval.
      entry: txn && txn.stan === stan ? txn.entry : "",
      issuerData: "",
      rrn: "",
      approvalCode: "",
      localTime: "",
      responseCode: "",
    };
    t.nextStan = (t.txn.stan % 999999) + 1;
    t.isOpen = true;
    t.isOwed = false;
  } else if (txn && fromDigits(body.substr(0, 6)) === txn.stan) {
    if (kind === Record.Approved && t.isOpen) {
      txn.rrn = body.substr(6, 12);
      txn.approvalCode = body.substr(18, 6);
      txn.localTime = body.substr(24, 14);
      t.month = body.substr(26, 4);
      if (body.length > ENTRY_AT) {
        const end = ENTRY_AT + 2 + fromDigits(body.substr(ENTRY_AT, 2));
        txn.entry = body.substr(ENTRY_AT + 2, end - ENTRY_AT - 2);
        txn.issuerData = body.substr(end);
      }
      t.approvedCount++;
      t.approvedMinor += txn.amountMinor;
      t.isOwed = true;
    }
    if (kind === Record.Printed) t.isOwed = false;
    t.isOpen = false;
  }
}
