/** The ISO 8583 messages of a sale: built from, and compared with, the transaction in hand. Values stand in the order of the table's heads. */
import { fromDigits, toDigits } from "../proto/bytes";
import { REVERSAL_HEAD, SALE_HEAD } from "../proto/fields.table";
import { counted2, counted3 } from "../proto/iso8583";
import type { Settings, Terminal, Transaction } from "./state";

/** Field 3: goods and services, accounts not told apart. */
const PROCESSING_SALE = "000000";
/** Field 22: magnetic stripe (02), no PIN entry (2); field 25: normal. */
const SWIPE_NORMAL = "02200";
/** Field 39 of a reversal: no answer in time. */
const REASON_NO_ANSWER = "98";
/** Field 60.1: sale. */
const KIND_SALE = "22";

function batchField(t: Terminal): string {
  return KIND_SALE + toDigits(t.batchNumber, 6);
}

/** A request about `txn`; `middle` stands between fields 25 and 41. */
function request(t: Terminal, settings: Settings, txn: Transaction, head: string, middle: string): string {
  return (
    head +
    PROCESSING_SALE +
    toDigits(txn.amountMinor, 12) +
    toDigits(txn.stan, 6) +
    SWIPE_NORMAL +
    middle +
    settings.tid +
    settings.mid +
    settings.currencyNumber +
    counted3(batchField(t))
  );
}

export function saleRequest(t: Terminal, settings: Settings, txn: Transaction): string {
  return request(t, settings, txn, SALE_HEAD, counted2(t.track2));
}

/** No card data: the host finds the sale by terminal, batch and STAN. */
export function reversalRequest(t: Terminal, settings: Settings, txn: Transaction): string {
  return request(t, settings, txn, REVERSAL_HEAD, REASON_NO_ANSWER);
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
