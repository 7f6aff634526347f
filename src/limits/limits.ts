/**
 * Limits of what a terminal takes: one set of rules for the terminal, which does not go past them, and for the host, which refuses what went
 * past them. Pure: strings and numbers in, a limit's letter out.
 *
 * A table of limits is a text, each limit a letter and its number: `t50000d500000`. Amounts are minor units, at most nine digits. What was taken
 * on a day is a text, too: date (YYYYMMDD), count (4), sums by method (12 each, `METHODS`), then for each operator two digits and a sum (12).
 */
import { fromDigits, toDigits } from "../proto/bytes";

/** The letter of a limit. What is limited of a day has a sum in its text. */
export const enum Limit {
  None = "",
  /** Of one transaction. */
  Transaction = "t",
  /** Of one refund; those have no other. */
  Refund = "r",
  /** Of one sale that nobody has asked the bank about. */
  Floor = "l",
  /** How many on a day. */
  Count = "n",
  /** Of a day: all, of one operator, and of each method. */
  Day = "d",
  Operator = "o",
  Stripe = "s",
  Tap = "c",
  /** Nobody asked the bank; the bank gave a code by telephone. */
  Offline = "f",
  Typed = "y",
  Cash = "m",
  /** No limit of a table: a chip wants its bank, so it is never taken offline. */
  Entry = "x",
  /** Hours since the host was heard, for a sale without it; minutes in which the same card and amount is asked about. */
  Age = "a",
  Repeat = "w",
  /** Sales without a link that may wait for it. */
  Waiting = "q",
}

const METHODS = "scfym";
const SUMS_AT = 12;
const SUM_DIGITS = 12;
/** Each method's, and one of what comes without a card: a tip, a completion. */
const OPERATORS_AT = SUMS_AT + 6 * SUM_DIGITS;
const OPERATOR_CHARS = 2 + SUM_DIGITS;
/** First two digits of field 60. What counts on a day: completions, sales, offline sales, tips, cash; a tip adds to no count. */
const COUNTS = "|20|24|22|30|34|36";
/** What is limited like those and counts with its completion. */
const PREAUTH = "10";
const REFUND = "25";
const TIP = "34";

/** A day on which nothing was taken yet. */
export function newDay(date: string): string {
  return date.padEnd(OPERATORS_AT, "0");
}

/** What is taken in which way. `isTyped`: with a code of the bank's. */
export function methodOf(kind: string, isTap: boolean, isTyped: boolean): string {
  if (kind === "36") return Limit.Cash;
  if (kind === "30") return isTyped ? Limit.Typed : isTap ? Limit.Entry : Limit.Offline;
  return kind !== "22" && kind !== PREAUTH ? Limit.None : isTap ? Limit.Tap : Limit.Stripe;
}

/** The number of a limit, -1 where there is none. */
export function limitOf(table: string, limit: string): number {
  const at = table.indexOf(limit) + 1;
  return at < 1 ? -1 : fromDigits(table.substr(at, 9));
}

function sumAt(day: string, at: number): number {
  return fromDigits(day.substr(at, SUM_DIGITS));
}

/** Where the sum of an operator stands, at the end when he has none. */
function operatorAt(day: string, operator: string): number {
  let at = OPERATORS_AT;
  while (at < day.length && day.substr(at, 2) !== operator) at += OPERATOR_CHARS;
  return at + 2;
}

function methodAt(method: string): number {
  const index = method === "" ? -1 : METHODS.indexOf(method);
  return SUMS_AT + (index < 0 ? METHODS.length : index) * SUM_DIGITS;
}

/** What was taken on the day of what a limit is about: its count, or a sum in minor units. */
export function takenOf(day: string, limit: string, operator: string): number {
  if (limit === Limit.Count) return fromDigits(day.substr(8, 4));
  if (limit === Limit.Operator) {
    const at = operatorAt(day, operator);
    return at < day.length ? sumAt(day, at) : 0;
  }
  if (limit !== Limit.Day) return sumAt(day, methodAt(limit));
  let minor = 0;
  for (let at = SUMS_AT; at < OPERATORS_AT; at += SUM_DIGITS) minor += sumAt(day, at);
  return minor;
}

/** So much more would go past the limit. */
function isPast(table: string, day: string, limit: string, operator: string, more: number): boolean {
  const most = limitOf(table, limit);
  return most >= 0 && takenOf(day, limit, operator) + more > most;
}

function isOver(table: string, limit: string, minor: number): boolean {
  const most = limitOf(table, limit);
  return most >= 0 && minor > most;
}

/**
 * The limit that a transaction would go past, or `Limit.None`. `minor`: of a tip what it adds. Method "" is not known yet. `operator`: "" where there are none;
 * supervisor (00) and admin (99) may go past what is limited for one transaction and for one operator.
 */
export function limitPassed(
  table: string,
  day: string,
  kind: string,
  method: string,
  operator: string,
  minor: number,
): string {
  const isTrusted = operator === "00" || operator === "99";
  if (kind === REFUND) return isOver(table, Limit.Refund, minor) ? Limit.Refund : Limit.None;
  if (kind !== PREAUTH && COUNTS.indexOf("|" + kind) < 0) return Limit.None;
  if (method === Limit.Entry) return Limit.Entry;
  if (!isTrusted && isOver(table, Limit.Transaction, minor)) return Limit.Transaction;
  if (method === Limit.Offline && isOver(table, Limit.Floor, minor)) return Limit.Floor;
  if (kind !== TIP && isPast(table, day, Limit.Count, "", 1)) return Limit.Count;
  return sumPassed(table, day, method, isTrusted ? "" : operator, minor);
}

function sumPassed(table: string, day: string, method: string, operator: string, minor: number): string {
  if (isPast(table, day, Limit.Day, "", minor)) return Limit.Day;
  if (method !== "" && isPast(table, day, method, "", minor)) return method;
  return operator !== "" && isPast(table, day, Limit.Operator, operator, minor) ? Limit.Operator : Limit.None;
}

function withSum(day: string, at: number, more: number): string {
  return day.substr(0, at) + toDigits(sumAt(day, at) + more, SUM_DIGITS) + day.substr(at + SUM_DIGITS);
}

/** The day with one more that was approved. What is voided later was taken all the same. */
export function countedDay(day: string, kind: string, method: string, operator: string, minor: number): string {
  if (COUNTS.indexOf("|" + kind) < 0) return day;
  let all = withSum(day, methodAt(method), minor);
  if (kind !== TIP) all = all.substr(0, 8) + toDigits(fromDigits(all.substr(8, 4)) + 1, 4) + all.substr(SUMS_AT);
  if (operator === "") return all;
  const at = operatorAt(all, operator);
  return withSum(at < all.length ? all : all + operator.padEnd(OPERATOR_CHARS, "0"), at, minor);
}
