/** What each record says and does to the book, and that none counts twice. */
import { beforeEach, describe, expect, test } from "vitest";
import { applyRecord, outcomeBody, pageBody, saleBody, sealedAt } from "../../src/txn/book";
import { Record } from "../../src/txn/record";
import { parseSettings } from "../../src/txn/settings";
import { openTerminal, type Terminal, type Transaction } from "../../src/txn/state";
import { known } from "./device";
import { settings, transaction } from "./samples";

const ANSWER_KEY = "k".repeat(32);
const NONE = "0".repeat(15);
const FRAME = "\x0100000001\x00\x00\x00\x02sealed";
const SALE = `000007220000000012504761730010  00${ANSWER_KEY}${FRAME}`;
const APPROVED = "00000760051200000712345620260205120002";
const approved = transaction({ rrn: "600512000007", approvalCode: "123456", localTime: "20260205120002" });

describe("bodies", () => {
  test("a sale: STAN, amount, masked PAN, answer key, sealed reversal", () => {
    expect(saleBody(transaction(), ANSWER_KEY, FRAME)).toBe(SALE);
    expect(SALE.slice(sealedAt(SALE))).toBe(ANSWER_KEY + FRAME);
    const about = saleBody(transaction({ about: "x".repeat(34) }), ANSWER_KEY, FRAME);
    expect(about.slice(sealedAt(about))).toBe(ANSWER_KEY + FRAME);
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
    t = { ...openTerminal(), totals: NONE + NONE + NONE, month: "2601" };
  });
  const apply = (...records: [Record, string][]) => {
    for (const [kind, body] of records) applyRecord(t, kind, body);
    const { count, total } = known(t);
    return { count, total, isOpen: t.isOpen, isOwed: t.isOwed };
  };

  test("a sale opens, the next STAN follows", () => {
    expect(apply([Record.Sale, SALE])).toEqual({ count: 0, total: 0, isOpen: true, isOwed: false });
    expect(t.txn).toEqual(transaction());
    expect(t.nextStan).toBe(8);
    t.nextStan = 999999;
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

  test("each kind counts on its side, of a tip what it adds, and some nowhere", () => {
    const about = "000001000003010260051200000387654";
    for (const [kind, more, totals] of [
      ["22", "", "000000001250001" + NONE + NONE],
      ["20", "", "000000001250001" + NONE + NONE],
      ["24", "", "000000001250001" + NONE + NONE],
      ["30", "", "000000001250001" + NONE + NONE],
      ["34", "000000000250000000000150", "000000000150000" + NONE + NONE],
      ["23", "", NONE + "000000001250001" + NONE],
      ["21", "", NONE + "000000001250001" + NONE],
      ["25", "", NONE + "000000001250001" + NONE],
      ["36", "", NONE + NONE + "000000001250001"],
      ["10", "", NONE + NONE + NONE],
      ["11", "", NONE + NONE + NONE],
    ] as const) {
      const txn = transaction({ kind, about: `${about}1${more}` });
      t = { ...openTerminal(), totals: NONE + NONE + NONE, month: "2601" };
      apply([Record.Sale, saleBody(txn, ANSWER_KEY, FRAME)], [Record.Approved, APPROVED]);
      expect(t.totals, kind).toBe(totals);
      expect(t.txn, kind).toMatchObject({ kind, about: txn.about });
    }
  });

  test("a batch that was closed: the next one is empty, its report is owed", () => {
    const opened = saleBody(transaction({ stan: 9, kind: "00", about: "201", amountMinor: 0 }), ANSWER_KEY, FRAME);
    const closed = `000009999999${"1".repeat(45)}${"1".repeat(30)}1202602051200020000000017`;
    Object.assign(t, { batchNumber: 999999, totals: "1".repeat(45), batchPages: 7 });
    apply([Record.Closed, closed]);
    expect(t).toMatchObject({ batchNumber: 999999, batchPages: 7, isOwed: false });
    expect(apply([Record.Sale, opened], [Record.Closed, closed])).toEqual({
      count: 0,
      total: 0,
      isOpen: false,
      isOwed: true,
    });
    expect(t).toMatchObject({
      batchNumber: 1,
      totals: NONE + NONE + NONE,
      batchFirst: 17,
      batchPages: 0,
      nextStan: 10,
    });
    expect(t.txn).toMatchObject({ kind: "00", about: closed, localTime: "20260205120002" });
    expect(outcomeBody(t.txn as Transaction, Record.Closed)).toBe(closed);
    apply([Record.Printed, "000009"]);
    expect(t.isOwed).toBe(false);
  });

  test("a query uses its STAN and does nothing else; a record that moved along does not bring a STAN back", () => {
    apply([Record.Sale, SALE], [Record.Query, "000008"]);
    expect(t).toMatchObject({ nextStan: 9, isOpen: true });
    apply([Record.Sale, SALE]);
    expect(t.nextStan).toBe(9);
  });

  test("a page head carries it on, but not the sale whose receipt is owed: its own records follow", () => {
    const totals = "999999999999123" + "000000000100002" + "000000000200003";
    Object.assign(t, { nextStan: 8, batchNumber: 3, totals, batchFirst: 12, month: "2602" });
    expect(pageBody(t, 17)).toBe(`0000000017000008000003${totals}00000000122602`);
    const other = openTerminal();
    applyRecord(other, Record.Page, pageBody(t, 17));
    expect(other).toEqual({ ...openTerminal(), nextStan: 8, batchNumber: 3, totals, batchFirst: 12, month: "2602" });
    t.totals = "000000002250002" + NONE + NONE;
    Object.assign(t, { txn: transaction(), isOwed: true });
    expect(pageBody(t, 18)).toBe(`0000000018000008000003000000001000001${NONE}${NONE}00000000122602`);
    Object.assign(t, { isOwed: false, isOpen: true });
    expect(pageBody(t, 18)).toBe(`0000000018000008000003000000002250002${NONE}${NONE}00000000122602`);
  });

  test("a page head closes what another page left open", () => {
    apply([Record.Sale, SALE]);
    expect(apply([Record.Page, `0000000017000008000003000000000010001${NONE}${NONE}00000000122602`])).toEqual({
      count: 1,
      total: 10,
      isOpen: false,
      isOwed: false,
    });
    expect(t.txn).toBeNull();
  });
});

test("settings are all there or none, and those that may be there say what they are", () => {
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
  expect(withOptions("version=12")).toEqual(settings({ parametersVersion: 12 }));
  expect(withOptions("rekey=off", "version=0010")).toEqual(settings({ parametersVersion: 10, rekeys: false }));
  expect(withOptions("tip=20", "cash=5", "floor=2000")).toEqual(
    settings({ tipPercentMax: 20, cashUnitMinor: 5, floorMinor: 2000 }),
  );
  expect(withOptions("tip=x", "cash=", "floor=9999999999")).toEqual(settings());
  expect(withOptions("version=", "rekey=on")).toEqual(settings());
  expect(parseSettings("")).toBeNull();
});
