/** The handheld as text: 80 columns, 24 rows, ANSI colours. Pure: what is to be seen in, rows out. */
import { CARDS, TAPS } from "../sim/cards";
import { COLUMNS as DISPLAY_COLUMNS, ROWS as DISPLAY_ROWS } from "../sim/twins/display";

export const SCREEN_COLUMNS = 80;
export const SCREEN_ROWS = 24;

export interface View {
  display: readonly string[];
  /** Text lines on the paper, the newest last. */
  paper: readonly string[];
  beep: string;
  isOn: boolean;
  isLinkUp: boolean;
  hasPaper: boolean;
  /** Of fingerprints. */
  hasSensor?: boolean;
  /** One line about what just happened outside the handheld. */
  note: string;
}

const RESET = "\x1b[0m";
const GLASS = "\x1b[38;5;16;48;5;151m";
const DARK = "\x1b[38;5;16;48;5;66m";
const CASE = "\x1b[38;5;255;48;5;238m";
const KEY = "\x1b[38;5;16;48;5;252m";
const PAPER = "\x1b[38;5;16;48;5;231m";
const DIM = "\x1b[38;5;245m";

/** Four rows of four keys; the colours are those of every payment terminal. */
const KEYPAD = ["1 2 3 C", "4 5 6 B", "7 8 9 F", "00 0 . E"].map((row) => row.split(" "));
const KEY_COLOURS: Record<string, string> = {
  C: "\x1b[38;5;231;48;5;160m",
  B: "\x1b[38;5;16;48;5;220m",
  E: "\x1b[38;5;231;48;5;28m",
};

const CASE_COLUMNS = 44;
/** Letter, number and name of a card that is swiped; behind it the one that is tapped. */
const SWIPE_COLUMNS = 31;
/** What there is room for: 58 mm paper. */
export const PAPER_COLUMNS = 32;
const PAPER_ROWS = SCREEN_ROWS - 2;

/** The radicals of Unicode's East Asian scripts; from here on characters are two columns wide. */
const FIRST_WIDE = "\u2e80";
const widthOf = (char: string) => (char < FIRST_WIDE ? 1 : 2);

function fit(text: string, columns: number): string {
  let left = columns;
  let fitted = "";
  for (const char of text) {
    const width = widthOf(char);
    if (width > left) break;
    left -= width;
    fitted += char;
  }
  return fitted + " ".repeat(left);
}

/** Rows of the left half: case with display and keypad, then the cards and what else can be done. */
function leftRows(view: View): string[] {
  const rows = [`${CASE}${fit(" TILLET", CASE_COLUMNS)}${RESET}`];
  const glass = view.isOn ? GLASS : DARK;
  for (let i = 0; i < DISPLAY_ROWS; i++) {
    const shown = fit(view.isOn ? (view.display[i] ?? "") : "", DISPLAY_COLUMNS);
    rows.push(`${CASE} ${glass} ${shown} ${CASE} ${keypadRow(i)} ${RESET}`);
  }
  rows.push(`${CASE}${fit("", CASE_COLUMNS)}${RESET}`);
  rows.push(`${DIM}${fit(" Enter = E   Esc = C   Backspace = B  + = 00", CASE_COLUMNS)}${RESET}`);
  CARDS.forEach(({ name, t2 }, index) => {
    const letter = String.fromCharCode(97 + index);
    const swiped = `${letter} ${t2.slice(1, 5)}..${t2.slice(13, 17)} ${name}`;
    rows.push(fit(` ${fit(swiped, SWIPE_COLUMNS)}${letter.toUpperCase()} ${TAPS[index]?.name ?? ""}`, CASE_COLUMNS));
  });
  const cable = ` l  ${view.isLinkUp ? "pull the cable" : "plug the cable in"}`;
  rows.push(fit(`${fit(cable, SWIPE_COLUMNS)}p  ${view.hasPaper ? "paper out" : "paper in"}`, CASE_COLUMNS));
  const power = ` o  ${view.isOn ? "cut the power" : "power on"}`;
  const touch = view.hasSensor ? "t  finger" : "";
  rows.push(fit(`${fit(power, 20)}${fit(touch, 11)}Ctrl-C  end`, CASE_COLUMNS));
  return rows;
}

/** Two display rows a row of keys; 18 columns. */
function keypadRow(row: number): string {
  const keys = row % 2 === 0 ? KEYPAD[row / 2] : undefined;
  if (!keys) return " ".repeat(18);
  const drawn = keys.map((key) => `${KEY_COLOURS[key] ?? KEY}${key.padStart(2).padEnd(3)}${CASE}`);
  return drawn.join("  ");
}

function rightRows(view: View): string[] {
  const shown = view.paper.slice(-PAPER_ROWS);
  const blank = Array.from({ length: PAPER_ROWS - shown.length }, () => null);
  return [...blank, ...shown].map((line) =>
    line === null ? " ".repeat(PAPER_COLUMNS + 2) : `${PAPER} ${fit(line, PAPER_COLUMNS)} ${RESET}`,
  );
}

/** The whole screen, row by row. */
export function renderScreen(view: View): string[] {
  const left = leftRows(view);
  const right = rightRows(view);
  const rows = Array.from({ length: PAPER_ROWS }, (_, index) => {
    const cell = left[index] ?? "";
    return `${cell}${" ".repeat(Math.max(0, CASE_COLUMNS - visibleLength(cell)))}  ${right[index] ?? ""}`;
  });
  const beep = view.beep ? ` [beep: ${view.beep}]` : "";
  rows.push(
    `${DIM}${fit(` Simulator with test keys. Not certified: no PCI PTS, no EMVCo.${beep}`, SCREEN_COLUMNS)}${RESET}`,
  );
  rows.push(fit(` ${view.note}`, SCREEN_COLUMNS));
  return rows;
}

/** Columns that a row takes: its characters without the colours. */
export function visibleLength(row: string): number {
  return Array.from(row.replace(/\x1b\[[0-9;]*m/g, ""), widthOf).reduce((sum, width) => sum + width, 0);
}
