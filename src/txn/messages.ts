/** The ISO 8583 messages of a sale: built from, and compared with, the transaction in hand. Those of other kinds: `desk-messages`. */
import { fromDigits, toDigits } from "../proto/bytes";
import { packRequest, REVERSAL_HEAD, SALE_HEADS } from "../proto/codec.table";
import { Kind, type Settings, type Terminal, type Transaction } from "./state";

/** Field 3: goods and services, accounts not told apart. */
const PROCESSING_SALE = "000000";
/** Field 22: magnetic stripe (02) or a chip without contacts (07); no PIN (2) or PIN (1). Three characters each. */
const ENTRY_MODES = "022021072071";
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
/** Field 60.3: what network management is about; in any answer `001` is the host's wish for a sign-on. */
export const enum NetworkCode {
  SignOn = "001",
  Echo = "301",
  /** The parameters for taps. */
  Parameters = "380",
  /** A piece of the firmware. */
  Update = "381",
  /** The block list. */
  Blocks = "382",
}

/** Field 39, where it is more than a reason to decline. */
export const enum Response {
  Done = "00",
  /** The bank is to be called. */
  Referral = "01",
  /** The host is in another batch. */
  BatchDiffers = "77",
}

/** Requests that are advices: what is said has happened. They are repeated and not reversed. */
export function isAdvice(kind: string): boolean {
  return "24 25 30 34 36".indexOf(kind) >= 0;
}

/** With a PIN block of format 0 (1), of format 4 (2), which stands in field 59, or without (0). */
const enum PinKind {
  None = 0,
  Format0 = 1,
  Format4 = 2,
}

/** With chip data (3), and with the card's sequence number too (6). */
const enum ChipKind {
  None = 0,
  Chip = 3,
  ChipSequence = 6,
}

/** A request about `txn`: fields that do not belong to the message are "". */
function request(t: Terminal, settings: Settings, txn: Transaction, track2: string, reason: string): string {
  const isAes = settings.pinFormat === "4";
  const hasPin = t.pinSerial !== "";
  const sendsPin = hasPin && track2 !== "";
  const isTap = txn.entry !== "";
  const chipData = track2 && t.chipData;
  const sequence = chipData && txn.entry.substr(1, 3).trim();
  const pinKind = sendsPin ? (isAes ? PinKind.Format4 : PinKind.Format0) : PinKind.None;
  const chipKind = chipData === "" ? ChipKind.None : sequence === "" ? ChipKind.Chip : ChipKind.ChipSequence;
  return packRequest([
    track2 === "" ? REVERSAL_HEAD : SALE_HEADS.substr((pinKind + chipKind) * 12, 12),
    PROCESSING_SALE,
    toDigits(txn.amountMinor, 12),
    toDigits(txn.stan, 6),
    ENTRY_MODES.substr((isTap ? 6 : 0) + (hasPin ? 3 : 0), 3),
    sequence,
    CONDITION_NORMAL,
    sendsPin ? PIN_DIGITS_MAX : "",
    track2,
    reason,
    settings.tid,
    settings.mid,
    settings.currencyNumber,
    sendsPin && !isAes ? t.pinBlock : "",
    sendsPin ? (isAes ? SECURITY_AES : SECURITY_TDEA) + SECURITY_REST : "",
    chipData,
    sendsPin ? t.pinSerial + (isAes ? t.pinBlock : "") : "",
    txn.kind + toDigits(t.batchNumber, 6),
  ]);
}

export function saleRequest(t: Terminal, settings: Settings, txn: Transaction): string {
  return request(t, settings, txn, t.track2, "");
}

/** No card data, no PIN: the host finds the sale by terminal, batch and STAN. */
export function reversalRequest(t: Terminal, settings: Settings, txn: Transaction): string {
  return request(t, settings, txn, "", REASON_NO_ANSWER);
}

/** Type of the answer to a transaction. */
export function answerType(kind: string): string {
  return kind < Kind.Completion && kind !== Kind.Balance ? "0110" : isAdvice(kind) ? "0230" : "0210";
}

/** True when `fields` is the answer `mti` to this transaction: same terminal, batch, STAN and amount. */
export function isAnswer(t: Terminal, txn: Transaction, fields: string[], mti: string): boolean {
  return (
    fields[0] === mti &&
    t.settings !== null &&
    fields[41] === t.settings.tid &&
    fields[60].startsWith(txn.kind + toDigits(t.batchNumber, 6)) &&
    fromDigits(fields[11]) === txn.stan &&
    fromDigits(fields[4]) === txn.amountMinor &&
    fields[49] === t.settings.currencyNumber
  );
}
