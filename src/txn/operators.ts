/**
 * Operators: admin 99, supervisor 00, cashiers 01 to 20, each with a PIN. A try is in flash before the PIN is looked at, and is taken back when it was
 * right: so nothing that happens to the power gives one for nothing. After three that were wrong the next has to wait, longer each time, and from
 * power-on anew: nobody knows how long the power was gone.
 *
 * Each piece of work begins by loading the operators; a turn of it comes with each answer of flash: at most 10 for loading, 3 for a change,
 * 32 rounds for a PIN.
 */
import { type Happening, SETTINGS_ADDRESS } from "../board/board";
import { type Stretch, startStretch, STRETCH_BYTES, stretched, stretchOn } from "../crypto/stretch";
import { fromDigits, isDigits } from "../proto/bytes";
import type { Desk } from "./desk";
import { type Login, LoginField, mayDo, Refusal, roleOf, Stage } from "./login";
import { fingersPart } from "./fingers.lazy";
import { keptOf, missesOf, next, put, putMisses, refuse, triesOf } from "./login-steps";
import {
  hasOperators,
  isBookBusy,
  loadOperators,
  MUST_CHANGE,
  onBookFlash,
  type OperatorBook,
  openOperatorBook,
  REMOVED,
} from "./operator-book";
import { Duty, Role, WAITS } from "./operators.table";
import { Event, type Terminal } from "./state";
import type { Works } from "./works";

const PIN_DIGITS_MIN = 4;
const PIN_DIGITS_MAX = 8;
const CASHIER_MAX = 20;
const TRIES_MAX = 120;
const MINUTE_MS = 60000;

/** A key; C is not among them. */
export function loginKey(t: Terminal, desk: Desk, login: Login, key: string): Event {
  const field = login.field;
  const digits = desk.digits;
  if (field === LoginField.Menu) return menuKey(t, desk, login, key);
  if (field === LoginField.Finger) return Event.None;
  if (key === "E") return entered(t, desk, login);
  if (key === "B" && digits !== "") {
    desk.digits = digits.substr(0, digits.length - 1);
    return Event.Back;
  }
  if (!isDigits(key) || digits.length === (isOfNumber(field) ? 2 : PIN_DIGITS_MAX)) return Event.None;
  login.refusal = Refusal.None;
  desk.digits += key;
  return Event.Digit;
}

/** What is typed may be seen. */
export function isOfNumber(field: LoginField): boolean {
  return field === LoginField.Number || field === LoginField.Whom;
}

function menuKey(t: Terminal, desk: Desk, login: Login, key: string): Event {
  const last = t.settings && t.settings.finger ? "5" : "4";
  if (!isDigits(key) || key < "1" || key > last) return Event.None;
  const duty = "o" + key;
  if (!mayDo(t, duty)) return refuse(desk, login, Refusal.NotYours);
  if (duty === Duty.LogOut) {
    t.operator = "";
    return Event.Enter;
  }
  login.duty = duty;
  login.operator = t.operator;
  return next(desk, login, duty === Duty.Reset || duty === Duty.Remove ? LoginField.Whom : LoginField.Pin);
}

/** The green key behind a number or a PIN. */
function entered(t: Terminal, desk: Desk, login: Login): Event {
  const digits = desk.digits;
  const field = login.field;
  if (isOfNumber(field)) {
    if (digits === "") return Event.None;
    login.operator = digits.padStart(2, "0");
    if (field === LoginField.Number) {
      leaveLogin(login);
      return next(desk, login, LoginField.Pin);
    }
    if (!maySeeTo(t.operator, login.operator)) return refuse(desk, login, Refusal.NotYours);
    return login.duty === Duty.Remove ? Event.Search : next(desk, login, LoginField.New);
  }
  if (digits.length < PIN_DIGITS_MIN) return Event.None;
  if (field === LoginField.Pin) return Event.Search;
  if (field === LoginField.New) {
    if (isWeak(digits)) return refuse(desk, login, Refusal.Weak);
    login.pin = digits;
    return next(desk, login, LoginField.Again);
  }
  if (digits === login.pin) return Event.Search;
  login.field = LoginField.New;
  return refuse(desk, login, Refusal.Differs);
}

/** The admin sees to the supervisor, the supervisor to cashiers. */
function maySeeTo(by: string, operator: string): boolean {
  const number = fromDigits(operator);
  if (roleOf(by) === Role.Admin) return number === 0;
  return roleOf(by) === Role.Supervisor && number > 0 && number <= CASHIER_MAX;
}

/** All digits the same, or one up or down each time. */
function isWeak(pin: string): boolean {
  const step = pin.charCodeAt(1) - pin.charCodeAt(0);
  for (let i = 2; i < pin.length; i++) if (pin.charCodeAt(i) - pin.charCodeAt(i - 1) !== step) return false;
  return step >= -1 && step <= 1;
}

/** What was asked for by the green key, or the sensor, begins; or a login does. False when flash has nothing to say to that. */
export function loginAct(works: Works, login: Login): boolean {
  login.board = works.board;
  if (login.field === LoginField.Menu) return false;
  if (login.field === LoginField.Number && !login.sensor) {
    openSensor(works.t, login);
    return false;
  }
  const book = openOperatorBook(works.board.flash, works.natives);
  login.book = book;
  login.stage = Stage.Load;
  loadOperators(book);
  return true;
}

/** A finger may be put down, where there is a sensor. */
function openSensor(t: Terminal, login: Login): void {
  const model = t.settings ? t.settings.finger : "";
  if (model === "" || !login.board) return;
  const part = fingersPart();
  login.sensor = { part: part, own: part.openSensor(login.board, model) };
}

/** It may not, any more. */
export function leaveLogin(login: Login): void {
  if (login.sensor) login.sensor.part.closeSensor(login);
}

/** Something happened at the sensor. */
export function onFinger(works: Works, desk: Desk, login: Login, happening: Happening, bytes: string): Event {
  return login.sensor ? login.sensor.part.onSensor(works, desk, login, happening, bytes) : Event.None;
}

/** Bytes came from flash. None until the work has come to something. */
export function onLoginFlash(t: Terminal, desk: Desk, login: Login, text: string): Event {
  const book = login.book;
  if (!book) return Event.None;
  if (login.stage === Stage.Stretch) return onRound(t, desk, login, book);
  onBookFlash(book, text);
  if (isBookBusy(book)) return Event.None;
  if (!hasOperators(book)) return refuse(desk, login, Refusal.Lost);
  const sensor = login.field === LoginField.Number || login.field === LoginField.Finger ? login.sensor : null;
  if (login.stage === Stage.Load)
    return sensor ? sensor.part.onFingerLoaded(desk, login, sensor.own, book) : onLoaded(t, desk, login, book);
  if (login.stage === Stage.Try)
    return sensor ? sensor.part.onFingerTried(login, sensor.own) : startPin(login, book, desk.digits);
  return onSaved(t, desk, login, book);
}

function onLoaded(t: Terminal, desk: Desk, login: Login, book: OperatorBook): Event {
  const tries = triesOf(fromDigits(login.operator), book);
  if (login.field === LoginField.Whom) {
    if (tries === REMOVED) return refuse(desk, login, Refusal.NotThere);
    return put(login, book, REMOVED, "\0".repeat(STRETCH_BYTES), Stage.Save);
  }
  if (login.field === LoginField.Again) return startPin(login, book, login.pin);
  if (tries === REMOVED) return refuse(desk, login, Refusal.Wrong);
  const count = tries % MUST_CHANGE;
  login.minutes = minutesLeft(t, login, count);
  if (login.minutes > 0) return refuse(desk, login, Refusal.Waits);
  return put(login, book, count < TRIES_MAX ? tries + 1 : tries, keptOf(login, book), Stage.Try);
}

/** Whole minutes until the next try, from the last one that was wrong, or from power-on. */
function minutesLeft(t: Terminal, login: Login, count: number): number {
  const last = WAITS.length / 4 - 1;
  const wait = fromDigits(WAITS.substr((count < last ? count : last) * 4, 4)) * MINUTE_MS;
  const left = login.board ? t.triedAtMs + wait - login.board.nowMs() : wait;
  return wait > 0 && left > 0 ? Math.ceil(left / MINUTE_MS) : 0;
}

function startPin(login: Login, book: OperatorBook, pin: string): Event {
  login.stage = Stage.Stretch;
  login.stretch = startStretch(book.natives.toBytes, book.secret, login.operator, pin);
  book.flash.read(SETTINGS_ADDRESS, 1);
  return Event.None;
}

function onRound(t: Terminal, desk: Desk, login: Login, book: OperatorBook): Event {
  const stretch = login.stretch as Stretch;
  if (!stretchOn(stretch)) {
    book.flash.read(SETTINGS_ADDRESS, 1);
    return Event.None;
  }
  login.stretch = null;
  const kept = stretched(stretch, book.natives.toText);
  if (login.field === LoginField.Again) {
    const isReset = login.duty === Duty.Reset;
    if (isReset || kept !== keptOf(login, book)) return put(login, book, isReset ? MUST_CHANGE : 0, kept, Stage.Save);
    login.field = LoginField.New;
    return refuse(desk, login, Refusal.Weak);
  }
  if (kept === keptOf(login, book)) {
    const isForced = triesOf(fromDigits(login.operator), book) >= MUST_CHANGE;
    if (isForced) login.duty = Duty.ChangePin;
    return put(login, book, isForced ? MUST_CHANGE : 0, kept, Stage.Save);
  }
  if (login.board) t.triedAtMs = login.board.nowMs();
  return refuse(desk, login, Refusal.Wrong);
}

function onSaved(t: Terminal, desk: Desk, login: Login, book: OperatorBook): Event {
  const isPin = login.field === LoginField.Pin;
  if (isPin && login.stage === Stage.Save && missesOf(book) > 0) return putMisses(login, book, 0, Stage.Forget);
  login.stage = Stage.None;
  book.secret = "";
  if (isPin && login.duty === Duty.Finger) {
    openSensor(t, login);
    return next(desk, login, LoginField.Finger);
  }
  if (login.duty === Duty.Reset || login.duty === Duty.Remove) {
    if (login.board && t.settings && t.settings.finger !== "")
      fingersPart().forgetFinger(login.board, fromDigits(login.operator));
    return Event.LoggedIn;
  }
  if (isPin && login.duty !== "") return next(desk, login, LoginField.New);
  t.operator = login.operator;
  return Event.LoggedIn;
}
