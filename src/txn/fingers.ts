/**
 * Operators' fingers: one at the login in place of number and PIN, and how it is enrolled. The sensor says which slot, and the slot is the
 * operator's number; whether a finger of that operator counts, the operators' book says, and nobody else.
 *
 * A try is in flash before the sensor is asked whose finger it is, and is taken back when that was known: as with PINs, nothing that happens
 * to the power gives one for nothing. After three fingers in a row that were not known it is asked no more until a PIN was right. Waits are
 * the driver's, and the state's time bounds them all.
 */
import { type Board, Happening } from "../board/board";
import { Signal, signal } from "../drivers/buzzer";
import {
  closeFinger,
  deleteFinger,
  enrolFinger,
  FingerReport,
  type Finger,
  matchFinger,
  onFingerBytes,
  onFingerTimer,
  openFinger,
  searchFinger,
} from "../drivers/fingerprint";
import { fromDigits, toDigits } from "../proto/bytes";
import type { Desk } from "./desk";
import { FingerStep, type Login, LoginField, Refusal, Stage } from "./login";
import { fingerOf, keptOf, missesOf, putMisses, refuse, triesOf } from "./login-steps";
import { HAS_FINGER, MUST_CHANGE, type OperatorBook, putEntry } from "./operator-book";
import { Event } from "./state";
import { Timer } from "./timers";
import type { Works } from "./works";

const MISSES_MAX = 3;
const NOBODY = -1;
/** As the makers deliver them. */
const PASSWORD = "\0\0\0\0";

/** Begins to look for a finger as soon as the sensor has answered. `model`: `r503`, or one without a light. */
export function openSensor(board: Board, model: string): Finger {
  return openFinger(board, Timer.Finger, PASSWORD, model === "r503");
}

/**
 * Something happened at the sensor. An event begins the time of the state anew: it is one that a person has caused, and that has a bound.
 * For all else there is Heard, which is shown, and no more.
 */
export function onSensor(works: Works, desk: Desk, login: Login, happening: Happening, bytes: string): Event {
  const sensor = login.sensor;
  if (!sensor) return Event.None;
  const finger = sensor.own;
  const report = happening === Happening.Timer ? onFingerTimer(finger) : onFingerBytes(finger, bytes);
  if (report === FingerReport.None) return Event.None;
  if (report === FingerReport.Touched || report === FingerReport.Matched || report === FingerReport.Enrolled) {
    works.t.usedAtMs = works.board.nowMs();
    login.found = report === FingerReport.Matched ? finger.found : NOBODY;
    return Event.Search;
  }
  if (report === FingerReport.Fault || report === FingerReport.Full) return dropSensor(desk, login, Refusal.NoSensor);
  const refusal = refusalOf(report);
  const isHalf = report === FingerReport.Lift || report === FingerReport.Again;
  if (refusal !== Refusal.NoSensor && !isHalf) ask(login, finger, report !== FingerReport.Ready);
  if (report === FingerReport.NoMatch) return missed(desk, login);
  if (report === FingerReport.Deleted) return Event.None;
  login.step = isHalf ? (report as number) - FingerReport.Lift + FingerStep.Lift : FingerStep.Put;
  login.refusal = refusal;
  if (refusal !== Refusal.None) signal(works.devices.buzzer, Signal.Refused);
  return Event.Heard;
}

/** A finger that is there already has been looked at, and was not good: it must be put down anew. */
function ask(login: Login, finger: Finger, isAnew: boolean): void {
  if (login.field === LoginField.Finger) enrolFinger(finger, fromDigits(login.operator), isAnew);
  else matchFinger(finger, isAnew);
}

function refusalOf(report: FingerReport): Refusal {
  if (report === FingerReport.Silent || report === FingerReport.Locked) return Refusal.NoSensor;
  if (report === FingerReport.NotSame) return Refusal.Differs;
  return report === FingerReport.BadImage ? Refusal.Unclear : Refusal.None;
}

/** The sensor knows none like it, or one of nobody. */
function missed(desk: Desk, login: Login): Event {
  return login.misses < MISSES_MAX
    ? refuse(desk, login, Refusal.NotKnown)
    : dropSensor(desk, login, Refusal.FingersOff);
}

/** For this login. */
function dropSensor(desk: Desk, login: Login, refusal: Refusal): Event {
  closeSensor(login);
  return refuse(desk, login, refusal);
}

/** Nobody is asked for a finger any more. */
export function closeSensor(login: Login): void {
  if (login.sensor) closeFinger(login.sensor.own);
  login.sensor = null;
}

/** The book has been loaded: for a finger that the sensor has seen, one that it has found, or one that it has enrolled. */
export function onFingerLoaded(desk: Desk, login: Login, finger: Finger, book: OperatorBook): Event {
  if (login.field === LoginField.Finger) return putFinger(login, book);
  const found = login.found;
  login.found = NOBODY;
  if (found === NOBODY) {
    const misses = missesOf(book) + 1;
    if (misses > MISSES_MAX) return dropSensor(desk, login, Refusal.FingersOff);
    login.misses = misses;
    return putMisses(login, book, misses, Stage.Try);
  }
  if (fingerOf(found, book) && triesOf(found, book) < MUST_CHANGE) {
    login.operator = toDigits(found, 2);
    return putMisses(login, book, 0, Stage.Save);
  }
  // Left of somebody who was removed: the next search shall not find it before another.
  deleteFinger(finger, found);
  return missed(desk, login);
}

/** The try has been counted: whose finger is it? */
export function onFingerTried(login: Login, finger: Finger): Event {
  login.stage = Stage.None;
  searchFinger(finger);
  return Event.Wanted;
}

/** The finger is in its slot of the sensor, and from now on counts. */
function putFinger(login: Login, book: OperatorBook): Event {
  const number = fromDigits(login.operator);
  login.stage = Stage.Save;
  putEntry(book, String.fromCharCode(number | HAS_FINGER, triesOf(number, book)) + keptOf(login, book));
  return Event.None;
}

export { forgetFinger } from "../drivers/fingerprint";
