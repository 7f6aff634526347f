/** Every screen fits the glass, says what to do, and shows no more of a PAN than it may. */
import { expect, test } from "vitest";
import { AMOUNT_MINOR_MAX } from "../../src/txn/money";
import { SCREEN_COLUMNS, SCREEN_ROWS, screen } from "../../src/txn/screens";
import { Notice, openTerminal, PrinterFault, State, STATE_COUNT, type Terminal } from "../../src/txn/state";
import { settings, transaction } from "./samples";

const CODES = ["05", "13", "14", "43", "51", "54", "55", "57", "75", "86", "91", "94", "96", "99", "A0"];
const NOTICES = [
  Notice.None,
  Notice.SwipeAgain,
  Notice.CardExpired,
  Notice.CardNotHere,
  Notice.NoLink,
  Notice.Undone,
  Notice.Cancelled,
  Notice.Skipped,
  Notice.NoPin,
];

const FAULTS: readonly [boolean, PrinterFault][] = [
  [true, PrinterFault.PaperOut],
  [false, PrinterFault.NoPrinter],
  [false, PrinterFault.BatteryLow],
];

function everyTerminal(): Terminal[] {
  const terminals: Terminal[] = [];
  for (let state = 0; state < STATE_COUNT; state++) {
    for (const notice of NOTICES) {
      for (const responseCode of state === State.Declined ? CODES : [""]) {
        for (const [isOpen, printerFault] of FAULTS) {
          terminals.push({
            ...openTerminal(),
            state,
            notice,
            isOpen,
            isLinkUp: isOpen,
            printerFault,
            pin: "493817182736".substr(0, isOpen ? 0 : 12),
            pinTries: isOpen ? 0 : 1,
            settings: state === State.Boot ? null : settings(),
            amountMinor: AMOUNT_MINOR_MAX,
            txn: transaction({ responseCode, amountMinor: AMOUNT_MINOR_MAX }),
          });
        }
      }
    }
  }
  return terminals;
}

test("every screen has 8 rows of at most 21 printable characters", () => {
  for (const t of everyTerminal()) {
    const rows = screen(t).split("\n");
    expect(rows.length, `state ${t.state}`).toBe(SCREEN_ROWS);
    for (const row of rows) {
      expect(row.length, `state ${t.state}: ${row}`).toBeLessThanOrEqual(SCREEN_COLUMNS);
      expect(row).toMatch(/^[ -~]*$/);
    }
  }
});

test("every screen has a title, and says what to press or that it works", () => {
  for (const t of everyTerminal()) {
    const rows = screen(t).split("\n");
    expect(rows[1]).toMatch(/^[A-Z ]+$/);
    const isAtWork = /Printing|Starting|undone/.test(rows.join(" "));
    expect(isAtWork || rows[7] !== "", `state ${t.state}`).toBe(true);
  }
});

test("no screen shows a PAN", () => {
  for (const t of everyTerminal()) expect(screen({ ...t, track2: "4761739001010010=2812" })).not.toMatch(/4761|0010/);
});

test("of a PIN every screen shows at most how long it is", () => {
  for (const t of everyTerminal()) {
    const shown = screen({ ...t, pin: "4938", amountMinor: 1, txn: transaction({ amountMinor: 1 }) });
    expect(shown).not.toMatch(/[4938]/);
    expect(shown.includes("*"), `state ${t.state}`).toBe(t.state === State.Pin);
  }
});

test("a battery that is too low says what to do, and that the sale is good", () => {
  const state = { state: State.Paper, printerFault: PrinterFault.BatteryLow };
  const rows = screen({ ...openTerminal(), settings: settings(), txn: transaction(), ...state }).split("\n");
  expect(rows.slice(4)).toEqual([
    "Battery is low.",
    "Charge, then print.",
    "The sale is good.",
    "E print  C no receipt",
  ]);
});

test("three outcomes, three titles", () => {
  const title = (state: State) =>
    screen({ ...openTerminal(), settings: settings(), txn: transaction(), state }).split("\n")[1];
  expect([title(State.Approved), title(State.Declined), title(State.Undo)]).toEqual([
    "APPROVED",
    "DECLINED",
    "NOT KNOWN",
  ]);
});

test("each known response code has words of its own", () => {
  const words = CODES.map(
    (responseCode) =>
      screen({
        ...openTerminal(),
        settings: settings(),
        state: State.Declined,
        txn: transaction({ responseCode }),
      }).split("\n")[4],
  );
  expect(new Set(words).size).toBe(CODES.length);
  expect(words.slice(0, 11).join("|")).not.toContain("code");
  expect(words[13]).toBe("Refused, code 99");
});

test("the boot screen says what this is not", () => {
  expect(screen(openTerminal())).toContain("Not certified:");
});
