/** The ISO 8583 messages of a sale: built from, and compared with, the transaction in hand. */
import { fromDigits, toDigits } from "../proto/bytes";
import { packRequest, PIN0_SALE_HEAD, PIN4_SALE_HEAD, REVERSAL_HEAD, SALE_HEAD } from "../proto/codec.table";
import type { Settings, Terminal, Transaction } from "./state";

/** Field 3: goods and services, accounts not told apart. */
const PROCESSING_SALE = "000000";
/** Field 22: magnetic stripe (02); no PIN (2), PIN (1). */
const ENTRY_MODE_SWIPE = "022";
const ENTRY_MODE_SWIPE_PIN = "021";
/** Field 25. */
const CONDITION_NORMAL = "00";
/** Field 26: the longest PIN that can be typed. */
const PIN_DIGITS_MAX = "12";
/** Field 53: the PAN is in the PIN block (2), and what it is encrypted with: two-key TDEA (6), AES-128 (8). */
const SECURITY_TDEA = "26";
const SECURITY_AES = "28";
const SECURITY_REST = "00000000000000";
/** Field 39 of a reversal: no answer in time. */
const REASON_NO_ANSWER = "98";
/** Field 60.1: sale. */
const KIND_SALE = "22";

/** Field 60.3: what network management is about; in any answer `001` is the host's wish for a sign-on. */
export const enum NetworkCode {
  SignOn = "001",
  Echo = "301",
}

/** Field 39, where it is more than a reason to decline. */
export const enum Response {
  Done = "00",
  /** The host is in another batch. */
  BatchDiffers = "77",
}

function batchField(t: Terminal): string {
  return KIND_SALE + toDigits(t.batchNumber, 6);
}

/** A request about `txn`: fields that do not belong to the message are "". */
function request(
  t: Terminal,
  settings: Settings,
  txn: Transaction,
  head: string,
  track2: string,
  reason: string,
): string {
  const isAes = settings.pinFormat === "4";
  const hasPin = t.pinSerial !== "";
  const sendsPin = hasPin && track2 !== "";
  return packRequest([
    sendsPin ? (isAes ? PIN4_SALE_HEAD : PIN0_SALE_HEAD) : head,
    PROCESSING_SALE,
    toDigits(txn.amountMinor, 12),
    toDigits(txn.stan, 6),
    hasPin ? ENTRY_MODE_SWIPE_PIN : ENTRY_MODE_SWIPE,
    CONDITION_NORMAL,
    sendsPin ? PIN_DIGITS_MAX : "",
    track2,
    reason,
    settings.tid,
    settings.mid,
    settings.currencyNumber,
    sendsPin && !isAes ? t.pinBlock : "",
    sendsPin ? (isAes ? SECURITY_AES : SECURITY_TDEA) + SECURITY_REST : "",
    sendsPin ? t.pinSerial + (isAes ? t.pinBlock : "") : "",
    batchField(t),
  ]);
}

export function saleRequest(t: Terminal, settings: Settings, txn: Transaction): string {
  return request(t, settings, txn, SALE_HEAD, t.track2, "");
}

/** No card data, no PIN: the host finds the sale by terminal, batch and STAN. */
export function reversalRequest(t: Terminal, settings: Settings, txn: Transaction): string {
  return request(t, settings, txn, REVERSAL_HEAD, "", REASON_NO_ANSWER);
}

/** True when `fields` is the answer `mti` to this transaction: same terminal, batch, STAN and amount. */
export function isAnswer(t: Terminal, txn: Transaction, fields: string[], mti: string): boolean {
  return (
    fields[0] === mti &&
    t.settings !== null &&
    fields[41] === t.settings.tid &&
    fields[60].startsWith(batchField(t)) &&
    fromDigits(fields[11]) === txn.stan &&
    fromDigits(fields[4]) === txn.amountMinor &&
    fields[49] === t.settings.currencyNumber
  );
}
