/**
 * Buzzer patterns: told apart by pitch and length, so that no one has to look.
 *
 * Part: passive piezo buzzer
 * Bus: PWM
 * Document: none: a tone of 300 Hz to 2.4 kHz
 * Pins: tone, GND
 * Slowest: no wait
 */
import type { Board } from "../board/board";

export function beepKey(board: Board): void {
  board.tone(2400, 15);
}

export function beepOk(board: Board): void {
  board.tone(1800, 250);
}

export function beepError(board: Board): void {
  board.tone(300, 500);
}
