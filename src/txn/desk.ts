/**
 * The functions behind the key F: what each asks for, and what comes of it. In memory from the menu until the terminal is ready again, or
 * until what they have prepared is on its way to the host: from there on it is a transaction like a sale.
 *
 * A function that names an earlier transaction has the journal searched for it (`finder`).
 */
import { fromDigits, toDigits } from "../proto/bytes";
import { aboutOf, beginSettlement, missing, typeAmount, wanted } from "./desk-keys";
import { findOn, type Finder, openFinder, startFinder } from "./finder";
import type { deskPart } from "./desk.lazy";
import { print } from "../drivers/printer";
import { answeredText, balanceText, queryRequest } from "./desk-messages";
import { append } from "./journal";
import type { Login } from "./login";
import { loginAct, onLoginFlash } from "./login-desk";
import { beginLineTest, type LineTest, lineTestAnswered } from "./line-test";
import { Response } from "./messages";
import { Record } from "./record";
import { failedLine, reportLine, totalsLine } from "./reports";
import { receiptPart } from "./receipt.lazy";
import type { Journal } from "./ring";
import { sealRequest, SlotFor } from "./seal";
import { Effect, Event, Kind, Notice, State, type Terminal, type Transaction } from "./state";
import { Task } from "./tasks";
import { DeskText } from "./texts-desk";
import type { Works } from "./works";

export { Task } from "./tasks";
export { amountEntered, cardTaken, deskKey, entryStopped } from "./desk-keys";
export { deskText } from "./desk-screens";
export { requestOf, reversalOf } from "./desk-messages";
export { settleAnswered } from "./settle";
export { reportLine } from "./reports";
export { onLayers } from "./line-test";

/** What is being typed. */
export const enum Field {
  Batch = 0,
  Trace = 1,
  Rrn = 2,
  /** Of the copy: or none. */
  TraceOrLast = 3,
  Code = 4,
  // From here on it is an amount.
  Tip = 5,
  /** The cash in a sale. */
  Cash = 6,
  /** By the customer, for a sale in cash. */
  Given = 7,
  /** What the next one pays of an amount that is paid in parts. */
  Share = 8,
}

export interface Desk {
  part: ReturnType<typeof deskPart>;
  task: Task;
  /** Of the menu. */
  page: number;
  field: Field;
  digits: string;
  /** Of the card that a call was about. */
  panMasked: string;
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
  /** How the way to the host is, once it is being tried. */
  lineTest: LineTest | null;
}

/** The menu; or where the machine has come on without it: an amount in hand, or the closing of the batch. */
export function openDesk(part: Desk["part"], t: Terminal): Desk {
  const task = firstTask(t);
  const txn = t.txn;
  return {
    part: part,
    task: task,
    page: 0,
    field: task === Task.Phone ? Field.Code : task === Task.Split ? Field.Share : Field.Tip,
    digits: "",
    panMasked: txn ? txn.panMasked : "",
    kind: task === Task.Phone ? Kind.Offline : task === Task.Settle ? Kind.Settlement : Kind.Sale,
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
    lineTest: null,
  };
}

/** A referral is let go of when an amount is typed. */
function firstTask(t: Terminal): Task {
  if (t.state === State.Menu || t.state === State.Stored || t.state === State.Login) return Task.None;
  if (t.state !== State.Entry) return Task.Settle;
  if (t.notice === Notice.Referral) return Task.Phone;
  return t.splitMinor > 0 ? Task.Split : Task.SaleTip;
}

/** What a row of the machine makes the desk do. */
export function deskAct(works: Works, desk: Desk, effect: Effect): void {
  const t = works.t;
  if (t.state === State.Login) loginAct(works, desk);
  else if (t.state === State.Ask) beginLineTest(works, desk);
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
    const stored = t.state === State.Stored ? t.txn : null;
    t.isDuplicate = found !== null && !stored;
    const failed = desk.task === Task.Failed && desk.finder ? desk.finder.failed : null;
    const byOperator = desk.task === Task.Totals && desk.finder ? desk.finder.byOperator : null;
    const line = (index: number) => {
      if (!settings) return "";
      if (stored) return part.receiptLine(t, settings, stored, index);
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
  const task = desk.task;
  if (task === Task.Failed || task === Task.Totals) return Event.Slip;
  if (!f.found) return isOfAnyBatch(task) ? wanted(desk, Field.Rrn) : missing(desk, DeskText.NotFound);
  if (task === Task.Reprint) return Event.Slip;
  return foundFor(t, desk, f, f.found);
}

/** What the journal may no longer have, and the receipt names. */
function isOfAnyBatch(task: Task): boolean {
  return task === Task.Refund || task === Task.Completion || task === Task.CancelPreauth;
}

/** Whether that can be done to it, what it is called, and what is wanted next. What only the host can know is the host's to refuse. */
function foundFor(t: Terminal, desk: Desk, f: Finder, found: Transaction): Event {
  const task = desk.task;
  const later = f.later;
  const kinds =
    task === Task.Void
      ? "22 25 30 20 24 "
      : task === Task.Refund
        ? "22 30 20 24 "
        : task === Task.Tip
          ? "22 30 "
          : Kind.Preauth + " ";
  // A tip is voided and given back with its sale.
  if (later !== "" && (task === Task.Tip || (task === Task.Void ? later !== Kind.Tip : later === Kind.Void)))
    return missing(desk, DeskText.Done);
  const at = kinds.indexOf(found.kind + " ");
  if (at < 0) return missing(desk, DeskText.NotThis);
  desk.about = aboutOf(desk, found.localTime.substr(4, 4), found.rrn, found.approvalCode);
  t.amountMinor = found.amountMinor;
  if (task === Task.Tip) return wanted(desk, Field.Tip);
  if (task === Task.Void) desk.kind = at < 9 ? Kind.Void : Kind.CompletionVoid;
  return task === Task.Void || task === Task.CancelPreauth ? Event.Ready : typeAmount(t);
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
  works.seals.even.counter = SlotFor.Nobody;
  t.track2 = "";
  t.chipData = "";
  t.pinBlock = "";
  t.pinSerial = "";
  append(j, t, Record.Query, stan, true);
}

/** An answer to what was asked. */
export function queryAnswered(t: Terminal, desk: Desk, fields: string[]): Event {
  const isBalance = desk.task === Task.Balance;
  const mti = t.state === State.Upload ? "0330" : isBalance ? "0210" : "0810";
  const settings = t.settings;
  const isIts = fields[0] === mti && fromDigits(fields[11]) === desk.askedStan;
  if (!isIts || !settings || fields[41] !== settings.tid) return Event.None;
  if (t.state === State.Upload) return Event.Answered;
  if (desk.lineTest) lineTestAnswered(desk.lineTest);
  desk.answer = isBalance ? balanceText(settings, fields) : answeredText(settings, fields);
  if (desk.task === Task.SignOff && fields[39] === Response.Done) {
    desk.answer = "off=";
    t.isSignedOn = false;
    t.isSignedOff = true;
  }
  return Event.Answered;
}
