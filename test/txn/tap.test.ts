/** Taps in the terminal: parameters that are checked, readings that begin anew, and what of them is kept. */
import { beforeEach, describe, expect, test } from "vitest";
import { type Board, Happening, Port } from "../../src/board/board";
import { openDisplay } from "../../src/drivers/display";
import { plain } from "../../src/proto/plain";
import { ownValue } from "../../src/proto/emv-own";
import { frameOf } from "../../src/sim/twins/pn532";
import { typeACard } from "../../src/sim/twins/pn532-card";
import { applyRecord, outcomeBody } from "../../src/txn/book";
import { receiptLine } from "../../src/txn/receipt";
import { Record } from "../../src/txn/record";
import { Event, Notice, openTerminal, State } from "../../src/txn/state";
import { tapParams } from "../../src/txn/tap-params";
import { TAP_RECORD } from "../../src/txn/tap.table";
import { holdTaps, onTaps } from "../../src/txn/taps";
import { Timer } from "../../src/txn/timers";
import { openWorks } from "../../src/txn/power-on";
import type { Works } from "../../src/txn/works";
import { type FakeBoard, fakeBoard } from "../drivers/fake-board";
import { hex } from "../proto/tap-desk";
import { settings, transaction } from "./samples";

const read = (record: string, takesPin = true, changes = {}) =>
  tapParams(record, settings(changes), takesPin, plain.crc32);
/** Of each application: AID, kernel, limits, qualifiers, version. */
function appsOf(params: string): string[] {
  const apps: string[] = [];
  for (let at = 10; at < params.length - 4;) {
    const lengths = [params.charCodeAt(at++), 1, 4, 4, 4, 2];
    apps.push(lengths.map((count) => hex(params.slice(at, (at += count)))).join(" "));
  }
  return apps;
}

describe("parameters", () => {
  test("of the record that is built in", () => {
    const params = read(TAP_RECORD);
    expect(params).toBe(TAP_RECORD);
    expect(hex(params.slice(0, 10))).toBe("0001 0978 0276 404800 21".replaceAll(" ", ""));
    expect(appsOf(params)).toEqual([
      "A0000000031010 03 000186A0 00001388 24004000 0096",
      "A0000000032010 03 000186A0 00001388 24004000 0096",
      "A0000000041010 02 000186A0 00001388 24004000 0002",
      "A0000000043060 02 000186A0 00001388 24004000 0002",
      "A00000033301 07 000186A0 00001388 24004000 0020",
    ]);
  });

  test("of a terminal that takes no PIN say so to the card", () => {
    const params = read(TAP_RECORD, false);
    expect(appsOf(params).every((each) => each.includes(" 20004000 "))).toBe(true);
    expect(appsOf(params)).toHaveLength(5);
    expect(hex(params.slice(6, 9))).toBe("400800");
  });

  test("that are cut, changed in any bit, or for another currency are none", () => {
    for (let length = 0; length < TAP_RECORD.length; length++) expect(read(TAP_RECORD.slice(0, length))).toBe("");
    for (let bit = 0; bit < 8 * TAP_RECORD.length; bit++) {
      const at = bit >> 3;
      const byte = String.fromCharCode(TAP_RECORD.charCodeAt(at) ^ (1 << (bit & 7)));
      expect(read(TAP_RECORD.slice(0, at) + byte + TAP_RECORD.slice(at + 1)), `bit ${bit}`).toBe("");
    }
    expect(read(TAP_RECORD, true, { currencyNumber: "840" })).toBe("");
  });
});

describe("at the reader", () => {
  const { atqa, sak, uid, ats } = typeACard();
  const CARD = `\xd5\x4b\x01\x01${atqa}${String.fromCharCode(sak, uid.length)}${uid}${ats}`;
  const ACK = "\0\0\xff\0\xff\0";
  /** A directory with one application that the terminal takes. */
  const FCI = "\x6f\x20\x84\x0e2PAY.SYS.DDF01\xa5\x0e\xbf\x0c\x0b\x61\x09\x4f\x07\xa0\0\0\0\x03\x10\x10\x90\0";
  let board: FakeBoard;
  let works: Works;
  let randomNumber: number;

  beforeEach(() => {
    randomNumber = 0;
    board = { ...fakeBoard(), random: () => ++randomNumber };
    works = openWorks(board as Board, plain, openDisplay(board as Board), () => null);
    Object.assign(works.t, { settings: settings({ tap: "hsu" }), month: "2601", state: State.Card, amountMinor: 1250 });
  });

  const timer = (id: Timer) => {
    expect(board.timers.delete(id), `timer ${id} is armed`).toBe(true);
    return onTaps(works, Happening.Timer, id, "");
  };
  const sent = () => board.written.splice(Port.Nfc, 1, "")[0] as string;
  /** A command to the card has left. */
  const isAsked = () => sent().includes("\xd4\x40");
  const answer = (data: string) => onTaps(works, Happening.Uart, Port.Nfc, ACK + frameOf(data));

  /** Asks for a card, sets the device up. */
  function open(): void {
    holdTaps(works, true);
    timer(Timer.Tap);
    for (const data of ["\xd5\x15", "\xd5\x03\x32\x01\x06\x07", "\xd5\x33", "\xd5\x33"])
      expect(answer(data)).toBe(Event.None);
    timer(Timer.Nfc);
    sent();
  }

  /** A look: no card of type B, then what the device says of type A. */
  function look(typeA: string): Event {
    timer(Timer.Tap);
    const event = answer("\xd5\x4b\0");
    return event === Event.None ? answer(typeA) : event;
  }

  test("nothing of it is in memory before a card is asked for, nor after", () => {
    expect(works.taps).toBeNull();
    open();
    expect(works.taps).not.toBeNull();
    holdTaps(works, false);
    expect(works.taps).toBeNull();
    // What ran is broken off, and the field is off.
    expect(hex(sent())).toMatch(/^0000FF00FF00.*D4320100/);
    expect([board.timers.has(Timer.Nfc), board.timers.has(Timer.Tap)]).toEqual([false, false]);
  });

  test("no device is touched where none is built in", () => {
    works.t.settings = settings();
    holdTaps(works, true);
    expect(board.timers.has(Timer.Tap)).toBe(false);
  });

  test("a card that leaves may come again, to a reading with another unpredictable number", () => {
    open();
    const numbers: string[] = [];
    for (let i = 0; i < 3; i++) {
      expect(look(CARD)).toBe(Event.None);
      const tap = works.taps?.own.tap;
      numbers.push(hex(ownValue(tap?.own ?? "", "\x9f\x37")));
      expect(answer(`\xd5\x41\0${FCI}`)).toBe(Event.None);
      // Status 01: no answer from the card. The driver takes the field down, then the tap is over.
      expect(answer("\xd5\x41\x01")).toBe(Event.None);
      expect(answer("\xd5\x33")).toBe(Event.None);
      expect(timer(Timer.Nfc)).toBe(Event.Unread);
      expect(works.t.notice).toBe(Notice.TapAgain);
      expect([works.t.track2, works.t.chipData, works.t.txn]).toEqual(["", "", null]);
      expect(works.taps?.own.tap).toBeNull();
      sent();
      holdTaps(works, true);
    }
    expect(new Set(numbers).size).toBe(3);
  });

  test("a card that is refused is read once, and again when it was away", () => {
    open();
    expect(look(CARD)).toBe(Event.None);
    // No directory.
    expect(answer("\xd5\x41\0\x6a\x82")).toBe(Event.Unread);
    expect(works.t.notice).toBe(Notice.OtherCard);
    holdTaps(works, true);
    const again = () => {
      timer(Timer.Tap);
      answer("\xd5\x33");
      timer(Timer.Nfc);
      answer("\xd5\x4b\0");
      return answer(CARD);
    };
    sent();
    expect(again()).toBe(Event.None);
    expect(isAsked()).toBe(false);
    timer(Timer.Tap);
    answer("\xd5\x33");
    timer(Timer.Nfc);
    for (let i = 0; i < 3; i++) expect(answer("\xd5\x4b\0")).toBe(Event.None);
    expect(look(CARD)).toBe(Event.None);
    expect(isAsked()).toBe(true);
  });

  test("two cards are told once", () => {
    open();
    const two = `\xd5\x4b\x02${CARD.slice(3).repeat(2)}`;
    const settle = () => {
      answer("\xd5\x33");
      return timer(Timer.Nfc);
    };
    expect(look(two)).toBe(Event.None);
    expect(settle()).toBe(Event.Unread);
    expect(works.t.notice).toBe(Notice.OneCard);
    holdTaps(works, true);
    expect(look(two)).toBe(Event.None);
    expect(settle()).toBe(Event.None);
    expect(look(CARD)).toBe(Event.None);
    expect(isAsked()).toBe(true);
  });

  test("a reader that is not there leaves the stripe, and is found when it comes", () => {
    holdTaps(works, true);
    timer(Timer.Tap);
    for (let i = 0; i < 3; i++) expect(timer(Timer.Nfc)).toBe(Event.None);
    // Down; the driver tries again by itself.
    timer(Timer.Nfc);
    for (const data of ["\xd5\x15", "\xd5\x03\x32\x01\x06\x07", "\xd5\x33", "\xd5\x33"]) answer(data);
    timer(Timer.Nfc);
    expect(look(CARD)).toBe(Event.None);
    expect(isAsked()).toBe(true);
  });
});

describe("in the book", () => {
  const entry = `2001${"\xa0\0\0\0\x03\x10\x10"}`;
  const issuerData = "\x91\x0a12345678\x30\x30";
  const approved = transaction({ rrn: "600512000007", approvalCode: "123456", localTime: "20260105120002" });

  test.each([
    ["a stripe", "", ""],
    ["a chip", entry, issuerData],
    ["a chip whose issuer says nothing", entry, ""],
  ])("an approval says how the card came in: %s", (_, how, said) => {
    const t = { ...openTerminal(), txn: transaction(), isOpen: true };
    applyRecord(t, Record.Approved, outcomeBody({ ...approved, entry: how, issuerData: said }, Record.Approved));
    expect(t.txn).toMatchObject({ entry: how, issuerData: said, localTime: "20260105120002" });
    expect(t.isOwed).toBe(true);
  });

  test.each([
    ["0", "Contactless (C)"],
    ["1", "Contactless (C), PIN"],
    ["2", "Contactless (C), device"],
  ])("the receipt of a chip, verified as %s", (cvm, text) => {
    const txn = { ...approved, entry: cvm + entry.slice(1) };
    const t = { ...openTerminal(), txn };
    const lines: string[] = [];
    for (
      let line = receiptLine(t, settings(), txn, 0);
      line !== "";
      line = receiptLine(t, settings(), txn, lines.length)
    )
      lines.push(line);
    expect(lines.slice(5, 9)).toEqual([
      "lCard|************0010",
      `lEntry|${text}`,
      "lAID|A0000000031010",
      "lTime|2026-01-05 12:00:02",
    ]);
    expect(lines.at(-1)).toBe("iTEST KEYS - NOT A REAL PAYMENT");
  });
});
