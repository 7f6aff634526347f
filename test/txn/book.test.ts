/** What each record says and does to the book, and that none counts twice. */
import { beforeEach, describe, expect, test } from "vitest";
import { answerKeyOf, applyRecord, frameOf, outcomeBody, pageBody, saleBody } from "../../src/txn/book";
import { Record } from "../../src/txn/record";
import { parseSettings } from "../../src/txn/settings";
import { openTerminal, type Terminal } from "../../src/txn/state";
import { settings, transaction } from "./samples";

const ANSWER_KEY = "k".repeat(32);
const FRAME = "\x0100000001\x00\x00\x00\x02sealed";
const SALE = `0000070000000012504761730010${ANSWER_KEY}${FRAME}`;
const APPROVED = "00000760051200000712345620260205120002";
const approved = transaction({ rrn: "600512000007", approvalCode: "123456", localTime: "20260205120002" });

describe("bodies", () => {
  test("a sale: STAN, amount, masked PAN, answer key, sealed reversal", () => {
    expect(saleBody(transaction(), ANSWER_KEY, FRAME)).toBe(SALE);
    expect(answerKeyOf(SALE)).toBe(ANSWER_KEY);
    expect(frameOf(SALE)).toBe(FRAME);
  });

  test.each([
    [Record.Approved, APPROVED],
    [Record.Declined, "00000751"],
    [Record.Unsent, "000007"],
    [Record.Undone, "000007"],
    [Record.Printed, "000007"],
  ])("%s", (kind, body) => {
    expect(outcomeBody({ ...approved, responseCode: "51" }, kind)).toBe(body);
  });
});

describe("the book", () => {
  let t: Terminal;
  beforeEach(() => {
    t = { ...openTerminal(), month: "2601" };
  });
  const apply = (...records: [Record, string][]) => {
    for (const [kind, body] of records) applyRecord(t, kind, body);
    const { approvedCount: count, approvedMinor: total, isOpen, isOwed } = t;
    return { count, total, isOpen, isOwed };
  };

  test("a sale opens, the next STAN follows", () => {
    expect(apply([Record.Sale, SALE])).toEqual({ count: 0, total: 0, isOpen: true, isOwed: false });
    expect(t.txn).toEqual(transaction());
    expect(t.nextStan).toBe(8);
    apply([Record.Sale, `999999${SALE.slice(6)}`]);
    expect(t.nextStan).toBe(1);
  });

  test("an approval counts once, brings the time, and owes a receipt", () => {
    apply([Record.Sale, SALE]);
    expect(apply([Record.Approved, APPROVED])).toEqual({ count: 1, total: 1250, isOpen: false, isOwed: true });
    expect(t.txn).toEqual({ ...approved, responseCode: "" });
    expect(t.month).toBe("2602");
    expect(apply([Record.Approved, APPROVED])).toMatchObject({ count: 1, total: 1250 });
    expect(apply([Record.Printed, "000007"])).toEqual({ count: 1, total: 1250, isOpen: false, isOwed: false });
    expect(apply([Record.Approved, APPROVED])).toMatchObject({ count: 1, isOwed: false });
  });

  test.each([Record.Declined, Record.Unsent, Record.Undone])("%s closes and counts nothing", (kind) => {
    apply([Record.Sale, SALE]);
    expect(apply([kind, "000007"])).toEqual({ count: 0, total: 0, isOpen: false, isOwed: false });
    expect(apply([Record.Approved, APPROVED])).toMatchObject({ count: 0, total: 0, isOwed: false });
  });

  test("what speaks of another STAN, or of none that is known, does nothing", () => {
    expect(apply([Record.Approved, APPROVED])).toEqual({ count: 0, total: 0, isOpen: false, isOwed: false });
    apply([Record.Sale, SALE]);
    for (const kind of [Record.Approved, Record.Declined, Record.Unsent, Record.Undone, Record.Printed])
      expect(apply([kind, `000008${APPROVED.slice(6)}`])).toEqual({ count: 0, total: 0, isOpen: true, isOwed: false });
  });

  test("a page head carries it on, but not the sale whose receipt is owed: its own records follow", () => {
    Object.assign(t, { nextStan: 8, batchNumber: 3, approvedCount: 5, approvedMinor: 999999999999, month: "2602" });
    expect(pageBody(t, 17)).toBe("0000000017000008000003000005" + "9999999999992602");
    const other = openTerminal();
    applyRecord(other, Record.Page, pageBody(t, 17));
    expect(other).toEqual({
      ...openTerminal(),
      nextStan: 8,
      batchNumber: 3,
      approvedCount: 5,
      approvedMinor: 999999999999,
      month: "2602",
    });
    t.approvedMinor = 2250;
    Object.assign(t, { txn: transaction(), isOwed: true });
    expect(pageBody(t, 18)).toBe("0000000018000008000003000004" + "0000000010002602");
    Object.assign(t, { isOwed: false, isOpen: true });
    expect(pageBody(t, 18)).toBe("0000000018000008000003000005" + "0000000022502602");
  });

  test("a page head closes what another page left open", () => {
    apply([Record.Sale, SALE]);
    expect(apply([Record.Page, "00000000170000080000030000010000000000102602"])).toEqual({
      count: 1,
      total: 10,
      isOpen: false,
      isOwed: false,
    });
    expect(t.txn).toBeNull();
  });
});

test("settings are all there or none", () => {
  const parts = [
    "00000001",
    "000000000000001",
    "EUR",
    "978",
    "2",
    "host",
    "7583",
    "TILLET CORNER",
    "Market Street 1, Exampletown",
    "2601",
    "test",
  ];
  expect(parseSettings(parts.join("|"))).toEqual(settings());
  expect(parseSettings([...parts.slice(0, 10), "live"].join("|"))).toEqual(settings({ isTest: false }));
  const withOptions = (...options: string[]) => parseSettings([...parts, ...options].join("|"));
  expect(withOptions("printer=80")).toEqual(settings({ printer: "80" }));
  expect(withOptions("printer=80", "code=qr")).toEqual(settings({ printer: "80", receiptCode: "qr" }));
  for (const pinFormat of ["4", "0"] as const)
    expect(withOptions("code=bar", `pin=${pinFormat}`)).toEqual(settings({ pinFormat, receiptCode: "bar" }));
  expect(withOptions("pin=off")).toEqual(settings());
  expect(withOptions("pin=3")).toEqual(settings());
  expect(withOptions("later=thing")).toEqual(settings());
  expect(parseSettings(parts.slice(1).join("|"))).toBeNull();
  expect(parseSettings("")).toBeNull();
});
