/** Buzzer patterns: told apart by pitch and length, so that no one has to look. */
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
