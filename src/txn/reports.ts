/** Reports, a line at a time as receipts are: the totals of a batch while it runs (X), and of one that was closed (Z); what failed. */
import { Style } from "../drivers/escpos";
import { fromDigits, toDigits } from "../proto/bytes";
import { CLOSED_TIME_AT } from "./book";
import { formatAmount } from "./money";
import { receiptPart } from "./receipt.lazy";
import { Kind, type Settings, type Terminal } from "./state";

const RULE = Style.Rule + "";
/** Of a report on an open batch: behind the head, the totals and a rule. */
const OPERATORS_AT = 12;
/** His number, three sums and a rule. */
const OPERATOR_LINES = 5;

function row(left: string, right: string): string {
  return Style.Left + left + "|" + right;
}

/** Count and sum at `at` of totals. */
function sum(settings: Settings, name: string, totals: string, at: number): string {
  const minor = fromDigits(totals.substr(at, 12));
  return row(
    name + " " + fromDigits(totals.substr(at + 12, 3)),
    settings.currencyCode + " " + formatAmount(minor, settings.exponent),
  );
}

/** Line `index` of the totals' report; "" after the last. A batch that has just been closed is in the transaction's `about`. */
export function reportLine(t: Terminal, settings: Settings, index: number): string {
  const txn = t.txn;
  const closed = txn && txn.kind === Kind.Settlement && t.isOwed ? txn.about : "";
  if (index < 4) return headLine(settings, index);
  if (index < 7) return nameLine(t, closed, index - 4);
  if (index < 12) return sumLine(settings, closed === "" ? t.totals : closed.substr(12), index - 7);
  return closed === "" ? end(settings, index - 12) : hostLine(settings, closed, index - 12);
}

/** The same where there are operators: what each did, before what the report ends with. */
export function totalsLine(t: Terminal, settings: Settings, byOperator: string[], index: number): string {
  const at = index - OPERATORS_AT;
  const part = at % OPERATOR_LINES;
  const each = at < 0 ? "" : byOperator[(at - part) / OPERATOR_LINES];
  if (!each) return reportLine(t, settings, at < 0 ? index : index - byOperator.length * OPERATOR_LINES);
  if (part === 0) return Style.Left + "Operator " + each.substr(0, 2);
  if (part === 4) return RULE;
  return sum(settings, part === 1 ? "Debits" : part === 2 ? "Credits" : "Cash", each.substr(2), part * 15 - 15);
}

function headLine(settings: Settings, index: number): string {
  if (index === 0) return Style.Large + settings.merchantName;
  if (index === 1) return Style.Centre + settings.merchantPlace;
  return index === 2 ? RULE : row("MID " + settings.mid, "TID " + settings.tid);
}

function nameLine(t: Terminal, closed: string, index: number): string {
  if (closed === "") {
    if (index === 0) return Style.BoldCentre + "TOTALS (X), BATCH STAYS OPEN";
    return index === 1 ? row("Batch", toDigits(t.batchNumber, 6)) : row("Next STAN", toDigits(t.nextStan, 6));
  }
  if (index === 0) return Style.BoldCentre + "SETTLEMENT (Z)" + (t.isDuplicate ? " - DUPLICATE" : "");
  return index === 1
    ? row("Batch", closed.substr(6, 6))
    : row("Time", receiptPart().clockTime(closed.substr(CLOSED_TIME_AT, 14)));
}

function sumLine(settings: Settings, totals: string, index: number): string {
  if (index === 0) return sum(settings, "Debits", totals, 0);
  if (index === 1) return sum(settings, "Credits", totals, 15);
  if (index === 2) return sum(settings, "Cash (not settled)", totals, 30);
  if (index === 4) return RULE;
  const net = fromDigits(totals.substr(0, 12)) - fromDigits(totals.substr(15, 12));
  const minus = net < 0 ? "-" : "";
  return Style.High + "NET|" + settings.currencyCode + " " + minus + formatAmount(Math.abs(net), settings.exponent);
}

function hostLine(settings: Settings, closed: string, index: number): string {
  const isAgreed = closed.charAt(87) === "1";
  if (index === 0) return Style.BoldCentre + (isAgreed ? "HOST AGREES" : "HOST HAS OTHER TOTALS");
  if (index === 1) return sum(settings, "Host debits", closed, 57);
  if (index === 2) return sum(settings, "Host credits", closed, 72);
  if (index === 3) return Style.Centre + (isAgreed ? "Batch closed" : "Batch closed, records were sent");
  return end(settings, index - 4);
}

function end(settings: Settings, index: number): string {
  return index === 0 && settings.isTest ? Style.Bar + "TEST KEYS - NOT REAL MONEY" : "";
}

/** Line `index` of what failed in this batch. */
export function failedLine(settings: Settings, t: Terminal, failed: string[], index: number): string {
  if (index === 0) return Style.Large + settings.merchantName;
  if (index === 1) return row("Batch " + toDigits(t.batchNumber, 6), "TID " + settings.tid);
  if (index === 2) return Style.BoldCentre + "NOT CHARGED";
  if (index === 3) return RULE;
  const each = failed[index - 4];
  if (!each) return index === 4 ? Style.Centre + "Nothing" : index === failed.length + 4 ? end(settings, 0) : "";
  const outcome = each.charAt(20);
  const words = outcome === "D" ? "declined" : outcome === "V" ? "undone" : "not sent";
  return row(
    each.substr(0, 6) + " " + receiptPart().kindName(each.substr(6, 2)) + ", " + words,
    formatAmount(fromDigits(each.substr(8, 12)), settings.exponent),
  );
}
