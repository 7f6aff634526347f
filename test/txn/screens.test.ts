/** Every screen fits the glass, says what to do, and shows no more of a PAN than it may. The receipt likewise. */
import { describe, expect, test } from "vitest";
import { RECEIPT_COLUMNS, receiptLine, Style } from "../../src/txn/receipt";
import { rowsOf } from "../../src/drivers/display";
import { screen } from "../../src/txn/screens";
import { openTerminal, PrinterFault, State, type Terminal } from "../../src/txn/state";
import { WORDS_EN } from "../../src/txn/texts-en.table";
import { WORDS_ZH } from "../../src/txn/texts-zh.table";
import { gb2312 } from "../../tools/gb2312.mjs";
import { settings, transaction } from "./samples";
import { CODES, everyTerminal } from "./terminals";

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
    const isAtWork = /Printing|Starting|undone/.test(rows.join(" "));
    expect(isAtWork || rows[7] !== "", `state ${t.state}`).toBe(true);
  }
});

test("no screen shows a PAN", () => {
  for (const t of everyTerminal())
    expect(rowsOf(screen({ ...t, track2: "4761739001010010=2812" })).join()).not.toMatch(/4761|0010/);
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
  expect(words.slice(0, 9).join("|")).not.toContain("code");
  expect(words[11]).toBe("Refused, code 99");
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
});

test("the settings say the language", () => {
  const title = (language: string) =>
    screen({ ...openTerminal(), settings: settings({ language }), state: State.Amount }).title;
  expect([title("en"), title("zh"), title("fr")]).toEqual(["SALE", gb2312("收款"), "SALE"]);
});

test("each language has each text, screens with a title and a hint in the same places", () => {
  const keys = Object.keys(WORDS_EN) as (keyof typeof WORDS_EN)[];
  expect(Object.keys(WORDS_ZH)).toEqual(keys);
  for (const key of keys) {
    expect(WORDS_ZH[key].includes("\n"), key).toBe(WORDS_EN[key].includes("\n"));
    expect(WORDS_ZH[key].endsWith("\n"), key).toBe(WORDS_EN[key].endsWith("\n"));
    expect(WORDS_ZH[key].match(/(?<=\||^|\s)[EBC](?=\s|[^\x00-\x7f])/g), key).toEqual(
      WORDS_EN[key].match(/(?<=\n|  )[EBC](?= )/g),
    );
    expect(WORDS_ZH[key].match(/[0-9]{2}/g), key).toEqual(WORDS_EN[key].match(/[0-9]{2}/g));
  }
});

test("the boot screen says what this is not", () => {
  expect(screen(openTerminal()).lines).toContain("Not certified:");
});

describe("receipt", () => {
  const approved = transaction({
    rrn: "600512000007",
    approvalCode: "123456",
    localTime: "20260105120002",
    responseCode: "00",
  });
  const receipt = (t: Partial<Terminal> = {}, isTest = true) => {
    const terminal = { ...openTerminal(), settings: settings({ isTest }), txn: approved, ...t };
    const lines: string[] = [];
    for (
      let line = receiptLine(terminal, settings({ isTest }), approved, 0);
      line !== "";
      line = receiptLine(terminal, settings({ isTest }), approved, lines.length)
    ) {
      lines.push(line);
      if (lines.length > 40) throw new Error("the receipt has no end");
    }
    return lines;
  };

  test("every line fits its style's columns", () => {
    for (const line of receipt()) {
      const columns = line.charAt(0) === Style.Large ? RECEIPT_COLUMNS / 2 : RECEIPT_COLUMNS;
      expect(line.length - 1, line).toBeLessThanOrEqual(columns);
    }
  });

  test("has all that a receipt must have", () => {
    const text = receipt().join("\n");
    for (const part of [
      "TILLET CORNER",
      "MID 000000000000001",
      "TID 00000001",
      "************0010",
      "2026-01-05 12:00:02",
      "STAN 000007",
      "600512000007",
      "123456",
      "EUR 12.50",
      "APPROVED",
      "Not certified",
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain("DUPLICATE");
    expect(receipt({ isDuplicate: true }).join("\n")).toContain("DUPLICATE");
  });

  test("shows four digits of the PAN and no expiry", () => {
    const text = receipt().join("\n");
    expect(text).not.toContain("476173");
    expect(text).not.toContain("2812");
  });

  test("says TEST only with test keys", () => {
    expect(receipt({}, true).join("\n")).toContain("TEST KEYS");
    expect(receipt({}, false).join("\n")).not.toContain("TEST");
  });
});
