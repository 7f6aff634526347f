/** The receipt: what it must say, what it must not, and that every line fits the paper. */
import { describe, expect, test } from "vitest";
import { AMOUNT_MINOR_MAX } from "../../src/txn/money";
import { Style } from "../../src/drivers/escpos";
import { receiptLine } from "../../src/txn/receipt";
import { openTerminal, type Settings, type Terminal, type Transaction } from "../../src/txn/state";
import { settings, transaction } from "./samples";

const approved = transaction({
  rrn: "600512000007",
  approvalCode: "123456",
  localTime: "20260105120002",
  responseCode: "00",
});

function receipt(
  changes: { t?: Partial<Terminal>; settings?: Partial<Settings>; txn?: Partial<Transaction> } = {},
): string[] {
  const given = settings(changes.settings);
  const txn = { ...approved, ...changes.txn };
  const t = { ...openTerminal(), settings: given, txn, ...changes.t };
  const lines: string[] = [];
  for (let line = receiptLine(t, given, txn, 0); line !== ""; line = receiptLine(t, given, txn, lines.length)) {
    lines.push(line);
    if (lines.length > 40) throw new Error("the receipt has no end");
  }
  return lines;
}

test("line by line", () => {
  expect(receipt()).toEqual([
    "LTILLET CORNER",
    "cMarket Street 1, Exampletown",
    "-",
    "lMID 000000000000001|TID 00000001",
    "CSALE",
    "lCard|************0010",
    "lEntry|Swiped (S)",
    "lTime|2026-01-05 12:00:02",
    "lBatch 000001|STAN 000007",
    "lRRN|600512000007",
    "lApproval code|123456",
    "-",
    "HTOTAL|EUR 12.50",
    "-",
    "CAPPROVED",
    "cThank you",
    "sNot certified: no PCI PTS, no EMVCo",
    "iTEST KEYS - NOT A REAL PAYMENT",
  ]);
});

test("with the transaction's reference as a symbol when that is wanted, and else the same", () => {
  const plain = receipt();
  for (const [receiptCode, symbol] of [
    ["qr", "qTILLET 00000001 000007 600512000007"],
    ["bar", "k600512000007"],
  ] as const) {
    const lines = receipt({ settings: { receiptCode } });
    expect(lines[15]).toBe(symbol);
    expect(lines.filter((line) => line !== symbol)).toEqual(plain);
  }
});

describe("what the total is made of", () => {
  const none = " ".repeat(34);
  const digits = (...amounts: number[]) => amounts.map((each) => String(each).padStart(12, "0")).join("");
  const amounts = (txn: Partial<Transaction>, t: Partial<Terminal> = {}) =>
    receipt({ t, txn }).filter((line) => /Amount|Tip|Cash|Round|TOTAL|Given|Change|Original/.test(line));

  test.each([
    ["a tip", "22", none + digits(250), ["lAmount|10.00", "lTip|2.50", "HTOTAL|EUR 12.50"]],
    ["cash", "22", none + digits(0, 250), ["lAmount|10.00", "lCash back|2.50", "HTOTAL|EUR 12.50"]],
    [
      "a tip that came later",
      "34",
      "0000010000030105600512000003387654" + digits(250, 250) + "22",
      ["lOriginal|000001 000003", "lAmount|10.00", "lTip|2.50", "HTOTAL|EUR 12.50"],
    ],
    [
      "coins, less",
      "36",
      none + digits(2000, 1252),
      ["lAmount|12.52", "lRounding|-0.02", "HTOTAL|EUR 12.50", "lGiven|20.00", "lChange|7.50"],
    ],
    [
      "coins, more",
      "36",
      none + digits(1250, 1248),
      ["lAmount|12.48", "lRounding|0.02", "HTOTAL|EUR 12.50", "lGiven|12.50", "lChange|0.00"],
    ],
    ["nothing else", "36", none + digits(1250, 1250), ["HTOTAL|EUR 12.50", "lGiven|12.50", "lChange|0.00"]],
    ["a code by telephone", "30", `${" ".repeat(28)}471108`, ["HTOTAL|EUR 12.50"]],
  ])("%s", (_, kind, about, lines) => {
    expect(amounts({ kind, about })).toEqual(lines);
  });

  test("no card is shown of what was paid in cash", () => {
    const lines = receipt({ txn: { kind: "36", panMasked: " ".repeat(10), about: none + digits(1250, 1250) } });
    expect(lines.join()).not.toMatch(/Card|Entry|Original/);
    expect(lines[4]).toBe("CCASH SALE");
  });

  test("what the host has not answered has no time and no name, and says that it is not confirmed", () => {
    const lines = receipt({ t: { isOpen: true }, txn: { kind: "30", rrn: "", approvalCode: "", localTime: "" } });
    expect(lines.slice(4)).toEqual([
      "COFFLINE SALE",
      "lCard|************0010",
      "lEntry|Swiped (S)",
      "lBatch 000001|STAN 000007",
      "-",
      "HTOTAL|EUR 12.50",
      "-",
      "COFFLINE, NOT CONFIRMED YET",
      "cThank you",
      "sNot certified: no PCI PTS, no EMVCo",
      "iTEST KEYS - NOT A REAL PAYMENT",
    ]);
  });
});

describe("marks", () => {
  test("TEST with test keys only", () => {
    expect(receipt().filter((line) => line.includes("TEST"))).toHaveLength(1);
    expect(receipt({ settings: { isTest: false } }).join()).not.toContain("TEST");
  });

  test("DUPLICATE on all but the first", () => {
    expect(receipt().join()).not.toContain("DUPLICATE");
    expect(receipt({ t: { isDuplicate: true } })[4]).toBe("iSALE - DUPLICATE");
  });
});

test("four digits of the PAN, and nothing else of the card", () => {
  const text = receipt({ t: { track2: "4761739001010010=28122011143800000000", cardMasked: "476173******0010" } }).join(
    "\n",
  );
  expect(text.match(/0010/g)).toHaveLength(1);
  expect(text).not.toMatch(/4761|1739|0101|2812/);
});

describe("every line is printable ASCII, and only names are longer than 58 mm paper is wide", () => {
  const wide = {
    mid: "9".repeat(15),
    merchantName: "N".repeat(60),
    merchantPlace: "P".repeat(60),
  };
  const columns: Record<string, number> = { [Style.Large]: 16, [Style.Small]: 42 };
  test.each([
    ["EUR", 2, "HTOTAL|EUR 9999999.99"],
    ["JPY", 0, "HTOTAL|JPY 999999999"],
    ["KWD", 3, "HTOTAL|KWD 999999.999"],
  ])("%s", (currencyCode, exponent, amount) => {
    const lines = receipt({
      settings: { ...wide, currencyCode, exponent },
      txn: { amountMinor: AMOUNT_MINOR_MAX, stan: 999999 },
      t: { isDuplicate: true, batchNumber: 999999 },
    });
    expect(lines[12]).toBe(amount);
    for (const line of lines.slice(2)) {
      // What parts left from right becomes one blank at least.
      expect(line.length - 1, line).toBeLessThanOrEqual(columns[line.charAt(0)] ?? 32);
    }
    for (const line of lines) expect(line).toMatch(/^[lcCHLis-][ -~]*$/);
  });
});
