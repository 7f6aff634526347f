/** The key matrix between levels that make sense, levels that make none, and a timer: it never hangs and types no key that is not there. */
import {
  type KeypadMatrix,
  KeypadReport,
  onKeypadPins,
  onKeypadTimer,
  openKeypadMatrix,
  startKeypad,
} from "../../src/drivers/keypad-matrix";
import { fakeBoard, PROFILE } from "../drivers/fake-board";

const KEYS = "123CU456BD789F :0.E ";
const COLUMNS = 5;
const ALL = (1 << KEYS.length) - 1;

let nowMs = 0;
let isArmed = false;
const board = {
  ...fakeBoard({ ...PROFILE, keys: KEYS, keyColumns: COLUMNS }),
  nowMs: () => nowMs,
  readMatrix: () => undefined,
  timer: (_: number, delayMs: number) => {
    isArmed = delayMs >= 0;
  },
};

/** True when two rows have two columns in common: nobody can tell the corners apart. */
function hasRectangle(picture: number): boolean {
  const rows = [15, 10, 5, 0].map((shift) => (picture >> shift) & 31);
  return rows.some((row, i) =>
    rows.slice(i + 1).some((other) => [1, 2, 4, 8, 16].filter((column) => row & other & column).length > 1),
  );
}

function levels(picture: number): string {
  return (picture ^ ALL).toString(2).padStart(KEYS.length, "0");
}

function check(pad: KeypadMatrix, report: KeypadReport, picture: number): void {
  if ((pad.down | pad.bit | pad.fresh | pad.ignored | pad.old) & ~pad.seen)
    throw new Error("a key is down that is not seen");
  if (pad.phase !== 0 && !isArmed) throw new Error(`phase ${pad.phase} waits for ever`);
  if (report < KeypadReport.None || report > KeypadReport.Silent) throw new Error(`report ${report}`);
  if (report !== KeypadReport.Key) return;
  const at = KEYS.indexOf(pad.key);
  if (at < 0 || pad.key === " ") throw new Error(`key ${JSON.stringify(pad.key)}`);
  if (!(pad.seen & (1 << (KEYS.length - 1 - at)))) throw new Error(`key ${pad.key} is not down`);
  if (pad.ignored === 0 && hasRectangle(picture) && pad.seen === picture && pad.key !== "B")
    throw new Error(`ghost ${pad.key}`);
}

export function fuzz(random: (below: number) => number): void {
  const pad = openKeypadMatrix(board, 4);
  isArmed = false;
  nowMs = random(1000);
  startKeypad(pad);
  let picture = 0;
  for (let step = 0; step < 24; step++) {
    let report: KeypadReport;
    const what = random(16);
    if (what < 4) picture ^= 1 << random(KEYS.length);
    if (what === 4) picture = random(8) === 0 ? random(ALL + 1) : 0;
    if (what < 9) {
      report = onKeypadPins(pad, levels(picture));
    } else if (what < 13) {
      nowMs += random(4) === 0 ? random(40_000) : random(30);
      isArmed = false;
      report = onKeypadTimer(pad);
    } else if (what < 15) {
      report = onKeypadPins(pad, levels(picture).slice(0, COLUMNS));
    } else {
      report = onKeypadPins(pad, Array.from({ length: random(24) }, () => "01x\xff".charAt(random(4))).join(""));
      continue;
    }
    check(pad, report, picture);
  }
}
