/**
 * The customer's receipt, a line at a time: a printer takes them one by one, and none is held. A line says how it is set
 * (`drivers/escpos`), and nothing of how wide the paper is.
 */
import { Style } from "../drivers/escpos";
import { fromDigits, toDigits } from "../proto/bytes";
import { formatAmount } from "./money";
import { entry } from "./texts";
import { Kind, type Settings, type Terminal, type Transaction } from "./state";

/** Kinds of transactions and their names, as `entry` reads them. */
export const KIND_NAMES =
  "|00Settlement|10Pre-authorisation|11Cancel|20Completion|21Completion void|22Sale|23Void|24Completion|25Refund|30Offline sale|34Tip|36Cash sale|";
const RULE = Style.Rule + "";
/** All that may stand on a receipt, line by line. */
const PIECES = 27;

function row(left: string, right: string): string {
  return Style.Left + left + "|" + right;
}

export function clockTime(localTime: string): string {
  const part = (at: number, length: number) => localTime.substr(at, length);
  return part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + " " + part(8, 2) + ":" + part(10, 2) + ":" + part(12, 2);
}

/** Line `index` of the receipt, its style in front; "" after the last. The PAN shows its last four digits only. */
export function receiptLine(t: Terminal, settings: Settings, txn: Transaction, index: number): string {
  let left = index;
  for (let piece = 0; piece < PIECES; piece++) {
    const line =
      piece < 10
        ? head(t, settings, txn, piece)
        : piece < 15
          ? details(t, txn, piece)
          : piece < 21
            ? amounts(settings, txn, piece)
            : foot(t, settings, txn, piece);
    if (line !== "" && left-- === 0) return line;
  }
  return "";
}

/** Each gives "" for what this transaction does not have. */
function head(t: Terminal, settings: Settings, txn: Transaction, piece: number): string {
  const hasCard = txn.panMasked.trim() !== "";
  if (piece === 0) return Style.Large + settings.merchantName;
  if (piece === 1) return Style.Centre + settings.merchantPlace;
  if (piece === 2) return RULE;
  if (piece === 3) return row("MID " + settings.mid, "TID " + settings.tid);
  if (piece === 4) {
    const name = kindName(txn.kind).toUpperCase();
    return t.isDuplicate ? Style.Bar + name + " - DUPLICATE" : Style.BoldCentre + name;
  }
  if (piece === 5) return hasCard ? row("Card", "************" + txn.panMasked.substr(6)) : "";
  if (piece === 6) return hasCard ? row("Entry", entryText(txn.entry)) : "";
  if (piece === 7) return txn.entry === "" ? "" : row("AID", hex(txn.entry.substr(4)));
  if (piece === 9) return txn.operator === "" ? "" : row("Operator", txn.operator);
  return txn.about.substr(0, 12).trim() === ""
    ? ""
    : row("Original", txn.about.substr(0, 6) + " " + txn.about.substr(6, 6));
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

/** What the host has not answered has no time and no name of its own. */
function details(t: Terminal, txn: Transaction, piece: number): string {
  if (piece === 10) return txn.localTime === "" ? "" : row("Time", clockTime(txn.localTime));
  if (piece === 11) return row("Batch " + toDigits(t.batchNumber, 6), "STAN " + toDigits(txn.stan, 6));
  if (piece === 12) return txn.rrn === "" ? "" : row("RRN", txn.rrn);
  if (piece === 13) return txn.approvalCode === "" ? "" : row("Approval code", txn.approvalCode);
  return RULE;
}

/** What the total is made of: a tip, cash, what rounding did; and of cash what was given. */
function amounts(settings: Settings, txn: Transaction, piece: number): string {
  const total = txn.amountMinor;
  const about = txn.about;
  const money = (minor: number) => formatAmount(minor, settings.exponent);
  if (piece === 18) return Style.High + "TOTAL|" + settings.currencyCode + " " + money(total);
  if (about.length < 46) return "";
  const first = fromDigits(about.substr(34, 12));
  const second = fromDigits("0" + about.substr(46, 12));
  const isCash = txn.kind === Kind.Cash;
  const tip = isCash ? 0 : first;
  const cash = txn.kind === Kind.Sale ? second : 0;
  const exact = isCash ? second : total - tip - cash;
  if (piece === 15) return exact === total ? "" : row("Amount", money(exact));
  if (piece === 16) return tip === 0 ? "" : row("Tip", money(tip));
  if (piece === 17) {
    if (cash !== 0) return row("Cash back", money(cash));
    return !isCash || exact === total
      ? ""
      : row("Rounding", (total < exact ? "-" : "") + money(Math.abs(total - exact)));
  }
  if (!isCash) return "";
  return piece === 19 ? row("Given", money(first)) : row("Change", money(first - total));
}

/** What the receipt is not, and that the keys are for tests, stand last. */
function foot(t: Terminal, settings: Settings, txn: Transaction, piece: number): string {
  if (piece === 21) return RULE;
  // What was taken without a link is the merchant's word until the host has answered.
  if (piece === 22) return Style.BoldCentre + (t.isOpen ? "OFFLINE, NOT CONFIRMED YET" : "APPROVED");
  if (piece === 23) {
    // The transaction's reference for a reader: terminal, STAN and RRN as a QR code, or the RRN as a barcode.
    if (txn.rrn === "") return "";
    if (settings.receiptCode === "bar") return Style.Barcode + txn.rrn;
    const isQr = settings.receiptCode === "qr";
    return isQr ? Style.Qr + "TILLET " + settings.tid + " " + toDigits(txn.stan, 6) + " " + txn.rrn : "";
  }
  if (piece === 24) return Style.Centre + "Thank you";
  if (piece === 25) return Style.Small + "Not certified: no PCI PTS, no EMVCo";
  return settings.isTest ? Style.Bar + "TEST KEYS - NOT A REAL PAYMENT" : "";
}
