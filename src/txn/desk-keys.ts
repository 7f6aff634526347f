/** Keys while a function is in hand: the menu, numbers and amounts that are typed, and the green key behind them. */
import { fromDigits, isDigits, toDigits } from "../proto/bytes";
import { type Desk, Field, Task } from "./desk";
import { beginSale } from "./facts";
import { mayDo } from "./login";
import { loginKey } from "./login-desk";
import { isAdvice } from "./messages";
import { AMOUNT_MINOR_MAX, formatAmount } from "./money";
import { BATCH_PAGES_MAX } from "./ring";
import { Event, Kind, Notice, State, type Terminal } from "./state";
import { DeskText } from "./texts-desk";

/** The name of an earlier transaction where there is none, and of a card. */
const NO_ORIGINAL = "".padStart(34, " ");
const NO_CARD = "          ";
/** Tasks of one half of the menu. */
const HALF = 10;
/**
 * By task: what comes first. T a trace, L a trace or none, B a batch and then a trace, A an amount, C a card; R all is known, S a slip, F the
 * journal, Q the host, W the way to it. And the kind of transaction that it makes, blanks for none.
 */
const STEPS = "-TBLRSFTW--TABBCAAAQ";
const KINDS = "  2325                3410201101362222  ";

/** A key in one of the states from Menu on; C is not among them. */
export function deskKey(t: Terminal, desk: Desk, key: string): Event {
  const state = t.state;
  if (state === State.Menu) return menuKey(t, desk, key);
  if (state === State.Entry) return entryKey(t, desk, key);
  if (state === State.Login) return loginKey(t, desk, key);
  if (key !== "E") return Event.None;
  return state === State.Confirm ? confirmed(t, desk) : Event.Enter;
}

function menuKey(t: Terminal, desk: Desk, key: string): Event {
  if (key === "U" || key === "D" || key === "F") {
    desk.page = (desk.page + (key === "U" ? 3 : 1)) & 3;
    return Event.Digit;
  }
  if (key === "0" && t.operator !== "") return Event.Login;
  const task = (isDigits(key) ? fromDigits(key) + (desk.page > 1 ? HALF : 0) : 0) as Task;
  const step = STEPS.charAt(task);
  if (step === "-") return Event.None;
  desk.task = task;
  desk.kind = KINDS.substr(task * 2, 2);
  desk.notice = notNow(t, task, desk.kind);
  return desk.notice === "" ? firstStep(t, desk, step) : Event.Missing;
}

/** Why a task cannot be begun, or "". */
function notNow(t: Terminal, task: Task, kind: string): string {
  if (!mayDo(t, "" + task)) return DeskText.NotYours;
  const settings = t.settings;
  const isOff =
    !settings || (task === Task.Tip ? !settings.tipPercentMax : task === Task.Cash && !settings.cashUnitMinor);
  if (isOff) return DeskText.Off;
  const isMoney = kind !== "  " && kind !== Kind.Balance;
  return isMoney && t.batchPages >= BATCH_PAGES_MAX ? DeskText.Full : "";
}

function firstStep(t: Terminal, desk: Desk, step: string): Event {
  if (step === "R") return Event.Ready;
  // Each operator has a part in the totals: the journal knows which.
  if (step === "S") return t.operator === "" ? Event.Slip : Event.Search;
  if (step === "F") return Event.Search;
  if (step === "Q") return Event.Query;
  if (step === "W") return Event.Try;
  if (step === "A") return typeAmount(t);
  if (step === "T") return wanted(desk, Field.Trace);
  if (step === "L") return wanted(desk, Field.TraceOrLast);
  if (step === "B") return wanted(desk, Field.Batch);
  t.amountMinor = 0;
  return Event.Enter;
}

export function wanted(desk: Desk, field: Field): Event {
  desk.field = field;
  desk.digits = "";
  desk.notice = "";
  return Event.Wanted;
}

export function missing(desk: Desk, notice: string): Event {
  desk.digits = "";
  desk.notice = notice;
  return Event.Missing;
}

export function typeAmount(t: Terminal): Event {
  t.amountMinor = 0;
  return Event.Amount;
}

/** What an earlier transaction is called, 34 characters. */
export function aboutOf(desk: Desk, date: string, rrn: string, approvalCode: string): string {
  return toDigits(desk.batch, 6) + toDigits(desk.stan, 6) + date + rrn + approvalCode;
}

/** Digits that fit: a number of a receipt, or an amount. */
function digitsMax(field: Field): number {
  return field === Field.Rrn ? 12 : field < Field.Tip ? 6 : 9;
}

function entryKey(t: Terminal, desk: Desk, key: string): Event {
  const digits = desk.digits;
  const isMoney = desk.field >= Field.Tip;
  if (key === "E" || (key === "D" && isMoney)) return isMoney ? moneyEntered(t, desk, key) : entered(t, desk);
  if (key === "B" && digits !== "") {
    desk.digits = digits.substr(0, digits.length - 1);
    return Event.Back;
  }
  const typed = key === ":" && isMoney ? "00" : key;
  if (!isDigits(typed) || digits.length + typed.length > digitsMax(desk.field)) return Event.None;
  desk.notice = "";
  desk.digits += typed;
  return Event.Digit;
}

/** The green key behind a number. Nothing typed: this batch, and of a copy the last transaction. */
function entered(t: Terminal, desk: Desk): Event {
  const digits = desk.digits;
  const field = desk.field;
  const number = digits === "" || field === Field.Rrn ? 0 : fromDigits(digits);
  if (field === Field.Batch) {
    desk.batch = number || t.batchNumber;
    return wanted(desk, Field.Trace);
  }
  if (field === Field.Rrn || field === Field.Code) {
    if (digits.length < digitsMax(field)) return Event.None;
    if (desk.task === Task.Phone) {
      desk.about = NO_ORIGINAL.substr(0, 28) + digits;
      t.notice = Notice.None;
      return Event.Enter;
    }
    const code = field === Field.Code ? digits : NO_ORIGINAL.substr(0, 6);
    desk.about = aboutOf(desk, "0000", field === Field.Code ? desk.about.substr(16, 12) : digits, code);
    return field === Field.Rrn && desk.task !== Task.Refund ? wanted(desk, Field.Code) : typeAmount(t);
  }
  desk.stan = number;
  if (number === 0 && desk.task !== Task.Reprint) return Event.None;
  return desk.task === Task.Query ? Event.Query : Event.Search;
}

/** The green key behind the amount of a function. */
export function amountEntered(t: Terminal, desk: Desk): Event {
  const task = desk.task;
  if (task === Task.Cash) return askGiven(t, desk);
  if (task === Task.CashBack) return wanted(desk, Field.Cash);
  if (task === Task.Split) {
    t.splitMinor = t.amountMinor;
    t.splitPaidMinor = 0;
    return wanted(desk, Field.Share);
  }
  return task === Task.Completion || task === Task.CancelPreauth ? Event.Ready : Event.Enter;
}

/** The amount is rounded to what there are coins for; what was asked is kept behind what will be given. */
function askGiven(t: Terminal, desk: Desk): Event {
  const unit = t.settings ? t.settings.cashUnitMinor : 1;
  const exact = t.amountMinor;
  const more = exact + (unit >> 1);
  desk.about = toDigits(exact, 12);
  t.amountMinor = more - (more % unit) || unit;
  return wanted(desk, Field.Given);
}

/** An amount beside that of the sale. D: of a tip it is hundredths; of a part, that it is paid in cash. */
function moneyEntered(t: Terminal, desk: Desk, key: string): Event {
  const settings = t.settings;
  const field = desk.field;
  const base = t.amountMinor;
  let minor = desk.digits === "" ? 0 : fromDigits(desk.digits);
  if (!settings || (key === "D" && field !== Field.Tip && field !== Field.Share)) return Event.None;
  if (field === Field.Share) return shareEntered(t, desk, minor || t.splitMinor, key === "D");
  if (field === Field.Given) {
    if (minor !== 0 && minor < base) return missing(desk, DeskText.TooLittle);
    desk.about = NO_ORIGINAL + toDigits(minor || base, 12) + desk.about.substr(0, 12);
    return Event.Ready;
  }
  if (field === Field.Tip) {
    if (key === "D") minor = minor > settings.tipPercentMax ? AMOUNT_MINOR_MAX : Math.floor((base * minor + 50) / 100);
    if (minor * 100 > base * settings.tipPercentMax) return missing(desk, DeskText.TooMuch);
  }
  if (base + minor > AMOUNT_MINOR_MAX) return missing(desk, DeskText.TooMuch);
  return moneyAdded(t, desk, minor);
}

/** A tip or cash comes to the amount. None: the sale is one like any other, and a sale that has been is left as it is. */
function moneyAdded(t: Terminal, desk: Desk, minor: number): Event {
  const isAfter = desk.task === Task.Tip;
  if (minor === 0 && (isAfter || desk.field === Field.Cash)) return Event.None;
  t.amountMinor += minor;
  const digits = toDigits(minor, 12);
  if (isAfter) {
    const found = desk.found;
    desk.about += digits + digits + (found ? found.kind : "");
    return Event.Ready;
  }
  if (minor > 0) desk.about = NO_ORIGINAL + (desk.field === Field.Cash ? toDigits(0, 12) : "") + digits;
  else t.desk = null;
  return Event.Enter;
}

/** The next part of an amount that is paid in parts. */
function shareEntered(t: Terminal, desk: Desk, minor: number, isCash: boolean): Event {
  if (minor > t.splitMinor) return missing(desk, DeskText.TooMuch);
  t.amountMinor = minor;
  t.notice = Notice.None;
  if (!isCash) return Event.Enter;
  if (!t.settings || t.settings.cashUnitMinor === 0) return missing(desk, DeskText.Off);
  desk.kind = Kind.Cash;
  return askGiven(t, desk);
}

/** `asked`: field 60.3, a settlement or one after an upload. */
export function beginSettlement(t: Terminal, desk: Desk, asked: string): void {
  desk.kind = Kind.Settlement;
  desk.about = asked;
  t.amountMinor = 0;
  beginSale(t, NO_CARD, "");
}

function confirmed(t: Terminal, desk: Desk): Event {
  if (desk.task === Task.Settle) {
    beginSettlement(t, desk, "201");
    return Event.Settle;
  }
  const found = desk.found;
  if (desk.kind === Kind.Completion && !t.isLinkUp) desk.kind = Kind.CompletionAdvice;
  beginSale(t, found ? found.panMasked : NO_CARD, found ? found.entry : "");
  return isAdvice(desk.kind) && !t.isLinkUp ? Event.Stored : Event.Enter;
}

/** A card came, and its PIN, if it needs one: what is asked for without money is no transaction, and a call was about one card. */
export function cardTaken(t: Terminal, desk: Desk, event: Event): Event {
  if (desk.task === Task.Balance) return Event.Query;
  if (desk.task !== Task.Phone) return event;
  if (t.txn && t.txn.panMasked !== desk.panMasked) {
    t.notice = Notice.AnotherCard;
    return Event.Unread;
  }
  return t.isLinkUp ? event : Event.Stored;
}

/** C while something is typed. When parts are being paid: no more of them, and what has been paid is said. */
export function entryStopped(t: Terminal, desk: Desk): Event {
  if (t.splitMinor === 0) return Event.Cancel;
  const settings = t.settings;
  desk.task = Task.Split;
  desk.answer = "paid=" + formatAmount(t.splitPaidMinor, settings ? settings.exponent : 0);
  t.splitMinor = 0;
  return Event.Answered;
}
