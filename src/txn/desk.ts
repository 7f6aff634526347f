/**
 * The functions behind the key F: what each asks for, and what comes of it. In memory from the menu until the terminal is ready again, or
 * until what they have prepared is on its way to the host: from there on it is a transaction like a sale.
 *
 * A function that names an earlier transaction has the journal searched for it (`finder`).
 */
import { fromDigits, isDigits, toDigits } from "../proto/bytes";
import { BATCH_PAGES_MAX, beginSale } from "./facts";
import { findOn, type Finder, openFinder, startFinder } from "./finder";
import type { deskPart } from "./desk.lazy";
import { print } from "../drivers/printer";
import { answeredText, queryRequest } from "./desk-messages";
import { append } from "./journal";
import { type Login, mayDo } from "./login";
import { loginAct, loginKey, onLoginFlash } from "./login-desk";
import { Record } from "./record";
import { failedLine, reportLine, totalsLine } from "./reports";
import { receiptPart } from "./receipt.lazy";
import type { Journal } from "./ring";
import { NOTHING, sealRequest } from "./seal";
import { Effect, Event, Kind, State, type Terminal, type Transaction } from "./state";
import { Task } from "./tasks";
import { DeskText } from "./texts-desk";
import type { Works } from "./works";

export { Task } from "./tasks";
export { deskText } from "./desk-screens";
export { requestOf, reversalOf } from "./desk-messages";
export { settleAnswered } from "./settle";
export { reportLine } from "./reports";

/** What is being typed. */
export const enum Field {
  Batch = 0,
  Trace = 1,
  Rrn = 2,
}

export interface Desk {
  part: ReturnType<typeof deskPart>;
  task: Task;
  /** Of the menu. */
  page: number;
  field: Field;
  digits: string;
  /** What a transaction will be, and what it is about (`Transaction`). */
  kind: string;
  about: string;
  /** The earlier transaction that is named. */
  batch: number;
  stan: number;
  found: Transaction | null;
  /** The search in the journal; and whether flash is being read for it. */
  finder: Finder | null;
  isReading: boolean;
  /** The batch is full. */
  isForced: boolean;
  /** STAN of what the host is asked. */
  askedStan: number;
  /** Why it cannot be done: a key of the texts, or "". Of an answer: lines. */
  notice: string;
  answer: string;
  login: Login | null;
}

/** The menu; or, where the machine has come on without it, the closing of the batch. */
export function openDesk(part: Desk["part"], t: Terminal): Desk {
  return {
    part: part,
    task: t.state === State.Menu || t.state === State.Login ? Task.None : Task.Settle,
    page: 0,
    field: Field.Trace,
    digits: "",
    kind: Kind.Settlement,
    about: "",
    batch: t.batchNumber,
    stan: 0,
    found: null,
    finder: null,
    isReading: false,
    isForced: t.state === State.Confirm,
    askedStan: 0,
    notice: "",
    answer: "",
    login: null,
  };
}

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
    desk.page = 1 - desk.page;
    return Event.Digit;
  }
  if (!isDigits(key)) return Event.None;
  if (key === "0" && t.operator !== "") return Event.Login;
  const task = fromDigits(key) as Task;
  desk.task = task;
  if (!mayDo(t, "" + task)) {
    desk.notice = DeskText.NotYours;
    return Event.Missing;
  }
  if (task === Task.Settle) return Event.Ready;
  if (task === Task.Totals) return t.operator === "" ? Event.Slip : Event.Search;
  if (task === Task.Failed) return Event.Search;
  if (task === Task.Echo) return Event.Query;
  if (task < Task.Void || task > Task.Echo) return Event.None;
  if (task <= Task.Refund && t.batchPages >= BATCH_PAGES_MAX) {
    desk.notice = DeskText.Full;
    return Event.Missing;
  }
  return wanted(desk, task === Task.Refund ? Field.Batch : Field.Trace);
}

function wanted(desk: Desk, field: Field): Event {
  desk.field = field;
  desk.digits = "";
  desk.notice = "";
  return Event.Wanted;
}

function entryKey(t: Terminal, desk: Desk, key: string): Event {
  const digits = desk.digits;
  if (key === "E") return entered(t, desk);
  if (key === "B" && digits !== "") {
    desk.digits = digits.substr(0, digits.length - 1);
    return Event.Back;
  }
  if (!isDigits(key) || digits.length === (desk.field === Field.Rrn ? 12 : 6)) return Event.None;
  desk.notice = "";
  desk.digits += key;
  return Event.Digit;
}

/** The green key behind a number. Nothing typed: this batch, and of a copy the last transaction. */
function entered(t: Terminal, desk: Desk): Event {
  const number = desk.digits === "" ? 0 : fromDigits(desk.digits);
  if (desk.field === Field.Batch) {
    desk.batch = number || t.batchNumber;
    return wanted(desk, Field.Trace);
  }
  if (desk.field === Field.Rrn) {
    if (desk.digits.length < 12) return Event.None;
    desk.about = toDigits(desk.batch, 6) + toDigits(desk.stan, 6) + "0000" + desk.digits + "      ";
    desk.kind = Kind.Refund;
    return refundAmount(t);
  }
  desk.stan = number;
  if (number === 0 && desk.task !== Task.Reprint) return Event.None;
  return desk.task === Task.Query ? Event.Query : Event.Search;
}

function refundAmount(t: Terminal): Event {
  t.amountMinor = 0;
  return Event.Amount;
}

function confirmed(t: Terminal, desk: Desk): Event {
  if (desk.task !== Task.Settle) {
    const found = desk.found as Transaction;
    beginSale(t, found.panMasked, found.entry);
    return Event.Enter;
  }
  beginSettlement(t, desk, "201");
  return Event.Settle;
}

/** `asked`: field 60.3, a settlement or one after an upload. */
function beginSettlement(t: Terminal, desk: Desk, asked: string): void {
  desk.kind = Kind.Settlement;
  desk.about = asked;
  t.amountMinor = 0;
  beginSale(t, "          ", "");
}

/** What a row of the machine makes the desk do. */
export function deskAct(works: Works, desk: Desk, effect: Effect): void {
  const t = works.t;
  if (t.state === State.Login) loginAct(works, desk);
  else if (effect === Effect.Find) {
    const isOld = desk.batch !== t.batchNumber;
    if (!desk.finder || t.state !== State.Upload)
      desk.finder = openFinder(works.journal, desk.batch, desk.stan, isOld ? 0 : t.batchFirst, t.state);
    desk.isReading = true;
    startFinder(works.journal, desk.finder);
  } else {
    const settings = t.settings;
    const part = receiptPart();
    const found = desk.task === Task.Totals ? null : desk.found;
    t.isDuplicate = found !== null;
    const failed = desk.task === Task.Failed && desk.finder ? desk.finder.failed : null;
    const byOperator = desk.task === Task.Totals && desk.finder ? desk.finder.byOperator : null;
    const line = (index: number) => {
      if (!settings) return "";
      if (failed) return failedLine(settings, t, failed, index);
      if (found) return part.receiptLine(t, settings, found, index);
      return byOperator ? totalsLine(t, settings, byOperator, index) : reportLine(t, settings, index);
    };
    print(works.printer, line, !t.isBatteryLow);
  }
}

/** Bytes came from flash. None until the search has come to something. */
export function onFind(j: Journal, t: Terminal, desk: Desk, text: string): Event {
  if (t.state === State.Login) return onLoginFlash(t, desk, text);
  const f = desk.finder;
  if (!f || !findOn(j, f, text)) return Event.None;
  desk.isReading = false;
  desk.found = f.found;
  if (t.state === State.Upload) {
    if (f.found) return Event.Next;
    beginSettlement(t, desk, "202");
    return Event.Uploaded;
  }
  if (desk.task === Task.Failed || desk.task === Task.Totals) return Event.Slip;
  if (desk.task === Task.Refund) return foundForRefund(t, desk, f);
  if (!f.found) return missing(desk, DeskText.NotFound);
  return desk.task === Task.Reprint ? Event.Slip : foundForVoid(t, desk, f, f.found);
}

function missing(desk: Desk, notice: string): Event {
  desk.digits = "";
  desk.notice = notice;
  return Event.Missing;
}

/** What is voided, and what that is called. */
function foundForVoid(t: Terminal, desk: Desk, f: Finder, found: Transaction): Event {
  if (f.later !== "") return missing(desk, DeskText.Done);
  const at = "22 25 30 20 24 ".indexOf(found.kind + " ");
  if (at < 0) return missing(desk, DeskText.NotThis);
  desk.kind = at < 9 ? Kind.Void : Kind.CompletionVoid;
  desk.about = aboutOf(desk, found);
  t.amountMinor = found.amountMinor;
  return Event.Ready;
}

function foundForRefund(t: Terminal, desk: Desk, f: Finder): Event {
  const found = f.found;
  if (!found) return wanted(desk, Field.Rrn);
  if (f.later === Kind.Void) return missing(desk, DeskText.Done);
  if ("22 30 20 24 ".indexOf(found.kind + " ") < 0) return missing(desk, DeskText.NotThis);
  desk.kind = Kind.Refund;
  desk.about = aboutOf(desk, found);
  return refundAmount(t);
}

function aboutOf(desk: Desk, found: Transaction): string {
  return (
    toDigits(desk.batch, 6) + toDigits(found.stan, 6) + found.localTime.substr(4, 4) + found.rrn + found.approvalCode
  );
}

/** Seals what moves no money: nothing of it is kept but that its number is used. */
export function journalQuery(works: Works, desk: Desk): void {
  const t = works.t;
  const j = works.journal;
  const settings = t.settings;
  if (!settings) return;
  const stan = toDigits(t.nextStan, 6);
  const request = queryRequest(t, settings, desk);
  works.frame = sealRequest(works.seals, settings.tid, j.chain, j.counter++, request, works.link.answer.sub);
  // See `journalSale`.
  works.seals.even.counter = NOTHING;
  append(j, t, Record.Query, stan, true);
}

/** An answer to what was asked. */
export function queryAnswered(t: Terminal, desk: Desk, fields: string[]): Event {
  const mti = t.state === State.Upload ? "0330" : "0810";
  const isIts = fields[0] === mti && fromDigits(fields[11]) === desk.askedStan;
  if (!isIts || !t.settings || fields[41] !== t.settings.tid) return Event.None;
  if (t.state === State.Ask) desk.answer = answeredText(t.settings, fields);
  return Event.Answered;
}
