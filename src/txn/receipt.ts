/**
 * The customer's receipt, a line at a time: a printer takes them one by one, and none is held. A line says how it is set
 * (`drivers/escpos`), and nothing of how wide the paper is.
 */
import { Style } from "../drivers/escpos";
import { toDigits } from "../proto/bytes";
import { formatAmount } from "./money";
import type { Settings, Terminal, Transaction } from "./state";

const RULE = Style.Rule + "";

function row(left: string, right: string): string {
  return Style.Left + left + "|" + right;
}

function shownTime(localTime: string): string {
  const part = (at: number, length: number) => localTime.substr(at, length);
  return part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + " " + part(8, 2) + ":" + part(10, 2) + ":" + part(12, 2);
}

/** Line `index` of the receipt, its style in front; "" after the last. The PAN shows its last four digits only. */
export function receiptLine(t: Terminal, settings: Settings, txn: Transaction, index: number): string {
  if (index < 6) return head(t, settings, index);
  if (index < 13) return details(t, settings, txn, index - 6);
  return foot(settings, txn, index - 13);
}

function head(t: Terminal, settings: Settings, index: number): string {
  if (index === 0) return Style.Large + settings.merchantName;
  if (index === 1) return Style.Centre + settings.merchantPlace;
  if (index === 2) return RULE;
  if (index === 3) return row("MID " + settings.mid, "TID " + settings.tid);
  if (index === 4) return t.isDuplicate ? Style.Bar + "SALE - DUPLICATE" : Style.BoldCentre + "SALE";
  return row("Card", "************" + (t.txn ? t.txn.panMasked.substr(6) : ""));
}

function details(t: Terminal, settings: Settings, txn: Transaction, index: number): string {
  if (index === 0) return row("Entry", "Swiped (S)");
  if (index === 1) return row("Time", shownTime(txn.localTime));
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
