/** Facts: what a key, a card or an answer means in each state, and that a refused one changes nothing. */
import { beforeEach, describe, expect, test } from "vitest";
import * as part from "../../src/txn/desk";
import { openDesk, Task } from "../../src/txn/desk";
import { answerFact, cardFact, keyFact } from "../../src/txn/facts";
import { AMOUNT_MINOR_MAX } from "../../src/txn/money";
import { BATCH_PAGES_MAX } from "../../src/txn/ring";
import { Event, Notice, openTerminal, State, STATE_COUNT, type Terminal } from "../../src/txn/state";
import { DeskText } from "../../src/txn/texts-desk";
import { settings, transaction } from "./samples";

let t: Terminal;
beforeEach(() => {
  t = { ...openTerminal(), settings: settings(), month: "2601", state: State.Amount };
});

describe("keys", () => {
  test("type an amount from the right", () => {
    t.state = State.Idle;
    expect(keyFact(t, "1")).toBe(Event.Digit);
    t.state = State.Amount;
    for (const key of ["2", "5", "0"]) keyFact(t, key);
    expect(t.amountMinor).toBe(1250);
    expect(keyFact(t, ":")).toBe(Event.Digit);
    expect(t.amountMinor).toBe(125000);
    expect(keyFact(t, "B")).toBe(Event.Back);
    expect(t.amountMinor).toBe(12500);
  });

  test("stop at the greatest amount without changing it", () => {
    t.amountMinor = AMOUNT_MINOR_MAX;
    expect(keyFact(t, "1")).toBe(Event.None);
    expect(keyFact(t, ":")).toBe(Event.None);
    expect(t.amountMinor).toBe(AMOUNT_MINOR_MAX);
  });

  test("green needs an amount", () => {
    expect(keyFact(t, "E")).toBe(Event.None);
    t.amountMinor = 1;
    expect(keyFact(t, "E")).toBe(Event.Enter);
  });

  test("begin no sale while one is open", () => {
    for (const state of [State.Idle, State.Approved, State.Declined, State.Notice]) {
      Object.assign(t, { state, isOpen: true, amountMinor: 5 });
      expect(keyFact(t, "1")).toBe(Event.Busy);
      expect(t.amountMinor).toBe(5);
    }
  });

  test("of a terminal that is locked lead to the login, also where the last transaction has left something", () => {
    for (const left of [{}, { isSignedOff: true }, { splitMinor: 700 }, { batchPages: BATCH_PAGES_MAX }]) {
      for (const state of [State.Idle, State.Approved, State.Declined, State.Notice]) {
        t = { ...t, splitMinor: 0, isSignedOff: false, ...left, state, settings: settings({ lockMinutes: 5 }) };
        for (const key of ["1", "F"]) expect(keyFact(t, key)).toBe(Event.Login);
        expect(keyFact(t, "E")).toBe(t.splitMinor > 0 ? Event.Login : Event.Enter);
        t.operator = "07";
        for (const key of ["1", "F", "E"]) expect(keyFact({ ...t }, key)).not.toBe(Event.Login);
        t.operator = "";
      }
    }
    Object.assign(t, { state: State.Declined, notice: Notice.Referral, splitMinor: 0 });
    expect(keyFact(t, "E")).toBe(Event.Login);
    t.operator = "07";
    expect(keyFact(t, "E")).toBe(Event.Wanted);
  });

  test("of the menu are refused to whom a function is not for; 0 is for the operators, on each page", () => {
    const press = (operator: string, page: number, key: string) => {
      Object.assign(t, { state: State.Menu, operator, settings: settings({ lockMinutes: 5, tipPercentMax: 20 }) });
      t.desk = { ...openDesk(part, t), page };
      return keyFact(t, key);
    };
    for (const [page, key] of [
      [0, "1"],
      [2, "4"],
      [3, "9"],
    ] as const) {
      expect(press("07", page, key)).toBe(Event.Missing);
      expect(t.desk?.notice).toBe(DeskText.NotYours);
      expect([Event.Missing, Event.None]).not.toContain(press("00", page, key));
    }
    expect(press("07", 2, "1")).toBe(Event.Wanted);
    expect(press("99", 2, "1")).toBe(Event.Missing);
    expect([0, 1, 2, 3].map((page) => press("07", page, "0"))).toEqual(Array(4).fill(Event.Login));
  });

  test("F asks for the menu where a sale may begin, a full batch for its closing", () => {
    for (const state of [State.Idle, State.Approved, State.Declined, State.Notice]) {
      Object.assign(t, { state, isOpen: false, batchPages: 0 });
      expect(keyFact(t, "F")).toBe(Event.Menu);
      t.batchPages = BATCH_PAGES_MAX - 1;
      expect(keyFact(t, "1")).toBe(Event.Digit);
      Object.assign(t, { batchPages: BATCH_PAGES_MAX, amountMinor: 0 });
      expect(keyFact(t, "1")).toBe(Event.Full);
      expect(t.amountMinor).toBe(0);
      Object.assign(t, { isOpen: true, txn: transaction() });
      expect([keyFact(t, "1"), keyFact(t, "F")]).toEqual([Event.Busy, Event.Busy]);
      t.txn = transaction({ kind: "00" });
      expect([keyFact(t, "1"), keyFact(t, "F")]).toEqual([Event.Unsettled, Event.Unsettled]);
    }
  });

  test("the green key asks for a tip where tips are taken", () => {
    t.amountMinor = 1000;
    t.settings = settings({ tipPercentMax: 20 });
    expect(keyFact(t, "E")).toBe(Event.Wanted);
    t.state = State.Entry;
    t.desk = openDesk(part, t);
    expect(t.desk.task).toBe(Task.SaleTip);
    const tip = (keys: string): [Event, number] => {
      Object.assign(t, { amountMinor: 1000 });
      Object.assign(t.desk ?? {}, { digits: "", about: "" });
      let event: Event = Event.None;
      for (const key of keys) event = keyFact(t, key);
      return [event, t.amountMinor];
    };
    expect(tip("200E")).toEqual([Event.Enter, 1200]);
    expect(t.desk?.about).toBe(`${" ".repeat(34)}000000000200`);
    expect(tip("201E")).toEqual([Event.Missing, 1000]);
    expect(tip("20D")).toEqual([Event.Enter, 1200]);
    expect(tip("21D")).toEqual([Event.Missing, 1000]);
    expect(tip("99999999D")).toEqual([Event.Missing, 1000]);
    expect(tip("E")).toEqual([Event.Enter, 1000]);
    expect(t.desk).toBeNull();
  });

  test.each([
    [5, 1252, 1250],
    [5, 1253, 1255],
    [5, 1, 5],
    [10, 1245, 1250],
    [1, 1253, 1253],
  ])("with coins of %i, %i is paid as %i", (cashUnitMinor, asked, paid) => {
    Object.assign(t, { settings: settings({ cashUnitMinor }), state: State.Amount, amountMinor: asked });
    t.desk = { ...openDesk(part, t), task: Task.Cash, kind: "36" };
    expect(keyFact(t, "E")).toBe(Event.Wanted);
    t.state = State.Entry;
    expect([keyFact(t, "E"), t.amountMinor]).toEqual([Event.Ready, paid]);
    expect(t.desk.about.slice(34)).toBe(String(paid).padStart(12, "0") + String(asked).padStart(12, "0"));
  });

  test.each([
    ["up to the limit, without a link", {}, "101", Event.Stored],
    ["above it", { amountMinor: 2001 }, "101", Event.Swiped],
    ["with a link", { isLinkUp: true }, "101", Event.Swiped],
    ["of a card with a chip", {}, "201", Event.Swiped],
    ["of a card with a chip for this country", {}, "601", Event.Swiped],
    ["of one that wants its PIN", {}, "106", Event.Swiped],
    ["where there is no limit", { settings: settings() }, "101", Event.Swiped],
  ])("a sale %s", (_, changes: Partial<Terminal>, service, event) => {
    Object.assign(t, { state: State.Card, amountMinor: 2000, settings: settings({ floorMinor: 2000 }) }, changes);
    expect(cardFact(t, "", `;4761739001010010=2812${service}1143800000000?`)).toBe(event);
    expect(t.txn?.kind).toBe(event === Event.Stored ? "30" : "22");
  });

  test("parts of an amount: the first key asks for the next one until the rest is paid, C ends it", () => {
    Object.assign(t, { settings: settings({ cashUnitMinor: 5 }), splitMinor: 700, splitPaidMinor: 300 });
    for (const state of [State.Idle, State.Approved, State.Declined, State.Notice])
      for (const key of ["1", "E", "F"]) {
        t.state = state;
        expect(keyFact(t, key)).toBe(Event.Wanted);
      }
    t.state = State.Entry;
    t.desk = openDesk(part, t);
    for (const key of "701") keyFact(t, key);
    expect(keyFact(t, "E")).toBe(Event.Missing);
    expect([keyFact(t, "E"), t.amountMinor]).toEqual([Event.Enter, 700]);
    expect(keyFact(t, "C")).toBe(Event.Answered);
    expect([t.splitMinor, t.desk.answer]).toEqual([0, "paid=3.00"]);
    expect(keyFact(t, "C")).toBe(Event.Cancel);
  });

  test("a key of a terminal that is signed off signs on and types nothing", () => {
    Object.assign(t, { state: State.Idle, isSignedOff: true, amountMinor: 0 });
    expect(keyFact(t, "1")).toBe(Event.SignOn);
    expect([t.isSignedOff, t.amountMinor]).toEqual([false, 0]);
    expect(keyFact(t, "1")).toBe(Event.Digit);
  });

  test("a refund takes no PIN, whatever the card wants", () => {
    Object.assign(t, { state: State.Card, canTakePin: true });
    const swipe = () => cardFact(t, "", ";6250947000000022=28122061143800000000?");
    expect(swipe()).toBe(Event.PinWanted);
    t.desk = { ...openDesk(part, t), kind: "25", about: "x".repeat(34) };
    expect(swipe()).toBe(Event.Swiped);
    expect(t.txn).toMatchObject({ kind: "25", about: "x".repeat(34) });
  });

  test("digits mean nothing elsewhere and change nothing", () => {
    for (let state = 0; state < STATE_COUNT; state++) {
      if ([State.Idle, State.Amount, State.Approved, State.Declined, State.Notice, State.Pin].includes(state)) continue;
      Object.assign(t, { state, amountMinor: 5 });
      expect(keyFact(t, "1"), `state ${state}`).toBe(Event.None);
      expect(t.amountMinor).toBe(5);
      expect(t.pin).toBe("");
    }
  });
});

describe("cards", () => {
  const GOOD = ";4761739001010010=28122011143800000000?";
  beforeEach(() => {
    t.state = State.Card;
    t.amountMinor = 1250;
  });

  test("a good one makes the transaction", () => {
    t.nextStan = 7;
    expect(cardFact(t, "", GOOD)).toBe(Event.Swiped);
    expect(t.txn).toMatchObject({ stan: 7, amountMinor: 1250, panMasked: "4761730010" });
    expect(t.track2).toBe("4761739001010010=28122011143800000000");
  });

  test.each([
    ["unreadable", "", "", Event.Unread, Notice.SwipeAgain],
    ["of two PANs", "%B5413330089020011^A^2812?", GOOD, Event.Unread, Notice.SwipeAgain],
    ["expired last month", "", ";4761739001010010=25122011143800000000?", Event.Barred, Notice.CardExpired],
    ["for cash machines", "", ";4761739001010010=28122031143800000000?", Event.Barred, Notice.CardNotHere],
    ["for cash only", "", ";4761739001010010=28122041143800000000?", Event.Barred, Notice.CardNotHere],
  ] as const)("one that is %s is not used, and not kept", (_, track1, track2, event, notice) => {
    expect(cardFact(t, track1, track2)).toBe(event);
    expect(t.notice).toBe(notice);
    expect([t.txn, t.track2]).toEqual([null, ""]);
  });

  test("a card is good to the end of its month", () => {
    expect(cardFact(t, "", ";4761739001010010=26012011143800000000?")).toBe(Event.Swiped);
  });

  test("a swipe at another time is nothing", () => {
    for (let state = 0; state < STATE_COUNT; state++) {
      if (state === State.Card) continue;
      t.state = state;
      expect(cardFact(t, "", GOOD)).toBe(Event.None);
      expect(t.track2).toBe("");
    }
  });
});

describe("answers", () => {
  const answer = (changes: Record<number, string> = {}): string[] => {
    const fields: string[] = [];
    const all = {
      0: "0210",
      3: "000000",
      4: "000000001250",
      11: "000007",
      12: "120002",
      13: "0105",
      37: "600512000007",
      38: "123456",
      39: "00",
      41: "00000001",
      42: "000000000000001",
      49: "978",
      60: "22000001",
      63: "2026",
      ...changes,
    };
    for (const [field, value] of Object.entries(all)) if (value) fields[Number(field)] = value;
    return fields;
  };
  beforeEach(() => {
    Object.assign(t, { state: State.Online, txn: transaction(), isOpen: true });
  });

  test("an approval fills the transaction", () => {
    expect(answerFact(t, answer())).toBe(Event.Approved);
    expect(t.txn).toMatchObject({
      rrn: "600512000007",
      approvalCode: "123456",
      localTime: "20260105120002",
      responseCode: "00",
    });
  });

  test("anything but 00 is a refusal", () => {
    expect(answerFact(t, answer({ 39: "51", 38: "" }))).toBe(Event.Declined);
    expect(t.txn?.responseCode).toBe("51");
  });

  test.each([
    ["another type", { 0: "0410" }],
    ["another STAN", { 11: "000008" }],
    ["another amount", { 4: "000000001251" }],
    ["another terminal", { 41: "00000002" }],
    ["another currency", { 49: "840" }],
    ["another batch", { 60: "22000002" }],
    ["no RRN", { 37: "" }],
    ["no approval code", { 38: "" }],
    ["no time", { 12: "" }],
    ["no year", { 63: "" }],
  ])("%s is no answer, and nothing is changed", (_, changes) => {
    const before = JSON.stringify(t);
    expect(answerFact(t, answer(changes))).toBe(Event.None);
    expect(JSON.stringify(t)).toBe(before);
  });

  test("a late approval is never one: the sale is being undone", () => {
    for (const state of [State.Undo, State.Idle]) {
      t.state = state;
      expect(answerFact(t, answer())).toBe(Event.None);
    }
  });

  test.each([
    ["00", Event.Undone],
    ["12", Event.Undone],
    ["25", Event.Undone],
    ["96", Event.None],
    ["64", Event.None],
  ])("a reversal answered with %s", (responseCode, event) => {
    t.state = State.Undo;
    expect(answerFact(t, answer({ 0: "0410", 39: responseCode }))).toBe(event);
  });
});
