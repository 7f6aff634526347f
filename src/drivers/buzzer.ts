/**
 * Buzzer and lamps: short patterns that are told apart by pitch, length and number, so that no one has to look. A pattern is a row of
 * steps, and the next step comes by the timer. A new pattern ends the one before it, but lets the tone of Accepted sound to its end:
 * whatever else is wrong, the sale is good. The key tone leaves a pattern be. Units: Hz, ms. After each pattern the lamps are off.
 *
 * Part: passive piezo buzzer, three lamps
 * Bus: PWM, GPIO
 * Document: none: tones of 300 Hz to 2.4 kHz
 * Pins: tone, green, yellow, red, GND
 * Slowest: 1.2 s, the longest pattern
 */
import { type Board, Group } from "../board/board";

/** Lamps: green, yellow, red. */
const DARK = "000";
const TONE_KEY = 2400;
const KEY_MS = 15;

/** Steps of ten characters: tone (4 digits of Hz, 0000 for none), how long the step lasts (3 digits of 10 ms), lamps. */
export const enum Signal {
  /** Good: one long high tone, green stays on for a second. */
  Accepted = "1800025100" + "0000095100",
  /** Not good: one long low tone, red stays on. */
  Refused = "0300050001" + "0000070001",
  /** Somebody has to do something: three short tones, yellow. */
  Attention = "1200010010" + "0000005000" + "1200010010" + "0000005000" + "1200010010" + "0000005000",
  /** The card may go: two falling tones twice, yellow and green. */
  RemoveCard = "2000012110" + "1500012110" + "0000020000" + "2000012110" + "1500012110" + "0000020000",
}

const STEP_CHARS = 10;

export interface Buzzer {
  board: Board;
  timer: number;
  /** Steps still to come. */
  steps: string;
  /** The tone of Accepted sounds. */
  isAccepting: boolean;
}

export function openBuzzer(board: Board, timer: number): Buzzer {
  return { board: board, timer: timer, steps: "", isAccepting: false };
}

/** A key was taken. */
export function beepKey(buzzer: Buzzer): void {
  buzzer.board.tone(TONE_KEY, KEY_MS);
}

export function signal(buzzer: Buzzer, steps: Signal): void {
  buzzer.steps = steps;
  if (buzzer.isAccepting) return;
  onBuzzerTimer(buzzer);
  buzzer.isAccepting = steps === Signal.Accepted;
}

/** The step is over. */
export function onBuzzerTimer(buzzer: Buzzer): void {
  const steps = buzzer.steps;
  const board = buzzer.board;
  buzzer.steps = steps.substr(STEP_CHARS);
  buzzer.isAccepting = false;
  if (steps === "") {
    board.pins(Group.Led, DARK);
    return;
  }
  const frequencyHz = parseInt(steps.substr(0, 4), 10);
  const lastsMs = parseInt(steps.substr(4, 3), 10) * 10;
  board.pins(Group.Led, steps.substr(7, 3));
  if (frequencyHz > 0) board.tone(frequencyHz, lastsMs);
  board.timer(buzzer.timer, lastsMs);
}
