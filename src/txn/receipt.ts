/** The customer's receipt, a line at a time: a printer takes them one by one, and none is held. */
import { toDigits } from "../proto/bytes";
import { formatAmount } from "./money";
import type { Settings, Terminal, Transaction } from "./state";

export const RECEIPT_COLUMNS = 32;

/** How a line is set; the first character of every line. */
export const enum Style {
  Left = "l",
  Centre = "c",
  /** Twice as high and wide, centred: 16 columns. */
  Large = "L",
}

function row(left: string, right: string): string {
  return Style.Left + left + right.padStart(RECEIPT_COLUMNS - left.length, " ");
}

function shownTime(localTime: string): string {
  const part = (at: number, length: number) => localTime.substr(at, length);
  return part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + " " + part(8, 2) + ":" + part(10, 2) + ":" + part(12, 2);
}

/** Line `index` of the receipt, its style in front; "" after the last. The PAN shows its last four digits only. */
export function receiptLine(t: Terminal, settings: Settings, txn: Transaction, index: number): string {
  if (index < 6) return head(t, settings, index);
  if (index < 12) return details(t, settings, txn, index - 6);
  return foot(settings, index - 12);
}

function head(t: Terminal, settings: Settings, index: number): string {
  if (index === 0) return Style.Large + settings.merchantName.substr(0, 16);
  if (index === 1) return Style.Centre + settings.merchantPlace.substr(0, RECEIPT_COLUMNS);
  if (index === 2) return row("MID " + settings.mid, "TID " + settings.tid);
  if (index === 3) return Style.Left + "-".repeat(RECEIPT_COLUMNS);
  if (index === 4) return Style.Centre + (t.isDuplicate ? "SALE - DUPLICATE" : "SALE");
  return row("Card", "************" + (t.txn ? t.txn.panMasked.substr(6) : ""));
}

function details(t: Terminal, settings: Settings, txn: Transaction, index: number): string {
  if (index === 0) return row("Entry", "Swiped (S)");
  if (index === 1) return row("Time", shownTime(txn.localTime));
  if (index === 2) return row("Batch " + toDigits(t.batchNumber, 6), "STAN " + toDigits(txn.stan, 6));
  if (index === 3) return row("RRN", txn.rrn);
  if (index === 4) return row("Approval code", txn.approvalCode);
  return Style.Large + settings.currencyCode + " " + formatAmount(txn.amountMinor, settings.exponent);
}

function foot(settings: Settings, index: number): string {
  if (index === 0) return Style.Centre + "APPROVED";
  if (index === 1) return Style.Centre + "Not certified: no PCI PTS, EMVCo";
  if (index === 2 && settings.isTest) return Style.Centre + "TEST KEYS - NOT A REAL PAYMENT";
  return "";
}
