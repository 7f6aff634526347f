/** Every screen fits the glass, says what to do, and shows no more of a PAN than it may. */
import { expect, test } from "vitest";
import { rowsOf } from "../../src/drivers/display";
import { screen } from "../../src/txn/screens";
import { openTerminal, PrinterFault, State, type Terminal } from "../../src/txn/state";
import { DESK_WORDS_EN } from "../../src/txn/texts-desk-en.table";
import { DESK_WORDS_ZH } from "../../src/txn/texts-desk-zh.table";
import { WORDS_EN } from "../../src/txn/texts-en.table";
import { WORDS_ZH } from "../../src/txn/texts-zh.table";
import { gb2312 } from "../../tools/gb2312.mjs";
import { settings, transaction } from "./samples";
import { CODES, everyTerminal } from "./terminals";

type Words = Readonly<Record<string, string>>;

test("every screen has 8 rows of at most 21 printable characters", () => {
  for (const t of everyTerminal()) {
    const rows = rowsOf(screen(t));
    expect(rows.length, `state ${t.state}`).toBe(8);
    for (const row of rows) {
      expect(row.length, `state ${t.state}: ${row}`).toBeLessThanOrEqual(21);
      expect(row).toMatch(/^[ -~]*$/);
    }
  }
});

test("every screen has a title, and says what to press or that it works", () => {
  for (const t of everyTerminal()) {
    const rows = rowsOf(screen(t));
    expect(rows[1]).toMatch(/^[A-Z ]+$/);
    const isAtWork = /Printing|printing|Starting|finished/.test(rows.join(" "));
    expect(isAtWork || rows[7] !== "", `state ${t.state}`).toBe(true);
  }
});

test("no screen shows a PAN: its last four digits where one is voided, and no more", () => {
  for (const t of everyTerminal())
    expect(
      rowsOf(screen({ ...t, track2: "4761739001010010=2812" }))
        .join()
        .replace("(0010)", ""),
    ).not.toMatch(/4761|0010/);
});

test("of a PIN every screen shows at most how long it is", () => {
  for (const t of everyTerminal().filter(({ desk, limits }) => desk === null && limits === null)) {
    const shown = rowsOf(screen({ ...t, pin: "4938", amountMinor: 1, txn: transaction({ amountMinor: 1 }) })).join(
      "\n",
    );
    expect(shown).not.toMatch(/[4938]/);
    expect(shown.includes("*"), `state ${t.state}`).toBe(t.state === State.Pin);
  }
});

test("a battery that is too low says what to do, and that the sale is good", () => {
  const state = { state: State.Paper, printerFault: PrinterFault.BatteryLow };
  const rows = rowsOf(screen({ ...openTerminal(), settings: settings(), txn: transaction(), ...state }));
  expect(rows.slice(4)).toEqual([
    "Battery is low.",
    "Charge, then print.",
    "The sale is good.",
    "E print  C no receipt",
  ]);
});

test("three outcomes, three titles", () => {
  const title = (state: State) => screen({ ...openTerminal(), settings: settings(), txn: transaction(), state }).title;
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
      }).lines.split("\n")[0],
  );
  expect(new Set(words).size).toBe(CODES.length);
  expect(words.slice(0, CODES.indexOf("94")).join("|")).not.toContain("code");
  expect(words[CODES.indexOf("99")]).toBe("Refused, code 99");
});

test("what is wrong stands in the status row, the gravest first, as far as there is room", () => {
  const alert = (t: Partial<Terminal>, isTest = true) =>
    screen({ ...openTerminal(), settings: settings({ isTest }), isLinkUp: true, state: State.Idle, ...t }).alert;
  const all = { isOpen: true, printerFault: PrinterFault.PaperOut, batteryPercent: 7 };
  expect(alert({})).toBe("");
  expect(alert({ batteryPercent: 84 })).toBe("84%");
  expect(alert({ printerFault: PrinterFault.PaperOut })).toBe("No paper");
  expect(alert(all)).toBe("Queue 1");
  expect(alert({ ...all, isOpen: false }, false)).toBe("No paper 7%");
  const waiting = "|000001300000000010004761730010  ".repeat(3);
  for (const isOpen of [true, false]) expect(alert({ ...all, isOpen, waiting })).toBe("Queue 3");
});

test("the time stands behind it while nothing is done, where there is room", () => {
  const alert = (t: Partial<Terminal>) =>
    screen({ ...openTerminal(), settings: settings(), isLinkUp: true, clock: "14:30", ...t }).alert;
  expect(alert({ state: State.Idle })).toBe("14:30");
  expect(alert({ state: State.Idle, batteryPercent: 84 })).toBe("84% 14:30");
  expect(alert({ state: State.Idle, isOpen: true })).toBe("Queue 1");
  expect(alert({ state: State.Amount })).toBe("");
});

test("connected is not signed on", () => {
  const status = (t: Partial<Terminal>) => screen({ ...openTerminal(), settings: settings(), ...t }).status;
  expect([status({}), status({ isLinkUp: true }), status({ isLinkUp: true, isSignedOn: true })]).toEqual([
    "Offline TEST",
    "Linked TEST",
    "Online TEST",
  ]);
});

test("the settings say the language", () => {
  const title = (language: string) =>
    screen({ ...openTerminal(), settings: settings({ language }), state: State.Amount }).title;
  expect([title("en"), title("zh"), title("fr")]).toEqual(["SALE", gb2312("收款"), "SALE"]);
});

test.each([
  ["the terminal's", WORDS_EN, WORDS_ZH],
  ["the functions'", DESK_WORDS_EN, DESK_WORDS_ZH],
])(
  "%s texts are there in each language, screens with a title and a hint in the same places",
  (_, english: Words, chinese: Words) => {
    const keys = Object.keys(english);
    expect(Object.keys(chinese)).toEqual(keys);
    for (const key of keys.filter((each) => english[each] !== "")) {
      if (key >= "a")
        expect((chinese[key] as string).includes("\n"), key).toBe((english[key] as string).includes("\n"));
      expect((chinese[key] as string).endsWith("\n"), key).toBe((english[key] as string).endsWith("\n"));
      expect((chinese[key] as string).match(/(?<=\||^|\s)[EBC](?=\s|[^\x00-\x7f])/g), key).toEqual(
        (english[key] as string).match(/(?<=\n|  )[EBC](?= )/g),
      );
      expect((chinese[key] as string).match(/[0-9]{2}/g), key).toEqual((english[key] as string).match(/[0-9]{2}/g));
    }
  },
);

test("the boot screen says what this is not", () => {
  expect(screen(openTerminal()).lines).toContain("Not certified:");
});
