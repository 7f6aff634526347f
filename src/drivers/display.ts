/**
 * Serial character display, 21 columns and 8 rows, ECMA-48 subset: CUP (8.3.21) `ESC [ row ; column H`, EL (8.3.41)
 * `ESC [ K`, and text: ASCII, and GB 2312 over two columns. Only rows that changed are sent. No answer, so no wait.
 *
 * Part: serial terminal display, 21 x 8 characters
 * Bus: UART
 * Document: ECMA-48, 5th edition (1991), 8.3.21 and 8.3.41
 * Pins: TX, VCC, GND
 * Slowest: no wait
 */
import { type Board, Port } from "../board/board";
import { type Panel, Role, type Screen } from "./screen";

const COLUMNS = 21;
const LINES_MAX = 3;
/** All rows of a display that is dark: it has no other way to be. */
const BLANK = "\n\n\n\n\n\n\n";

/** Row 0 is the status row, 1 the title, 2 empty, 3 the amount, 4 to 6 lines, 7 the hint. A QR symbol it cannot show. */
export function rowsOf(screen: Screen): string[] {
  const amount = screen.amount && screen.amount + " " + screen.currency;
  const gap = COLUMNS - screen.status.length;
  const rows = [screen.status + screen.alert.padStart(gap, " "), screen.title, "", amount].concat(
    screen.lines.split("\n"),
  );
  while (rows.length < 4 + LINES_MAX) rows.push("");
  rows.push(screen.hint);
  return rows;
}

export function openDisplay(board: Board): Panel {
  /** What stands on the glass, row by row. */
  let shown: string[] = [];
  return {
    show: (screen) => {
      const rows = screen.role === Role.Dark ? BLANK.split("\n") : rowsOf(screen);
      let out = "";
      for (let i = 0; i < rows.length; i++) {
        if (rows[i] !== shown[i]) out += "\x1b[" + (i + 1) + ";1H" + rows[i] + "\x1b[K";
      }
      shown = rows;
      if (out) board.uart(Port.Display, out);
    },
    on: () => false,
  };
}
