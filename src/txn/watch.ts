/**
 * Limits at the terminal: what would go past one is stopped before it is journalled, and a card that has just paid the same amount is asked
 * about. What was taken today is in flash (`Record.Taken`) at the head of each page; behind it every approval counts, live and at power-on
 * alike, by the day that the host said.
 *
 * Nothing of this is in memory where there are no limits.
 */
import { localTime } from "../drivers/clock";
import { countedDay, Limit, limitOf, limitPassed, methodOf, newDay, takenOf } from "../limits/limits";
import { fromDigits, toDigits } from "../proto/bytes";
import { formatAmount } from "./money";
import { Event, Kind, Notice, State, type Terminal, type Transaction, WAITING_CHARS } from "./state";
import { entry, Text, text } from "./texts";
import type { Works } from "./works";

export interface Watch {
  /** The table of limits. */
  table: string;
  /** What was taken on the day of the last approval, or on this day where the clock knows better. */
  day: string;
  /** STAN of the last one that counts: its records may stand on two pages. */
  lastStan: number;
  /** The last cards: day and time `ddhhmm` (6), amount (9), what is known of the PAN (10), each. */
  recent: string;
  /** The limit that would have been passed. */
  passed: string;
  /** While the cashier is asked whether it is meant: what the card had led to, and when the other was. */
  held: Event;
  at: string;
}

/** Minutes in which the same again is asked about, where the table does not say. */
const REPEAT_MINUTES = 5;
const DAY_MINUTES = 1440;
const RECENT_CHARS = 25;
const RECENT_MAX = 12;
/** Of the record; it is read in pieces that are longer. */
const BODY_CHARS_MAX = 480;
const STAN_DIGITS = 6;
const LENGTH_DIGITS = 3;
const HOUR_MS = 3600000;
/** Sales that a card is in hand for. */
const WITH_CARD = "22 30 10 ";

export function openWatch(table: string): Watch {
  return { table: table, day: newDay(""), lastStan: 0, recent: "", passed: "", held: Event.None, at: "" };
}

/** The body of the record: STAN of the last one (6), length of the day's text (3), that, the last cards. */
export function takenBody(w: Watch): string {
  return toDigits(w.lastStan, STAN_DIGITS) + toDigits(w.day.length, LENGTH_DIGITS) + w.day + w.recent;
}

export function restoreTaken(w: Watch, body: string): void {
  const at = STAN_DIGITS + LENGTH_DIGITS;
  const end = at + fromDigits(body.substr(STAN_DIGITS, LENGTH_DIGITS));
  w.lastStan = fromDigits(body.substr(0, STAN_DIGITS));
  w.day = body.substring(at, end);
  w.recent = body.substr(end);
}

/** The day's text of a date; a new one when that is another. */
function dayOf(day: string, date: string): string {
  return date === "" || day.startsWith(date) ? day : newDay(date);
}

function methodOfTxn(txn: Transaction): string {
  return methodOf(txn.kind, txn.entry !== "", txn.about !== "");
}

/** Of a tip what it adds. */
function minorOf(txn: Transaction): number {
  return txn.kind === Kind.Tip ? fromDigits(txn.about.substr(46, 12)) : txn.amountMinor;
}

/** An approval stands in flash. */
export function countApproved(w: Watch, txn: Transaction): void {
  if (txn.stan === w.lastStan) return;
  w.lastStan = txn.stan;
  w.day = countedDay(dayOf(w.day, txn.localTime.substr(0, 8)), txn.kind, methodOfTxn(txn), txn.operator, minorOf(txn));
  if (WITH_CARD.indexOf(txn.kind + " ") < 0) return;
  const recent = w.recent + txn.localTime.substr(6, 6) + toDigits(txn.amountMinor, 9) + txn.panMasked;
  let chars = recent.length;
  while (chars > RECENT_MAX * RECENT_CHARS || chars + w.day.length > BODY_CHARS_MAX) chars -= RECENT_CHARS;
  w.recent = recent.substr(recent.length - chars);
}

/** When the same card paid the same amount, `hh:mm`, if that was a moment ago; else "". `now` is `ddhhmm`, "" when nobody knows. */
function repeatedAt(w: Watch, txn: Transaction, now: string): string {
  const set = limitOf(w.table, Limit.Repeat);
  const minutes = set < 0 ? REPEAT_MINUTES : set;
  const same = toDigits(txn.amountMinor, 9) + txn.panMasked;
  for (let at = w.recent.length - RECENT_CHARS; at >= 0 && minutes > 0; at -= RECENT_CHARS) {
    const then = w.recent.substr(at, 6);
    const isSoon = now === "" || minutesBetween(then, now) < minutes;
    if (isSoon && w.recent.substr(at + 6, same.length) === same) return then.substr(2, 2) + ":" + then.substr(4);
  }
  return "";
}

function minutesOf(time: string): number {
  return fromDigits(time.substr(2, 2)) * 60 + fromDigits(time.substr(4));
}

/** Another day is the one before. */
function minutesBetween(then: string, now: string): number {
  const minutes = minutesOf(now) - minutesOf(then);
  return then.substr(0, 2) === now.substr(0, 2) ? minutes : minutes + DAY_MINUTES;
}

/** `YYYYMMDDhhmmss`, or "". */
function nowOf(works: Works): string {
  const keeper = works.devices.timekeeper;
  return keeper ? localTime(keeper.clock, works.board.nowMs()) : "";
}

/** The day with what waits for the link: as if all of it had been approved. */
function withWaiting(t: Terminal, day: string): string {
  let all = day;
  for (let at = 0; at < t.waiting.length; at += WAITING_CHARS) {
    const minor = fromDigits(t.waiting.substr(at + 9, 12));
    all = countedDay(all, Kind.Offline, Limit.Offline, t.waiting.substr(at + 31, 2).trim(), minor);
  }
  return all;
}

/** What the event becomes: itself, or Barred, or Again. */
export function watched(works: Works, w: Watch, event: Event): Event {
  const t = works.t;
  const state = t.state;
  const txn = t.txn;
  const now = nowOf(works);
  // What is known before a card is asked for is looked at by then, so that nobody takes out a card for nothing.
  const isEarly = event === Event.Enter && (state === State.Amount || state === State.Entry);
  if (!isEarly && state !== State.Card && state !== State.Confirm) return event;
  w.day = dayOf(w.day, now.substr(0, 8));
  w.passed = isEarly ? passedEarly(t, w) : txn ? passedBy(works, w, txn, event) : Limit.None;
  if (w.passed !== Limit.None) {
    t.notice = Notice.Limit;
    return Event.Barred;
  }
  if (!txn || state !== State.Card || WITH_CARD.indexOf(txn.kind + " ") < 0) return event;
  // Of one that waits nobody knows the time.
  const isWaiting = t.waiting.indexOf(toDigits(txn.amountMinor, 12) + txn.panMasked) >= 0;
  w.at = isWaiting ? "--:--" : repeatedAt(w, txn, now.substr(6, 6));
  w.held = event;
  return w.at === "" ? event : Event.Again;
}

function passedEarly(t: Terminal, w: Watch): string {
  const kind = t.desk ? t.desk.kind : Kind.Sale;
  return limitPassed(w.table, withWaiting(t, w.day), kind, "", t.operator, t.amountMinor);
}

function passedBy(works: Works, w: Watch, txn: Transaction, event: Event): string {
  const method = methodOfTxn(txn);
  const day = withWaiting(works.t, w.day);
  const passed = limitPassed(w.table, day, txn.kind, method, works.t.operator, minorOf(txn));
  const hours = limitOf(w.table, Limit.Age);
  if (passed !== Limit.None || event !== Event.Stored || method !== Limit.Offline || hours < 0) return passed;
  const heardAtMs = works.devices.hostTimeAtMs;
  // Of the time without power nobody knows how long it was.
  const isLong = heardAtMs === 0 || works.board.nowMs() - heardAtMs >= hours * HOUR_MS;
  return isLong ? Limit.Age : Limit.None;
}

/** When the same card was there; or which limit, what is left of it, who can help. */
export function limitLines(t: Terminal, w: Watch, words: string, lines: string): string {
  if (t.state === State.Again) return lines.replace("#", w.at);
  const passed = w.passed;
  const isOfCashier = passed === Limit.Transaction || passed === Limit.Operator;
  const said = entry(text(words, Text.Limits), isOfCashier && t.operator !== "" ? passed.toUpperCase() : passed);
  const most = limitOf(w.table, passed);
  const left = most - takenOf(withWaiting(t, w.day), passed, t.operator);
  const isAmount = passed !== Limit.Count && passed !== Limit.Age;
  const exponent = t.settings ? t.settings.exponent : 0;
  return said
    .replace("#", isAmount ? formatAmount(most, exponent) : "" + most)
    .replace("$", formatAmount(left > 0 ? left : 0, exponent));
}
