/** What the work on a login goes on with: the next thing to type, a refusal, a change of the operators' book. */
import { STRETCH_BYTES } from "../crypto/stretch";
import { fromDigits } from "../proto/bytes";
import type { Desk } from "./desk";
import { type Login, type LoginField, Refusal, Stage } from "./login";
import {
  ENTRY_BYTES,
  entryAt,
  HAS_FINGER,
  MISSES,
  MUST_CHANGE,
  type OperatorBook,
  putEntry,
  REMOVED,
} from "./operator-book";
import { Event } from "./state";

export function next(desk: Desk, login: Login, field: LoginField): Event {
  login.field = field;
  login.refusal = Refusal.None;
  login.stage = Stage.None;
  desk.digits = "";
  return Event.Wanted;
}

export function refuse(desk: Desk, login: Login, refusal: Refusal): Event {
  login.refusal = refusal;
  login.stage = Stage.None;
  desk.digits = "";
  return Event.Missing;
}

/** What stands of an operator: tries, and whether the PIN must be changed. */
export function triesOf(operator: number, book: OperatorBook): number {
  const at = entryAt(book, operator);
  return at < 0 ? REMOVED : book.entries.charCodeAt(at + 1);
}

/** The PIN of whom the work is about, as it is kept. */
export function keptOf(login: Login, book: OperatorBook): string {
  return book.entries.substr(entryAt(book, fromDigits(login.operator)) + ENTRY_BYTES - STRETCH_BYTES, STRETCH_BYTES);
}

/** Of whom the work is about. With a PIN that somebody else has made goes the finger. */
export function put(login: Login, book: OperatorBook, tries: number, kept: string, stage: Stage): Event {
  const number = fromDigits(login.operator);
  login.stage = stage;
  putEntry(book, String.fromCharCode(tries < MUST_CHANGE ? number | fingerOf(number, book) : number, tries) + kept);
  return Event.None;
}

/** HAS_FINGER where a finger of this operator counts, else 0. */
export function fingerOf(operator: number, book: OperatorBook): number {
  const at = entryAt(book, operator);
  return at < 0 ? 0 : book.entries.charCodeAt(at) & HAS_FINGER;
}

/** Fingers in a row that nobody knew. */
export function missesOf(book: OperatorBook): number {
  const at = entryAt(book, MISSES);
  return at < 0 ? 0 : book.entries.charCodeAt(at + 1);
}

export function putMisses(login: Login, book: OperatorBook, misses: number, stage: Stage): Event {
  login.stage = stage;
  putEntry(book, String.fromCharCode(MISSES, misses) + "\0".repeat(STRETCH_BYTES));
  return Event.None;
}
