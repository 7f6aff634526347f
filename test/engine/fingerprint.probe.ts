/** The fingerprint sensor alone: command 0 opens it, 1 matches, 2 enrols in the slot of its text, 3 deletes that slot, 4 counts, 5 cancels. */
import { Happening } from "../../src/board/board";
import { board } from "../../src/board/console";
import {
  cancelFinger,
  countFingers,
  deleteFinger,
  enrolFinger,
  type Finger,
  FingerReport,
  matchFinger,
  onFingerBytes,
  onFingerTimer,
  openFinger,
  searchFinger,
} from "../../src/drivers/fingerprint";

declare const io: { tx(line: string): void };

let finger: Finger | null = null;

function hear(opened: Finger, report: FingerReport): void {
  if (report === FingerReport.None) return;
  if (report === FingerReport.Touched) return searchFinger(opened);
  const value =
    report === FingerReport.Matched ? opened.found : report === FingerReport.Counted ? opened.count : opened.capacity;
  io.tx(JSON.stringify(["x", report, value]));
}

function command(opened: Finger, value: number, text: string): void {
  if (value === 1) matchFinger(opened, false);
  else if (value === 2) enrolFinger(opened, parseInt(text, 10), false);
  else if (value === 3) deleteFinger(opened, parseInt(text, 10));
  else if (value === 4) countFingers(opened);
  else if (value === 5) cancelFinger(opened);
}

board.start((happening, value, text) => {
  if ((happening as number) === 20 && value === 0) finger = openFinger(board, 1, "\0\0\0\0", true);
  if (!finger) return;
  if (happening === Happening.Uart) hear(finger, onFingerBytes(finger, text));
  if (happening === Happening.Timer) hear(finger, onFingerTimer(finger));
  if ((happening as number) === 20) command(finger, value, text);
});
