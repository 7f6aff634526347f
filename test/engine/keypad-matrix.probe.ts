/** The key matrix on the bench: every report with its key and time. Command 1 starts it. */
import { Happening } from "../../src/board/board";
import { board } from "../../src/board/console";
import {
  KeypadReport,
  onKeypadPins,
  onKeypadTimer,
  openKeypadMatrix,
  startKeypad,
} from "../../src/drivers/keypad-matrix";

declare const io: { tx(line: string): void };

const pad = openKeypadMatrix(board, 4);

board.start((happening, value, text) => {
  let report: KeypadReport = KeypadReport.None;
  if (happening === Happening.Pins) report = onKeypadPins(pad, text);
  if (happening === Happening.Timer && value === 4) report = onKeypadTimer(pad);
  if ((happening as number) === 20) startKeypad(pad);
  if (report !== KeypadReport.None) io.tx(JSON.stringify(["x", report, pad.key, board.nowMs()]));
});
