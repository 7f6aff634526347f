/**
 * The customer's receipt, a line at a time: a printer takes them one by one, and none is held. A line says how it is set
 * (`drivers/escpos`), and nothing of how wide the paper is.
 */
import { Style } from "../drivers/escpos";
import { toDigits } from "../proto/bytes";
import { formatAmount } from "./money";
import { entry } from "./texts";
import type { Settings, Terminal, Transaction } from "./state";

/** Kinds of transactions and their names, as `entry` reads them. */
export const KIND_NAMES =
  "|00Settlement|10Pre-authorisation|11Cancel|20Completion|21Completion void|22Sale|23Void|24Completion|25Refund|30Offline sale|34Tip|36Cash sale|";
const RULE = Style.Rule + "";

function row(left: string, right: string): string {
  return Style.Left + left + "|" + right;
}

export function clockTime(localTime: string): string {
  const part = (at: number, length: number) => localTime.substr(at, length);
  return part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + " " + part(8, 2) + ":" + part(10, 2) + ":" + part(12, 2);
}

/** Line `index` of the receipt, its style in front; "" after the last. The PAN shows its last four digits only. */
export function receiptLine(t: Terminal, settings: Settings, txn: Transaction, index: number): string {
  if (index < 6) return head(t, settings, txn, index);
  const chipLines = txn.entry === "" ? 0 : 1;
  const aboutLines = txn.about === "" ? 0 : 1;
  if (index === 6) return row("Entry", entryText(txn.entry));
  if (index === 7 && chipLines > 0) return row("AID", hex(txn.entry.substr(4)));
  if (index === 7 + chipLines && aboutLines > 0)
    return row("Original", txn.about.substr(0, 6) + " " + txn.about.substr(6, 6));
  const operatorLines = txn.operator === "" ? 0 : 1;
  if (index === 7 + chipLines + aboutLines && operatorLines > 0) return row("Operator", txn.operator);
  const at = index - chipLines - aboutLines - operatorLines;
  return at < 13 ? details(t, settings, txn, at - 6) : foot(settings, txn, at - 13);
}

function head(t: Terminal, settings: Settings, txn: Transaction, index: number): string {
  if (index === 0) return Style.Large + settings.merchantName;
  if (index === 1) return Style.Centre + settings.merchantPlace;
  if (index === 2) return RULE;
  if (index === 3) return row("MID " + settings.mid, "TID " + settings.tid);
  if (index === 4) return title(t, txn.kind);
  return row("Card", "************" + txn.panMasked.substr(6));
}

function title(t: Terminal, kind: string): string {
  const name = kindName(kind).toUpperCase();
  return t.isDuplicate ? Style.Bar + name + " - DUPLICATE" : Style.BoldCentre + name;
}

export function kindName(kind: string): string {
  return entry(KIND_NAMES, kind);
}

/** How the card came in, and how its holder was verified there (`Cvm`). */
function entryText(entry: string): string {
  if (entry === "") return "Swiped (S)";
  const cvm = entry.charAt(0);
  return cvm === "0" ? "Contactless (C)" : cvm === "1" ? "Contactless (C), PIN" : "Contactless (C), device";
}

function hex(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i++) out += text.charCodeAt(i).toString(16).padStart(2, "0").toUpperCase();
  return out;
}

function details(t: Terminal, settings: Settings, txn: Transaction, index: number): string {
  if (index === 1) return row("Time", clockTime(txn.localTime));
  if (index === 2) return row("Batch " + toDigits(t.batchNumber, 6), "STAN " + toDigits(txn.stan, 6));
  if (index === 3) return row("RRN", txn.rrn);
  if (index === 4) return row("Approval code", txn.approvalCode);
  if (index === 5) return RULE;
  return Style.High + "TOTAL|" + settings.currencyCode + " " + formatAmount(txn.amountMinor, settings.exponent);
}

/** What the receipt is not, and that the keys are for tests, stand last: nothing after them is looked at. */
function foot(settings: Settings, txn: Transaction, index: number): string {
  if (index === 0) return RULE;
  if (index === 1) return Style.BoldCentre + "APPROVED";
  const symbol = code(settings, txn);
  const at = symbol === "" ? index + 1 : index;
  if (at === 2) return symbol;
  if (at === 3) return Style.Centre + "Thank you";
  if (at === 4) return Style.Small + "Not certified: no PCI PTS, no EMVCo";
  if (at === 5 && settings.isTest) return Style.Bar + "TEST KEYS - NOT A REAL PAYMENT";
  return "";
}

/** The transaction's reference for a reader: terminal, STAN and RRN as a QR code, or the RRN as a barcode. */
function code(settings: Settings, txn: Transaction): string {
  if (settings.receiptCode === "bar") return Style.Barcode + txn.rrn;
  if (settings.receiptCode !== "qr") return "";
  return Style.Qr + "TILLET " + settings.tid + " " + toDigits(txn.stan, 6) + " " + txn.rrn;
}
