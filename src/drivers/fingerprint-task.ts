/**
 * What the fingerprint sensor is asked, one command after the other: setting up, tasks, and looking for a finger.
 *
 * Part of: fingerprint.ts
 */
import { type Board, Port } from "../board/board";
import { buildCommand, word } from "./fingerprint-packet";

/** Search and storing take 50 ms, an image and its features 300 ms. */
export const ANSWER_MS_MAX = 2000;
export const SETUP_MS_MAX = 500;
const SETUP_TRIES = 2;
/** For a person to put a finger down, and to lift it. */
export const TOUCH_MS_MAX = 10000;
/** Between two looks for a finger. */
const LOOK_MS = 200;
export const POLL_MS = 5000;

export const LIGHT_OFF = "\x35\x04\0\x02\0";

export const enum FingerReport {
  None = 0,
  /** The module answers; after power-on, and again when it is back. */
  Ready = 1,
  /** No answer. */
  Silent = 2,
  /** The module has another password. */
  Locked = 3,
  /** Enrolling: the first image is taken, lift the finger. */
  Lift = 4,
  /** Enrolling: put the same finger down again. */
  Again = 5,
  /** `found` and `score` say which finger. */
  Matched = 6,
  NoMatch = 7,
  /** The finger is in its slot. */
  Enrolled = 8,
  Deleted = 9,
  /** `count` fingers are stored. */
  Counted = 10,
  /** Nobody put a finger down, or lifted it, in TOUCH_MS_MAX. */
  NoFinger = 11,
  /** Too wet, too dry, too little of it. */
  BadImage = 12,
  /** The two images are not of one finger. */
  NotSame = 13,
  /** The module has no such slot, or no room. */
  Full = 14,
  /** The module refused, or made no sense; `code` has its confirmation code (chapter IV). */
  Fault = 15,
  /** Matching: the finger is there and looks good; `searchFinger` goes on. */
  Touched = 16,
}

/** What may be asked for. */
export const enum Task {
  None = 0,
  Match = 1,
  Enrol = 2,
  Delete = 3,
  Empty = 4,
  Count = 5,
}

/** The command that was sent, or is sent next. */
export const enum Phase {
  Idle = 0,
  Verify = 1,
  Params = 2,
  LightOn = 3,
  Touch = 4,
  Features = 5,
  Lifted = 6,
  Combine = 7,
  Store = 8,
  Search = 9,
  Delete = 10,
  Empty = 11,
  Count = 12,
  LightOff = 13,
  /** Nothing was sent: the search waits to be asked for. */
  Held = 14,
}

export interface Finger {
  board: Board;
  timer: number;
  /** Four bytes. */
  password: string;
  hasLight: boolean;
  phase: Phase;
  /** Ready, Silent or Locked, as reported last. */
  health: FingerReport;
  /** An answer is awaited; else the timer is a pause. */
  isAsked: boolean;
  triesLeft: number;
  task: Task;
  wanted: Task;
  wantedSlot: number;
  wantedAnew: boolean;
  isCancelled: boolean;
  touchUntilMs: number;
  /** The finger that is there has been looked at already. */
  mustLift: boolean;
  /** The second image of an enrolment. */
  isSecond: boolean;
  rest: string;
  /** Where an enrolment goes. */
  slot: number;
  /** The slot of the finger that matched, and how well: the module's own measure. */
  found: number;
  score: number;
  count: number;
  /** Slots that the module has. */
  capacity: number;
  /** The confirmation code of the newest Fault. */
  code: number;
}

export function send(finger: Finger, phase: Phase, contents: string): FingerReport {
  finger.phase = phase;
  finger.isAsked = true;
  finger.rest = "";
  finger.board.uart(Port.Finger, buildCommand(contents));
  finger.board.timer(finger.timer, phase <= Phase.Params ? SETUP_MS_MAX : ANSWER_MS_MAX);
  return FingerReport.None;
}

export function setUp(finger: Finger): void {
  finger.triesLeft = SETUP_TRIES;
  verify(finger);
}

export function verify(finger: Finger): FingerReport {
  finger.triesLeft--;
  return send(finger, Phase.Verify, "\x13" + finger.password);
}

/** Takes up what is wanted, if anything is. */
export function begin(finger: Finger): void {
  const task = finger.wanted;
  finger.phase = Phase.Idle;
  finger.isAsked = false;
  finger.task = task;
  finger.wanted = Task.None;
  finger.isCancelled = false;
  finger.isSecond = false;
  finger.slot = finger.wantedSlot;
  finger.mustLift = finger.wantedAnew;
  if (task === Task.None) finger.board.timer(finger.timer, POLL_MS);
  else if (task === Task.Delete) send(finger, Phase.Delete, deletionOf(finger.slot));
  else if (task === Task.Empty) send(finger, Phase.Empty, "\x0d");
  else if (task === Task.Count) send(finger, Phase.Count, "\x1d");
  else if (finger.hasLight) send(finger, Phase.LightOn, "\x35\x03\0\x02\0");
  else lookFirst(finger);
}

export function deletionOf(slot: number): string {
  return "\x0c" + word(slot) + "\0\x01";
}

export function lookFirst(finger: Finger): FingerReport {
  return awaitTouch(finger, finger.mustLift ? Phase.Lifted : Phase.Touch);
}

export function end(finger: Finger, report: FingerReport): FingerReport {
  const isLit = finger.hasLight && (finger.task === Task.Match || finger.task === Task.Enrol);
  finger.task = Task.None;
  if (isLit) send(finger, Phase.LightOff, LIGHT_OFF);
  else begin(finger);
  return report;
}

export function awaitTouch(finger: Finger, phase: Phase): FingerReport {
  finger.touchUntilMs = finger.board.nowMs() + TOUCH_MS_MAX;
  return look(finger, phase);
}

export function look(finger: Finger, phase: Phase): FingerReport {
  if (finger.isCancelled) return end(finger, FingerReport.None);
  return send(finger, phase, "\x01");
}

/** Before the module is asked whose finger it is: what has to be kept of a try is kept first. */
export function hold(finger: Finger): FingerReport {
  if (finger.isCancelled) return end(finger, FingerReport.None);
  finger.phase = Phase.Held;
  finger.isAsked = false;
  finger.board.timer(finger.timer, ANSWER_MS_MAX);
  return FingerReport.Touched;
}

/** The finger is not there yet, or still there. */
export function lookLater(finger: Finger): FingerReport {
  if (finger.isCancelled) return end(finger, FingerReport.None);
  if (finger.board.nowMs() >= finger.touchUntilMs) return end(finger, FingerReport.NoFinger);
  finger.isAsked = false;
  finger.board.timer(finger.timer, LOOK_MS);
  return FingerReport.None;
}

/** Nothing can be asked of the module now. What was wanted is over. */
export function lose(finger: Finger, report: FingerReport, isSettingUp: boolean): FingerReport {
  const isNews = finger.task !== Task.None || finger.wanted !== Task.None || finger.health !== report;
  finger.health = report;
  finger.task = Task.None;
  finger.wanted = Task.None;
  if (isSettingUp) begin(finger);
  else setUp(finger);
  return isNews ? report : FingerReport.None;
}
