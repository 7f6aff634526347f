/** The ISO 8583 messages of a sale: built from, and compared with, the transaction in hand. */
import { fromDigits, toDigits } from "../proto/bytes";
import { pack } from "../proto/iso8583";
import type { Settings, Terminal, Transaction } from "./state";

/** Field 22: magnetic stripe (02), no PIN entry (2). */
const ENTRY_MODE_SWIPE = "022";
/** Field 39 of a reversal: no answer in time. */
const REASON_NO_ANSWER = "98";
/** Field 60.1: sale. */
const KIND_SALE = "22";

function batchField(t: Terminal): string {
  return KIND_SALE + toDigits(t.batchNumber, 6);
}

/** A request about `txn`: fields that do not belong to the message are "". */
function request(
  t: Terminal,
  settings: Settings,
  txn: Transaction,
  mti: string,
  track2: string,
  reason: string,
): string {
  return pack(
    mti,
    [3, 4, 11, 22, 25, 35, 39, 41, 42, 49, 60],
    [
      "0",
      "" + txn.amountMinor,
      "" + txn.stan,
      ENTRY_MODE_SWIPE,
      "0",
      track2,
      reason,
      settings.tid,
      settings.mid,
      settings.currencyNumber,
      batchField(t),
    ],
  );
}

export function saleRequest(t: Terminal, settings: Settings, txn: Transaction): string {
  return request(t, settings, txn, "0200", t.track2, "");
}

/** No card data: the host finds the sale by terminal, batch and STAN. */
export function reversalRequest(t: Terminal, settings: Settings, txn: Transaction): string {
  return request(t, settings, txn, "0400", "", REASON_NO_ANSWER);
}

/** True when `fields` is the answer `mti` to this transaction: same terminal, batch, STAN and amount. */
export function isAnswer(t: Terminal, txn: Transaction, fields: string[], mti: string): boolean {
  return (
    fields[0] === mti &&
    t.settings !== null &&
    fields[41] === t.settings.tid &&
    fields[60] === batchField(t) &&
    fromDigits(fields[11]) === txn.stan &&
    fromDigits(fields[4]) === txn.amountMinor &&
    fields[49] === t.settings.currencyNumber
  );
}
