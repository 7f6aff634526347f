/**
 * From what happened to one small event: every `if` about money, cards and answers stands here, so that the machine itself is
 * a table. Pure: changes only the terminal's own record, and only where the event is one that the state takes.
 */
import type { Natives } from "../board/board";
import { fromDigits, isDigits } from "../proto/bytes";
import { maskPan, panOfTrack1, parseTrack2 } from "../proto/track";
import { blocksPart } from "./blocks.lazy";
import { forwardPart } from "./forward.lazy";
import { answerType, isAdvice, isAnswer, Response } from "./messages";
import { AMOUNT_MINOR_MAX } from "./money";
import { BATCH_PAGES_MAX } from "./ring";
import { Event, Fault, Kind, Notice, type PrinterFault, State, type Terminal, type Transaction } from "./state";

/** Keys that type digits: `0` to `9`, and `:` for the double zero. */
function typed(key: string): string {
  return key === ":" ? "00" : isDigits(key) ? key : "";
}

/** ISO 9564-1 section 8.1. */
const PIN_DIGITS_MIN = 4;
const PIN_DIGITS_MAX = 12;
/** PINs for one card, whatever the host would let pass. */
const PIN_TRIES_MAX = 3;

function pinFact(t: Terminal, key: string): Event {
  const digitCount = t.pin.length;
  if (key === "E") return digitCount < PIN_DIGITS_MIN ? Event.None : Event.Enter;
  if (key === "B" && digitCount > 0) {
    t.pin = t.pin.substr(0, digitCount - 1);
    return Event.Back;
  }
  if (!isDigits(key) || digitCount === PIN_DIGITS_MAX) return Event.None;
  t.pin += key;
  return Event.Digit;
}

export function keyFact(t: Terminal, key: string): Event {
  const state = t.state;
  if (key === "C") return state === State.Entry && t.desk ? t.desk.part.entryStopped(t, t.desk) : Event.Cancel;
  if (state === State.Pin) return pinFact(t, key);
  if (state >= State.Menu) return t.desk ? t.desk.part.deskKey(t, t.desk, key) : Event.None;
  if (key === "E") return greenFact(t);
  if (key === "B" && state === State.Amount) {
    t.amountMinor = (t.amountMinor - (t.amountMinor % 10)) / 10;
    return Event.Back;
  }
  const digits = typed(key);
  if (state === State.Amount && digits !== "") return addDigits(t, digits);
  const isBeginning =
    state === State.Idle || state === State.Approved || state === State.Declined || state === State.Notice;
  return isBeginning && (digits !== "" || key === "F") ? beginFact(t, digits) : Event.None;
}

/** The green key: behind an amount; or where it goes on with what the last transaction has left. */
function greenFact(t: Terminal): Event {
  const state = t.state;
  if (state === State.Again && t.limits) return t.limits.held;
  const desk = t.desk;
  if (state === State.Amount) {
    if (t.amountMinor === 0) return Event.None;
    if (t.waiting !== "") return forwardPart().amountFact(t);
    if (desk) return desk.part.amountEntered(t, desk);
    return t.settings && t.settings.tipPercentMax > 0 ? Event.Wanted : Event.Enter;
  }
  if (t.isOpen) return Event.Enter;
  const isLast = state === State.Idle || (state >= State.Approved && state <= State.Notice);
  const isMore = t.splitMinor > 0 ? isLast : state === State.Declined && t.notice === Notice.Referral;
  if (!isMore || t.fault !== Fault.None) return Event.Enter;
  return isLocked(t) ? Event.Login : Event.Wanted;
}

/** Somebody has to log in before anything is done. */
export function isLocked(t: Terminal): boolean {
  return t.operator === "" && t.settings !== null && t.settings.lockMinutes > 0;
}

/**
 * A sale is begun, or with "" the menu: not before the last transaction has its end, unless that waits for the link, and not at a terminal
 * that is faulty.
 */
function beginFact(t: Terminal, digits: string): Event {
  if (t.fault !== Fault.None) return Event.None;
  if (t.isOpen && (t.waiting === "" || t.isLinkUp))
    return t.txn && t.txn.kind === Kind.Settlement ? Event.Unsettled : Event.Busy;
  if (isLocked(t)) return Event.Login;
  if (t.waiting !== "" && forwardPart().mustWait(t, digits)) return Event.Barred;
  if (t.isSignedOff) {
    t.isSignedOff = false;
    return Event.SignOn;
  }
  if (t.splitMinor > 0) return Event.Wanted;
  if (digits === "") return Event.Menu;
  if (t.isOutOfStep) return Event.OutOfStep;
  if (t.batchPages >= BATCH_PAGES_MAX) return Event.Full;
  t.amountMinor = 0;
  return addDigits(t, digits);
}

function addDigits(t: Terminal, digits: string): Event {
  const amountMinor = t.amountMinor * (digits.length === 1 ? 10 : 100) + fromDigits(digits);
  if (amountMinor > AMOUNT_MINOR_MAX) return Event.None;
  t.amountMinor = amountMinor;
  return Event.Digit;
}

/** Service code, third digit (ISO/IEC 7813): 3 and 4 are for cash machines or cash only. */
function isForGoods(serviceCode: string): boolean {
  return "34".indexOf(serviceCode.charAt(2)) < 0;
}

/** Service code, third digit: 0 and 5 want the PIN, 6 and 7 want it where there is a way to type it. */
function wantsPin(serviceCode: string): boolean {
  return "0567".indexOf(serviceCode.charAt(2)) >= 0;
}

/** A new financial request, with the next STAN: a sale unless a function is in hand. */
export function beginSale(t: Terminal, panMasked: string, entry: string): void {
  const desk = t.desk;
  t.txn = {
    stan: t.nextStan,
    kind: desk ? desk.kind : Kind.Sale,
    about: desk ? desk.about : "",
    amountMinor: t.amountMinor,
    panMasked: panMasked,
    operator: t.operator,
    entry: entry,
    issuerData: "",
    rrn: "",
    approvalCode: "",
    localTime: "",
    responseCode: "",
  };
}

/** True while an answer may lead to (another) PIN for the card in hand. What a chip signed is good for one request. */
export function mayAskPin(t: Terminal): boolean {
  const txn = t.txn;
  if (!txn || !t.canTakePin || t.pinTries >= PIN_TRIES_MAX) return false;
  // Sale, pre-authorisation, balance.
  return txn.entry === "" && "22 10 01 ".indexOf(txn.kind) >= 0;
}

/** A swipe: the text of tracks 1 and 2, "" for one that could not be read. */
export function cardFact(t: Terminal, track1: string, track2: string): Event {
  if (t.state !== State.Card) return Event.None;
  t.notice = Notice.SwipeAgain;
  const card = parseTrack2(track2);
  if (!card) return Event.Unread;
  const otherPan = panOfTrack1(track1);
  if (otherPan !== "" && otherPan !== card.pan) return Event.Unread;
  if (fromDigits(card.expiry) < fromDigits(t.month)) {
    t.notice = Notice.CardExpired;
    return Event.Barred;
  }
  if (!isForGoods(card.serviceCode)) {
    t.notice = Notice.CardNotHere;
    return Event.Barred;
  }
  t.notice = Notice.None;
  t.track2 = track2.substr(1, track2.length - 2);
  t.pinTries = 0;
  beginSale(t, maskPan(card.pan), "");
  const isPin = wantsPin(card.serviceCode);
  // A chip is there to be asked, and it is the bank that knows what its stripe is worth.
  const settings = t.settings;
  const isOnline = isPin || t.desk !== null || "26".indexOf(card.serviceCode.charAt(0)) >= 0;
  const isToWait = !isOnline && settings !== null && t.amountMinor <= settings.floorMinor;
  if (isToWait && (t.waiting !== "" || !t.isLinkUp)) {
    (t.txn as Transaction).kind = Kind.Offline;
    return Event.Stored;
  }
  if (t.waiting !== "") {
    t.notice = Notice.SmallOnly;
    return Event.Barred;
  }
  return isPin && mayAskPin(t) ? Event.PinWanted : Event.Swiped;
}

/** What happened; Barred where that is a card on the block list, however it was read and whatever it is for. */
export function unlessBlocked(t: Terminal, natives: Natives, event: Event): Event {
  return t.blockList !== "" && t.track2 !== "" && t.state === State.Card
    ? blocksPart().passed(t, natives, event)
    : event;
}

/** Response codes of a reversal after which nothing is left to undo: done, no such sale, unable to locate. */
function isUndone(responseCode: string): boolean {
  return responseCode === "00" || responseCode === "12" || responseCode === "25";
}

/** An opened answer from the host; what is not the answer that is awaited is no event. */
export function answerFact(t: Terminal, fields: string[]): Event {
  const txn = t.txn;
  const desk = t.desk;
  if (desk && (t.state === State.Ask || t.state === State.Upload)) return desk.part.queryAnswered(t, desk, fields);
  if (!txn || !t.isOpen) return Event.None;
  if (t.state === State.Online || isAdvice(txn.kind)) return saleAnswered(t, txn, fields);
  if (isAnswer(t, txn, fields, "0410") && isUndone(fields[39])) {
    t.notice = Notice.Undone;
    return Event.Undone;
  }
  return Event.None;
}

/** 86: a PIN is needed and none came; 55: it is wrong. */
function asksPin(t: Terminal, responseCode: string): boolean {
  return mayAskPin(t) && (responseCode === "55" || (responseCode === "86" && t.pinTries === 0));
}

function saleAnswered(t: Terminal, txn: Transaction, fields: string[]): Event {
  if (!isAnswer(t, txn, fields, answerType(txn.kind))) return Event.None;
  const isApproved = fields[39] === Response.Done;
  if (isApproved && !(fields[37] && fields[38] && fields[63] && fields[13] && fields[12])) return Event.None;
  txn.responseCode = fields[39];
  txn.issuerData = fields[55] || "";
  if (txn.responseCode === Response.BatchDiffers) t.isOutOfStep = true;
  if (txn.responseCode === Response.Referral && txn.kind + txn.about === Kind.Sale) t.notice = Notice.Referral;
  if (!isApproved) return asksPin(t, fields[39]) ? Event.PinWanted : Event.Declined;
  txn.rrn = fields[37];
  txn.approvalCode = fields[38];
  txn.localTime = fields[63] + fields[13] + fields[12];
  if (t.splitMinor > 0) {
    // Paid in cash counts what was asked before rounding.
    const minor = txn.kind === Kind.Cash ? fromDigits(txn.about.substr(46, 12)) : txn.amountMinor;
    t.splitMinor -= minor;
    t.splitPaidMinor += minor;
  }
  return Event.Approved;
}

/** What the printer driver reports: a fault, or that it can print, or that the receipt is done. */
export function printerFact(t: Terminal, fault: PrinterFault, isDone: boolean): Event {
  t.printerFault = fault;
  if (fault) return Event.Stopped;
  return isDone ? Event.Printed : Event.PaperBack;
}
