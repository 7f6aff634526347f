/** What the cashier sees, for each state: a title, an amount, lines, a hint. Every screen fits 21 columns and 8 rows. */
import { formatAmount } from "./money";
import { Notice, PrinterFault, State, type Terminal } from "./state";

/** Row 0 is the status row, 1 the title, 2 empty, 3 the amount, 4 to 6 lines, 7 the hint: what to press. */
export const SCREEN_ROWS = 8;
export const SCREEN_COLUMNS = 21;

/** In words what a response code (ISO 8583 field 39) says. */
function reason(responseCode: string): string {
  const known = "05Refused by the bank|13Amount not accepted|14Card is not known|43Card reported stolen|";
  const more =
    "51Not enough money|54Card has expired|55PIN is wrong|57Not allowed for card|75Too many wrong PINs|" +
    "77Batch differs|86Card needs its PIN|91Bank not reachable|";
  const all = "|" + known + more;
  const at = all.indexOf("|" + responseCode);
  // On Espruino `indexOf` also finds what only begins at the very end.
  if (at < 0 || at === all.length - 1) return "Refused, code " + responseCode;
  return all.substr(at + 3).split("|")[0];
}

/** What the cashier can do about it. */
function advice(responseCode: string): string {
  if (responseCode === "91" || responseCode === "96") return "Try again later.";
  if (responseCode === "77") return "Call for service.";
  return "Ask for another card.";
}

function noticeLines(notice: Notice): string {
  if (notice === Notice.CardExpired) return "Card has expired.\nAsk for another card.";
  if (notice === Notice.CardNotHere) return "Card is for cash only\nAsk for another card.";
  if (notice === Notice.NoLink) return "Host not reachable.\nTry again.";
  if (notice === Notice.NoPin) return "PIN cannot be used.\nCall for service.";
  if (notice === Notice.Undone) return "No answer in time:\nthe sale was undone.";
  return "The sale was stopped.";
}

/** What is wrong with the printer, and in the status row, in one word or two. */
function printerLine(fault: PrinterFault): string {
  if (fault === PrinterFault.CoverOpen) return "Printer cover is open";
  if (fault === PrinterFault.TooHot) return "Printer is too hot.";
  if (fault === PrinterFault.CutterStuck) return "Paper cutter is stuck";
  if (fault === PrinterFault.Broken) return "Printer needs service";
  if (fault === PrinterFault.BatteryLow) return "Battery is low.\nCharge, then print.";
  return fault === PrinterFault.PaperOut ? "Paper is out. Load it" : "Printer not found.";
}

function printerMark(t: Terminal): string {
  const fault = t.printerFault;
  if (fault === PrinterFault.None) return t.isPaperLow ? "Paper low" : "";
  if (fault === PrinterFault.PaperOut) return "No paper";
  if (fault === PrinterFault.CoverOpen) return "Cover";
  if (fault === PrinterFault.BatteryLow) return "Battery";
  return fault === PrinterFault.TooHot ? "Hot" : "Printer!";
}

/** For the customer: how many digits are there, never which. */
function pinLines(t: Terminal): string {
  return (t.pinTries > 0 ? "Wrong PIN. Try again." : "Customer: type PIN") + "\n" + "*".repeat(t.pin.length);
}

/** The five parts of a screen, title to hint, between line feeds; lines in the middle may be one, two or three. */
function parts(t: Terminal, amount: string): string {
  const state = t.state;
  const txn = t.txn;
  if (state === State.Amount) return "SALE\n" + amount + "\nType the amount\n\n\nE pay  B back  C stop";
  if (state === State.Card) {
    const isAgain = t.notice === Notice.SwipeAgain;
    return "SALE\n" + amount + "\n" + (isAgain ? "Not read.\nSwipe the card again" : "Swipe the card\n") + "\n\nC stop";
  }
  if (state === State.Pin) return "PIN\n" + amount + "\n" + pinLines(t) + "\n\nE ok  B back  C stop";
  if (state === State.Online) return "WAIT\n" + amount + "\nAsking the bank ...\n\n\nC stop and undo";
  if (state === State.Undo) {
    return "NOT KNOWN\n" + amount + "\nNo outcome yet.\nSale is being undone.\nDo not charge again.\nC back";
  }
  if (state === State.Print) return "APPROVED\n" + amount + "\nPrinting ...\n\n\n";
  if (state === State.Paper) {
    return "APPROVED\n" + amount + "\n" + printerLine(t.printerFault) + "\nThe sale is good.\nE print  C no receipt";
  }
  if (state === State.Approved) {
    const line = t.notice === Notice.Skipped ? "No receipt." : "Give card and receipt";
    return "APPROVED\n" + amount + "\n" + line + "\n\n\nE done";
  }
  if (state === State.Declined && txn) {
    return "DECLINED\n" + amount + "\n" + reason(txn.responseCode) + "\n" + advice(txn.responseCode) + "\n\nE done";
  }
  if (state === State.Notice) return "NOT CHARGED\n" + amount + "\n" + noticeLines(t.notice) + "\n\nE done";
  return idleParts(t, amount);
}

/** Where there is no sale to show. */
function idleParts(t: Terminal, amount: string): string {
  const state = t.state;
  if (state === State.Offer)
    return "APPROVED\n" + amount + "\nReceipt of the last\nsale not finished.\n\nE print  C no receipt";
  if (state === State.Dead)
    return "OUT OF SERVICE\n\nMemory or keys lost.\nNo sale possible.\nCall for service.\nC try again";
  if (state === State.OutOfStep)
    return "OUT OF STEP\n\nBatch is not the\nhost's. No sale.\nCall for service.\nC try again";
  if (state === State.Boot) return "TILLET\n\nNot certified:\nno PCI PTS, no EMVCo\n\nStarting ...";
  if (t.isOpen) return "READY SOON\n\nLast sale is being\nundone. No new sale\nuntil that is done.\n";
  const lines = t.hasOldSettings ? "New settings wait.\nCall for service.\n" : "\n\n";
  return "READY\n" + amount + "\n" + lines + "\nType the amount";
}

function status(t: Terminal): string {
  // Linked: there is a connection, and the host has not answered yet.
  const link = !t.isLinkUp ? "Offline" : t.isSignedOn ? "Online" : "Linked";
  const left = link + (t.settings && t.settings.isTest ? " TEST" : "");
  const right = t.isOpen ? "Queue 1" : printerMark(t) || (t.state === State.Idle ? t.clock : "");
  return left + right.padStart(SCREEN_COLUMNS - left.length, " ");
}

/** All rows of the screen, joined by line feeds. */
export function screen(t: Terminal): string {
  const settings = t.settings;
  const amountMinor = t.txn && showsTransaction(t) ? t.txn.amountMinor : t.state === State.Idle ? 0 : t.amountMinor;
  const amount = settings ? formatAmount(amountMinor, settings.exponent) + " " + settings.currencyCode : "";
  const rows = parts(t, amount).split("\n");
  let middle = "";
  for (let i = 2; i < 5; i++) middle += "\n" + (i < rows.length - 1 ? rows[i] : "");
  return status(t) + "\n" + rows[0] + "\n\n" + rows[1] + middle + "\n" + rows[rows.length - 1];
}

/** After a power cut only the transaction knows the amount. */
function showsTransaction(t: Terminal): boolean {
  const state = t.state;
  if (state === State.Notice) return t.notice === Notice.Undone;
  return state === State.Undo || state === State.Print || state === State.Paper || state === State.Offer;
}
