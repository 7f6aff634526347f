/**
 * Serial character display, 21 columns and 8 rows, ECMA-48 subset: CUP (8.3.21) `ESC [ row ; column H`, EL (8.3.41)
 * `ESC [ K`, and ASCII text. Only rows that changed are sent. No answer, so no wait.
 *
 * Part: serial terminal display, 21 x 8 characters
 * Bus: UART
 * Document: ECMA-48, 5th edition (1991), 8.3.21 and 8.3.41
 * Pins: TX, VCC, GND
 * Slowest: no wait
 */
import { type Board, Port } from "../board/board";

export interface Display {
  board: Board;
  /** What stands on the glass, row by row. */
  rows: string[];
}

export function openDisplay(board: Board): Display {
  return { board: board, rows: [] };
}

/** Shows the rows of `text`, which line feeds part. */
export function show(display: Display, text: string): void {
  const rows = text.split("\n");
  let out = "";
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] !== display.rows[i]) out += "\x1b[" + (i + 1) + ";1H" + rows[i] + "\x1b[K";
  }
  display.rows = rows;
  if (out) display.board.uart(Port.Display, out);
}
