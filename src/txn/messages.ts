/** The ISO 8583 messages of a sale, built from, and compared with, the transaction in hand; and those of network management. */
import { fromDigits, toDigits } from "../proto/bytes";
import { pack } from "../proto/iso8583";
import type { Settings, Terminal, Transaction } from "./state";

/** Field 22: magnetic stripe (02), no PIN entry (2). */
const ENTRY_MODE_SWIPE = "022";
/** Field 39 of a reversal: no answer in time. */
const REASON_NO_ANSWER = "98";
/** Field 60.1: sale; network management. */
const KIND_SALE = "22";
const KIND_NETWORK = "00";
/** Field 60.3 of network management. */
export const SIGN_ON = "001";
export const ECHO = "301";
/** Field 39: the host is in another batch. */
export const BATCH_DIFFERS = "77";

function batchField(t: Terminal, kind: string): string {
  return kind + toDigits(t.batchNumber, 6);
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
      batchField(t, KIND_SALE),
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

/** Sign-on or echo. The STAN is that of the next sale and is not used up. */
export function networkRequest(t: Terminal, settings: Settings, code: string, keys: string): string {
  const about = batchField(t, KIND_NETWORK) + code + toDigits(settings.parametersVersion, 6);
  return pack("0800", [11, 41, 42, 60, 62], ["" + t.nextStan, settings.tid, settings.mid, about, keys]);
}

/** True when `fields` is the answer `mti` to this transaction: same terminal, batch, STAN and amount. */
export function isAnswer(t: Terminal, txn: Transaction, fields: string[], mti: string): boolean {
  return (
    fields[0] === mti &&
    t.settings !== null &&
    fields[41] === t.settings.tid &&
    fields[60] === batchField(t, KIND_SALE) &&
    fromDigits(fields[11]) === txn.stan &&
    fromDigits(fields[4]) === txn.amountMinor &&
    fields[49] === t.settings.currencyNumber
  );
}
