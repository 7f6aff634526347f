/** The receipt: what it must say, what it must not, and that every line fits the paper. */
import { describe, expect, test } from "vitest";
import { AMOUNT_MINOR_MAX } from "../../src/txn/money";
import { RECEIPT_COLUMNS, receiptLine, Style } from "../../src/txn/receipt";
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
    "lMID 000000000000001 TID 00000001",
    "l--------------------------------",
    "cSALE",
    "lCard            ************0010",
    "lEntry                 Swiped (S)",
    "lTime         2026-01-05 12:00:02",
    "lBatch 000001         STAN 000007",
    "lRRN                 600512000007",
    "lApproval code             123456",
    "LEUR 12.50",
    "cAPPROVED",
    "cNot certified: no PCI PTS, EMVCo",
    "cTEST KEYS - NOT A REAL PAYMENT",
  ]);
});

describe("marks", () => {
  test("TEST with test keys only", () => {
    expect(receipt().filter((line) => line.includes("TEST"))).toHaveLength(1);
    expect(receipt({ settings: { isTest: false } }).join()).not.toContain("TEST");
  });

  test("DUPLICATE on all but the first", () => {
    expect(receipt().join()).not.toContain("DUPLICATE");
    expect(receipt({ t: { isDuplicate: true } })[4]).toBe("cSALE - DUPLICATE");
  });
});

test("four digits of the PAN, and nothing else of the card", () => {
  const text = receipt({ t: { track2: "4761739001010010=28122011143800000000", cardMasked: "476173******0010" } }).join(
    "\n",
  );
  expect(text.match(/0010/g)).toHaveLength(1);
  expect(text).not.toMatch(/4761|1739|0101|2812/);
});

describe("every line fits the paper in printable ASCII", () => {
  const wide = {
    mid: "9".repeat(15),
    merchantName: "N".repeat(60),
    merchantPlace: "P".repeat(60),
  };
  test.each([
    ["EUR", 2, "LEUR 9999999.99"],
    ["JPY", 0, "LJPY 999999999"],
    ["KWD", 3, "LKWD 999999.999"],
  ])("%s", (currencyCode, exponent, amount) => {
    const lines = receipt({
      settings: { ...wide, currencyCode, exponent },
      txn: { amountMinor: AMOUNT_MINOR_MAX, stan: 999999 },
      t: { isDuplicate: true, batchNumber: 999999 },
    });
    expect(lines[11]).toBe(amount);
    for (const line of lines) {
      const columns = line.startsWith(Style.Large) ? RECEIPT_COLUMNS / 2 : RECEIPT_COLUMNS;
      expect(line.length - 1, line).toBeLessThanOrEqual(columns);
      expect(line).toMatch(/^[lcL][ -~]+$/);
    }
  });
});
