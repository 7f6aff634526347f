/** What a login has in hand, and who may do what. */
import type { Board } from "../board/board";
import type { Stretch } from "../crypto/stretch";
import type { Finger } from "../drivers/fingerprint";
import type { fingersPart } from "./fingers.lazy";
import type { OperatorBook } from "./operator-book";
import type { operatorsPart } from "./operators.lazy";
import { NEEDS, Role } from "./operators.table";
import type { Terminal } from "./state";
import { entry } from "./texts";

/** What is being typed or shown. */
export const enum LoginField {
  Number = 0,
  Pin = 1,
  New = 2,
  /** The same once more. */
  Again = 3,
  Menu = 4,
  /** Whose PIN is set anew, or who is removed. */
  Whom = 5,
  /** Nothing: a finger is enrolled. */
  Finger = 6,
}

/** What the sensor waits for in an enrolment: a number of the texts. */
export const enum FingerStep {
  Put = 0,
  Lift = 1,
  Again = 2,
}

/** What flash is at work on. */
export const enum Stage {
  None = 0,
  Load = 1,
  /** The try is being counted. */
  Try = 2,
  /** The PIN is worked on, a round for each answer of flash. */
  Stretch = 3,
  Save = 4,
  /** Fingers that nobody knew are forgotten. */
  Forget = 5,
}

/** Why it was not done: a number of the texts. */
export const enum Refusal {
  None = 0,
  Wrong = 1,
  Waits = 2,
  Weak = 3,
  Differs = 4,
  NotYours = 5,
  /** Flash has no operators, or takes no change. */
  Lost = 6,
  NotThere = 7,
  /** A finger that is nobody's; and too many of those. */
  NotKnown = 8,
  FingersOff = 9,
  NoSensor = 10,
  /** Too little was seen of the finger. */
  Unclear = 11,
}

export interface Login {
  part: ReturnType<typeof operatorsPart>;
  field: LoginField;
  stage: Stage;
  refusal: Refusal;
  /** Until the next try. */
  minutes: number;
  /** Two digits: who logs in, or is seen to. */
  operator: string;
  /** What it is about (`Duty`); "": to be logged in. */
  duty: string;
  /** The new PIN that is to be typed again. */
  pin: string;
  book: OperatorBook | null;
  stretch: Stretch | null;
  board: Board | null;
  /** While a finger may be put down. */
  sensor: { part: ReturnType<typeof fingersPart>; own: Finger } | null;
  step: FingerStep;
  /** The slot of the finger that the sensor knew, -1 until it has been looked at; fingers in a row that it did not, this one among them. */
  found: number;
  misses: number;
}

/** Of an operator's number. */
export function roleOf(operator: string): Role {
  return operator === "99" ? Role.Admin : operator === "00" ? Role.Supervisor : Role.Cashier;
}

/** True where there are no operators, too. */
export function mayDo(t: Terminal, what: string): boolean {
  const isOpen = t.settings !== null && t.settings.lockMinutes === 0;
  return isOpen || (t.operator !== "" && entry(NEEDS, what + ":").indexOf(roleOf(t.operator)) >= 0);
}
