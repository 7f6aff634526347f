/**
 * Fingerprint sensor: a module that keeps the templates and does the matching; the terminal only names slots. Signs operators on.
 *
 * Part: Grow R503; Synochip AS608, R30x and their relatives without the light
 * Bus: UART, 57600 baud, 8N1
 * Document: R503 Fingerprint Module User Manual 1.2.2 (2022-10), chapters IV (packets) and V (commands)
 * Pins: TX, RX, 3.3 V, GND
 * Slowest: an enrolment, 4 * (TOUCH_MS_MAX + LOOK_MS) + 9 * ANSWER_MS_MAX = 58.8 s; a match 32.4 s
 *
 * What is asked for ends in one report; Lift, Again and Touched come in between. A module that does not answer is Silent, and is set up anew
 * every POLL_MS until it does: a module that was unplugged is found missing in POLL_MS + 4 * SETUP_MS_MAX = 7 s, and is Ready that
 * long after its return at most. An answer has no mark that says to which command it belongs: a command is never repeated, and setting
 * up ends with an answer that no other command has. Leaves out: images and templates on the wire, the module's own ways to enrol.
 */
import { type Board, Port } from "../board/board";
import { buildCommand, takeAnswer, word, wordAt } from "./fingerprint-packet";
import {
  awaitTouch,
  begin,
  deletionOf,
  end,
  type Finger,
  FingerReport,
  hold,
  LIGHT_OFF,
  look,
  lookFirst,
  lookLater,
  lose,
  Phase,
  send,
  setUp,
  Task,
  verify,
} from "./fingerprint-task";

export { type Finger, FingerReport } from "./fingerprint-task";

/** Bytes of contents of a good answer, by phase; 1 is the confirmation code alone. */
const ANSWER_BYTES = "\0\x01\x11\x01\x01\x01\x01\x01\x01\x05\x01\x01\x03\x01";

/** Confirmation codes of chapter IV. */
const NO_FINGER = 0x02;
const NOT_FOUND = 0x09;
const NOT_SAME = 0x0a;
const NO_SLOT = 0x0b;
const WRONG_PASSWORD = 0x13;
const LIBRARY_FULL = 0x1f;
const LIBRARY_EMPTY = 0x24;
/** Not taken, too untidy, too few lines, no image. */
const BAD_IMAGES = "\x03\x06\x07\x15";

/** Sets the module up; `onFingerBytes` and `onFingerTimer` report Ready, Silent or Locked. `hasLight`: a ring as the R503 has. */
export function openFinger(board: Board, timer: number, password: string, hasLight: boolean): Finger {
  const finger: Finger = {
    board: board,
    timer: timer,
    password: password,
    hasLight: hasLight,
    phase: Phase.Idle,
    health: FingerReport.None,
    isAsked: false,
    triesLeft: 0,
    task: Task.None,
    wanted: Task.None,
    wantedSlot: 0,
    wantedAnew: false,
    isCancelled: false,
    touchUntilMs: 0,
    mustLift: false,
    isSecond: false,
    rest: "",
    slot: 0,
    found: 0,
    score: 0,
    count: 0,
    capacity: 0,
    code: 0,
  };
  setUp(finger);
  return finger;
}

/**
 * Comes to Touched, from where `searchFinger` goes on; ends with Matched, NoMatch, NoFinger, BadImage, Fault or Silent. `isAnew`: a finger that
 * is there already must be lifted first. One task at a time; a newer one waits for the end of the older.
 */
export function matchFinger(finger: Finger, isAnew: boolean): void {
  want(finger, Task.Match, 0, isAnew);
}

/** Asks the module whose finger it is; NoFinger when that was not called for in ANSWER_MS_MAX. */
export function searchFinger(finger: Finger): void {
  if (finger.phase === Phase.Held) send(finger, Phase.Search, "\x04\x01\0\0" + word(finger.capacity));
}

/** Ends with Enrolled, NotSame, Full, NoFinger, BadImage, Fault or Silent. What is in the slot is written over. `isAnew` as above. */
export function enrolFinger(finger: Finger, slot: number, isAnew: boolean): void {
  want(finger, Task.Enrol, slot, isAnew);
}

/** Ends with Deleted, Fault or Silent. */
export function deleteFinger(finger: Finger, slot: number): void {
  want(finger, Task.Delete, slot, false);
}

/** As `deleteFinger` where nobody waits for it, or knows whether the module is there: the command and no more. */
export function forgetFinger(board: Board, slot: number): void {
  board.uart(Port.Finger, buildCommand(deletionOf(slot)));
}

/** All of them. Ends with Deleted, Fault or Silent. */
export function deleteFingers(finger: Finger): void {
  want(finger, Task.Empty, 0, false);
}

/** Ends with Counted, Fault or Silent. */
export function countFingers(finger: Finger): void {
  want(finger, Task.Count, 0, false);
}

/** No finger is waited for any more; no report, unless the finger is there already. */
export function cancelFinger(finger: Finger): void {
  finger.wanted = Task.None;
  finger.isCancelled = true;
}

/** Nothing more is asked of the module, and its light goes out; what it still says is nobody's. */
export function closeFinger(finger: Finger): void {
  if (finger.hasLight && finger.task !== Task.None) send(finger, Phase.LightOff, LIGHT_OFF);
  finger.board.timer(finger.timer, -1);
}

function want(finger: Finger, task: Task, slot: number, isAnew: boolean): void {
  finger.wanted = task;
  finger.wantedSlot = slot;
  finger.wantedAnew = isAnew;
  if (finger.phase === Phase.Idle) begin(finger);
}

export function onFingerTimer(finger: Finger): FingerReport {
  if (finger.isAsked) return onSilence(finger);
  if (finger.phase === Phase.Held) return end(finger, finger.isCancelled ? FingerReport.None : FingerReport.NoFinger);
  if (finger.phase !== Phase.Idle) return look(finger, finger.phase);
  setUp(finger);
  return FingerReport.None;
}

function onSilence(finger: Finger): FingerReport {
  const isSettingUp = finger.phase <= Phase.Params;
  if (isSettingUp && finger.triesLeft > 0) return verify(finger);
  return lose(finger, FingerReport.Silent, isSettingUp);
}

/** Bytes from the module. */
export function onFingerBytes(finger: Finger, bytes: string): FingerReport {
  finger.rest += bytes;
  let contents = takeAnswer(finger);
  while (contents !== "") {
    const code = contents.charCodeAt(0);
    const isWhole = contents.length === ANSWER_BYTES.charCodeAt(finger.phase) || (code !== 0 && contents.length === 1);
    if (finger.isAsked && isWhole) {
      // What is older than the next command is never its answer.
      finger.rest = "";
      return onAnswer(finger, code, contents);
    }
    contents = takeAnswer(finger);
  }
  return FingerReport.None;
}

function onAnswer(finger: Finger, code: number, contents: string): FingerReport {
  const phase = finger.phase;
  if (phase === Phase.LightOn) return lookFirst(finger);
  if (phase === Phase.LightOff) begin(finger);
  else if (code !== 0) return onRefusal(finger, phase, code);
  else if (phase === Phase.Verify) send(finger, Phase.Params, "\x0f");
  else if (phase === Phase.Params) return ready(finger, wordAt(contents, 5));
  else if (phase === Phase.Touch) send(finger, Phase.Features, finger.isSecond ? "\x02\x02" : "\x02\x01");
  else if (phase === Phase.Features) return onFeatures(finger);
  else if (phase === Phase.Lifted) return lookLater(finger);
  else if (phase === Phase.Combine) send(finger, Phase.Store, "\x06\x01" + word(finger.slot));
  else if (phase === Phase.Store) return end(finger, FingerReport.Enrolled);
  else if (phase === Phase.Search) return onFound(finger, contents);
  else if (phase === Phase.Count) return onCounted(finger, wordAt(contents, 1));
  else return end(finger, FingerReport.Deleted);
  return FingerReport.None;
}

function ready(finger: Finger, capacity: number): FingerReport {
  const isNews = finger.health !== FingerReport.Ready;
  finger.health = FingerReport.Ready;
  finger.capacity = capacity;
  begin(finger);
  return isNews ? FingerReport.Ready : FingerReport.None;
}

function onFeatures(finger: Finger): FingerReport {
  if (finger.task === Task.Match) return hold(finger);
  if (finger.isSecond) return send(finger, Phase.Combine, "\x05");
  return askTouch(finger, Phase.Lifted, FingerReport.Lift);
}

function onFound(finger: Finger, contents: string): FingerReport {
  finger.found = wordAt(contents, 1);
  finger.score = wordAt(contents, 3);
  return finger.found < finger.capacity ? end(finger, FingerReport.Matched) : fault(finger, 0);
}

function onCounted(finger: Finger, count: number): FingerReport {
  finger.count = count;
  return end(finger, FingerReport.Counted);
}

/** A confirmation code that is not 00. */
function onRefusal(finger: Finger, phase: Phase, code: number): FingerReport {
  if (phase === Phase.Verify && code === WRONG_PASSWORD) return lose(finger, FingerReport.Locked, true);
  if (phase <= Phase.Params) return FingerReport.None;
  if (phase === Phase.Touch && code === NO_FINGER) return lookLater(finger);
  if (phase === Phase.Lifted && code === NO_FINGER) return onLifted(finger);
  if (phase === Phase.Lifted && isBadImage(code)) return lookLater(finger);
  const report = outcome(phase, code);
  return report === FingerReport.None ? fault(finger, code) : end(finger, report);
}

/** What a confirmation code means to a task depends on the command; None: nothing that it may answer. */
function outcome(phase: Phase, code: number): FingerReport {
  if (phase === Phase.Touch || phase === Phase.Features)
    return isBadImage(code) ? FingerReport.BadImage : FingerReport.None;
  if (phase === Phase.Combine) return code === NOT_SAME ? FingerReport.NotSame : FingerReport.None;
  if (phase === Phase.Store) return code === NO_SLOT || code === LIBRARY_FULL ? FingerReport.Full : FingerReport.None;
  if (phase === Phase.Search)
    return code === NOT_FOUND || code === LIBRARY_EMPTY ? FingerReport.NoMatch : FingerReport.None;
  return FingerReport.None;
}

function isBadImage(code: number): boolean {
  return BAD_IMAGES.indexOf(String.fromCharCode(code)) >= 0;
}

/** The module may have lost what it was told, as after a loose cable: it is set up anew before the next task. */
function fault(finger: Finger, code: number): FingerReport {
  finger.code = code;
  finger.task = Task.None;
  setUp(finger);
  return FingerReport.Fault;
}

function onLifted(finger: Finger): FingerReport {
  if (finger.mustLift) {
    finger.mustLift = false;
    return awaitTouch(finger, Phase.Touch);
  }
  finger.isSecond = true;
  return askTouch(finger, Phase.Touch, FingerReport.Again);
}

/** The report that asks the person, unless the task has just been cancelled. */
function askTouch(finger: Finger, phase: Phase, report: FingerReport): FingerReport {
  awaitTouch(finger, phase);
  return finger.task === Task.None ? FingerReport.None : report;
}
