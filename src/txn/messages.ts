/** The ISO 8583 messages of a sale: built from, and compared with, the transaction in hand. */
import { fromDigits, toDigits } from "../proto/bytes";
import { pack } from "../proto/iso8583";
import type { Settings, Terminal, Transaction } from "./state";

/** Field 22: magnetic stripe (02); no PIN (2), PIN (1). */
const ENTRY_MODE_SWIPE = "022";
const ENTRY_MODE_SWIPE_PIN = "021";
/** Field 26: the longest PIN that can be typed. */
const PIN_DIGITS_MAX = "12";
/** Field 53: the PAN is in the PIN block (2), and what it is encrypted with: two-key TDEA (6), AES-128 (8). */
const SECURITY_TDEA = "2600000000000000";
const SECURITY_AES = "2800000000000000";
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
  mti: string,
  track2: string,
  reason: string,
): string {
  const isAes = settings.pinFormat === "4";
  const hasPin = t.pinSerial !== "";
  const sendsPin = hasPin && track2 !== "";
  return pack(
    mti,
    [3, 4, 11, 22, 25, 26, 35, 39, 41, 42, 49, 52, 53, 59, 60],
    [
      "0",
      "" + txn.amountMinor,
      "" + txn.stan,
      hasPin ? ENTRY_MODE_SWIPE_PIN : ENTRY_MODE_SWIPE,
      "0",
      sendsPin ? PIN_DIGITS_MAX : "",
      track2,
      reason,
      settings.tid,
      settings.mid,
      settings.currencyNumber,
      sendsPin && !isAes ? t.pinBlock : "",
      sendsPin ? (isAes ? SECURITY_AES : SECURITY_TDEA) : "",
      sendsPin ? t.pinSerial + (isAes ? t.pinBlock : "") : "",
      batchField(t),
    ],
  );
}

export function saleRequest(t: Terminal, settings: Settings, txn: Transaction): string {
  return request(t, settings, txn, "0200", t.track2, "");
}

/** No card data, no PIN: the host finds the sale by terminal, batch and STAN. */
export function reversalRequest(t: Terminal, settings: Settings, txn: Transaction): string {
  return request(t, settings, txn, "0400", "", REASON_NO_ANSWER);
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
