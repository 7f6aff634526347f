/** What each journal record says and does. Live and after a power cut the same function reads them. */
import { fromDigits, toDigits } from "../proto/bytes";
import { forwardPart } from "./forward.lazy";
import { Record } from "./record";
import { Kind, type Terminal, type Transaction } from "./state";
import { watchPart } from "./watch.lazy";

/**
 * The body of a transaction's record: STAN 6, kind 2, amount 12, PAN 10, operator 2 (blanks for none), digits of length 2, what it is about; then the
 * key of the answer 32, and the frame.
 */
const ABOUT_AT = 34;
export const ANSWER_KEY_BYTES = 32;
/** In the body of an approval: how the card came in, behind two digits of length, and what its issuer says to it; nothing for a stripe. */
const ENTRY_AT = 38;
/** In the body of a closed batch, and there it is what the transaction is about: STAN 6, batch 6, totals 45, those of the host 30, its result 1. */
export const CLOSED_TIME_AT = 88;
const BATCH_MAX = 999999;
const STAN_MAX = 999999;

/** The book as the head of a page keeps it. An owed transaction is not in the totals: its own records follow. */
export function pageBody(t: Terminal, sequence: number): string {
  return (
    toDigits(sequence, 10) +
    toDigits(t.nextStan, 6) +
    toDigits(t.batchNumber, 6) +
    (t.isOwed && t.txn ? counted(t.totals, t.txn, -1) : t.totals) +
    toDigits(t.batchFirst, 10) +
    t.month
  );
}

/** `totals` with a transaction more, or one less. Some count nowhere; of a tip counts what it adds, behind the approval code. */
export function counted(totals: string, txn: Transaction, sign: number): string {
  const sides = "|220|200|240|300|340|231|211|251|362";
  const found = sides.indexOf("|" + txn.kind);
  if (found < 0) return totals;
  const at = (sides.charCodeAt(found + 3) - 48) * 15;
  const isTip = txn.kind === Kind.Tip;
  const minor = isTip ? fromDigits(txn.about.substr(46, 12)) : txn.amountMinor;
  return (
    totals.substr(0, at) +
    toDigits(fromDigits(totals.substr(at, 12)) + sign * minor, 12) +
    toDigits(fromDigits(totals.substr(at + 12, 3)) + (isTip ? 0 : sign), 3) +
    totals.substr(at + 15)
  );
}

/** A transaction about to be sent. `frame` is repeated until it is answered: its reversal, or itself; `answerKey` opens that answer. */
export function saleBody(txn: Transaction, answerKey: string, frame: string): string {
  return (
    toDigits(txn.stan, 6) +
    txn.kind +
    toDigits(txn.amountMinor, 12) +
    txn.panMasked +
    txn.operator.padEnd(2) +
    toDigits(txn.about.length, 2) +
    txn.about +
    answerKey +
    frame
  );
}

/** Where in it the key of the answer is; the frame follows. */
export function sealedAt(saleRecordBody: string): number {
  return ABOUT_AT + fromDigits(saleRecordBody.substr(ABOUT_AT - 2, 2));
}

/** The body of an outcome's record. */
export function outcomeBody(txn: Transaction, kind: string): string {
  const stan = toDigits(txn.stan, 6);
  if (kind === Record.Approved) {
    const entry = txn.entry === "" ? "" : toDigits(txn.entry.length, 2) + txn.entry + txn.issuerData;
    return stan + txn.rrn + txn.approvalCode + txn.localTime + entry;
  }
  if (kind === Record.Declined) return stan + txn.responseCode;
  return kind === Record.Closed ? txn.about : stan;
}

function isOfWaiting(t: Terminal, kind: string, body: string): boolean {
  return t.waiting !== "" || kind === Record.Waiting || (kind === Record.Sale && body.substr(6, 2) === Kind.Offline);
}

/** Brings the book up to a record that stands in flash. */
export function applyRecord(t: Terminal, kind: string, body: string): void {
  const txn = t.txn;
  if (kind === Record.Page) {
    t.nextStan = fromDigits(body.substr(10, 6));
    t.batchNumber = fromDigits(body.substr(16, 6));
    t.totals = body.substr(22, 45);
    t.batchFirst = fromDigits(body.substr(67, 10));
    t.month = body.substr(77, 4);
    t.txn = null;
    t.isOpen = false;
    t.isOwed = false;
    t.waiting = "";
    t.tapRecord = "";
    t.blockList = "";
  } else if ((Record.Sale + "" + Record.Query).indexOf(kind) >= 0) {
    // Both bodies begin with a STAN.
    const stan = fromDigits(body.substr(0, 6));
    // A record that moved along to a new page is older than what its head says.
    if ((stan - t.nextStan + STAN_MAX) % STAN_MAX < STAN_MAX / 2) t.nextStan = (stan % STAN_MAX) + 1;
    if (kind === Record.Query) return;
    t.txn = {
      stan: stan,
      kind: body.substr(6, 2),
      amountMinor: fromDigits(body.substr(8, 12)),
      panMasked: body.substr(20, 10),
      operator: body.substr(30, 2).trim(),
      about: body.substring(ABOUT_AT, sealedAt(body)),
      // Known while the sale is in hand; after a power cut it comes with the approval.
      entry: txn && txn.stan === stan ? txn.entry : "",
      issuerData: "",
      rrn: "",
      approvalCode: "",
      localTime: "",
      responseCode: "",
    };
    t.isOpen = true;
    t.isOwed = false;
  } else if (kind === Record.SignedOn) {
    t.month = body;
  } else if (kind === Record.Parameters) {
    t.tapRecord = body;
  } else if (kind === Record.Blocks) {
    t.blockList = body;
  } else if (txn && fromDigits(body.substr(0, 6)) === txn.stan) {
    if (kind === Record.Approved && t.isOpen) approve(t, txn, body);
    if (kind === Record.Closed && t.isOpen) close(t, txn, body);
    if (kind === Record.Printed) t.isOwed = false;
    t.isOpen = false;
  }
  if (isOfWaiting(t, kind, body)) forwardPart().keepWaiting(t, kind, body);
}

function approve(t: Terminal, txn: Transaction, body: string): void {
  txn.rrn = body.substr(6, 12);
  txn.approvalCode = body.substr(18, 6);
  txn.localTime = body.substr(24, 14);
  t.month = body.substr(26, 4);
  if (body.length > ENTRY_AT) {
    const end = ENTRY_AT + 2 + fromDigits(body.substr(ENTRY_AT, 2));
    txn.entry = body.substr(ENTRY_AT + 2, end - ENTRY_AT - 2);
    txn.issuerData = body.substr(end);
  }
  t.totals = counted(t.totals, txn, 1);
  if (t.limits) watchPart().countApproved(t.limits, txn);
  t.isOwed = true;
}

/** The next batch begins; the report of the closed one is owed. */
function close(t: Terminal, txn: Transaction, body: string): void {
  txn.about = body;
  txn.localTime = body.substr(CLOSED_TIME_AT, 14);
  t.batchNumber = (fromDigits(body.substr(6, 6)) % BATCH_MAX) + 1;
  t.batchFirst = fromDigits(body.substr(CLOSED_TIME_AT + 14, 10));
  t.batchPages = 0;
  t.totals = "".padStart(45, "0");
  t.isOwed = true;
}
