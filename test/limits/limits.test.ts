/** Limits: the rules by themselves, in the terminal and at the host, by one table of cases; and what must hold of any day. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertTxn, newTxn, type Txn } from "../../src/host/book";
import { hostTable, limitRefusal, methodAsked } from "../../src/host/limits";
import type { Order } from "../../src/host/issuer";
import { countedDay, limitOf, limitPassed, methodOf, newDay, takenOf } from "../../src/limits/limits";
import { TRANSACTION_TYPES } from "../../src/proto/types.table";
import { limitsTable } from "../../src/sim/factory-settings";
import { Event, Kind, Notice, openTerminal, State, type Transaction } from "../../src/txn/state";
import { countApproved, openWatch, restoreTaken, takenBody, watched } from "../../src/txn/watch";
import type { Works } from "../../src/txn/works";
import { Bench } from "../host/bench";
import { addCard } from "../host/books";
import { Clerk } from "../host/clerk";
import { FASTEST } from "../host/stores";
import { transaction } from "../txn/samples";
import { type Case, CASES, type Deal } from "./cases";

const DATE = "20260105";

describe.each(CASES)("$when: $passed", ({ table, taken = [], next, passed, answer = "61" }: Case) => {
  const method = ({ kind, isTap = false, isTyped = false }: Deal) => methodOf(kind, isTap, isTyped);

  test("by the rules", () => {
    const day = taken.reduce((all, deal) => countedDay(all, deal.kind, method(deal), "", deal.minor), newDay(DATE));
    expect(limitPassed(table, day, next.kind, method(next), "", next.minor)).toBe(passed);
  });

  test("in the terminal", () => {
    const watch = openWatch(`${table}w0`);
    taken.forEach((deal, index) => countApproved(watch, asTransaction(deal, index + 1)));
    const t = { ...openTerminal(), state: State.Confirm, limits: watch, txn: asTransaction(next, 99) };
    const event = watched(worksOf(t), watch, Event.Enter);
    expect([event, watch.passed]).toEqual([passed === "" ? Event.Enter : Event.Barred, passed]);
    expect(t.notice).toBe(passed === "" ? Notice.None : Notice.Limit);
  });

  test("at the host", async () => {
    const { store } = bench.host;
    await store.transact(async (session) => {
      const tid = `T${++tids}`;
      for (const [index, deal] of taken.entries()) await insertTxn(session, asRow(tid, deal, index + 1));
      // Of neither is anything taken; nor on another day, nor elsewhere.
      await insertTxn(session, { ...asRow(tid, next, 50), status: "declined" });
      await insertTxn(session, { ...asRow(tid, next, 51), status: "reversed" });
      await insertTxn(session, { ...asRow(tid, next, 52), localTime: "20260104235959" });
      await insertTxn(session, asRow(`${tid}X`, next, 53));
      expect(await limitRefusal(session, table, asRow(tid, next, 99))).toBe(passed === "" ? "" : answer);
    });
  });
});

const bench = new Bench();
let tids = 0;
beforeAll(() => bench.open(FASTEST));
afterAll(() => bench.close());

function worksOf(t: Works["t"]): Works {
  const devices = { timekeeper: null, hostTimeAtMs: 1 };
  return { t, devices, board: { nowMs: () => 1 } } as unknown as Works;
}

function asTransaction({ kind, minor, isTap, isTyped }: Deal, stan: number): Transaction {
  const tip = `${" ".repeat(34)}${"0".repeat(12)}${String(minor).padStart(12, "0")}22`;
  const about = kind === Kind.Tip ? tip : isTyped ? "x".repeat(34) : "";
  const entry = isTap ? "0001A0000000031010" : "";
  return {
    ...transaction(),
    stan,
    kind,
    amountMinor: kind === Kind.Tip ? 99999 : minor,
    entry,
    about,
    localTime: `${DATE}120000`,
  };
}

function asRow(tid: string, { kind, minor, isTap, isTyped }: Deal, stan: number): Txn {
  const type = TRANSACTION_TYPES.find(({ code }) => code === kind);
  if (!type) throw new Error(`no kind ${kind}`);
  const chip = isTap ? { data: new Map(), sequence: "01" } : undefined;
  const method = methodAsked({ type, chip, approvalCode: isTyped ? "123456" : undefined } as unknown as Order);
  const before = kind === Kind.Tip ? 5000 : 0;
  const row = newTxn({ tid, batch: 1, stan }, type, minor + before, "978");
  return { ...row, method, beforeMinor: before, status: "captured", localTime: `${DATE}120000` };
}

describe("a table of limits", () => {
  test("has a number for each letter, and -1 for what is not limited", () => {
    const table = "t50000d999999999n0w15";
    expect(["t", "d", "n", "w", "o", "r"].map((letter) => limitOf(table, letter))).toEqual([
      50000, 999999999, 0, 15, -1, -1,
    ]);
  });

  test("is written from names that people can read", () => {
    expect(limitsTable("transaction=50000,day=500000,repeat=0")).toBe("t50000d500000w0");
    for (const wrong of [
      "",
      "day",
      "day=",
      "day=1x",
      "day=-1",
      "week=5",
      "day=1,day=2",
      "day=1234567890",
      "toString=1",
    ])
      expect(() => limitsTable(wrong), wrong).toThrow();
  });

  test("at the host is without what only the terminal can know", () => {
    expect(hostTable("t500d9000o700a4w5", false, 2000)).toBe("t500d9000l2000");
    expect(hostTable("t500d9000o700a4w5", true)).toBe("d9000");
  });
});

describe("operators", () => {
  const day = countedDay(countedDay(newDay(DATE), "22", "s", "07", 2500), "22", "s", "08", 100);
  test.each([
    ["07", 500, ""],
    ["07", 501, "o"],
    ["08", 1001, "t"],
    ["09", 1000, ""],
    ["00", 5000, ""],
    ["99", 5000, ""],
    ["00", 7401, "d"],
  ])("%s, %i: %s", (operator, minor, passed) => {
    expect(limitPassed("t1000o3000d10000", day, "22", "s", operator, minor)).toBe(passed);
  });
});

describe("of any day", () => {
  const deal = fc.record({
    kind: fc.constantFrom("20", "22", "24", "30", "34", "36", "10", "23", "25"),
    method: fc.constantFrom("s", "c", "f", "y", "m", ""),
    operator: fc.constantFrom("", "01", "02", "20", "00"),
    minor: fc.integer({ min: 0, max: 999999999 }),
  });

  test("sums are those of what counts, by method and by operator", () => {
    fc.assert(
      fc.property(fc.array(deal, { maxLength: 40 }), (deals) => {
        const day = deals.reduce((all, d) => countedDay(all, d.kind, d.method, d.operator, d.minor), newDay(DATE));
        const counts = deals.filter(({ kind }) => !["10", "23", "25"].includes(kind));
        const sum = (some: typeof deals) => some.reduce((total, { minor }) => total + minor, 0);
        expect(takenOf(day, "d", "")).toBe(sum(counts));
        expect(takenOf(day, "n", "")).toBe(counts.filter(({ kind }) => kind !== "34").length);
        for (const method of ["s", "c", "f", "y", "m"])
          expect(takenOf(day, method, "")).toBe(sum(counts.filter((d) => d.method === method)));
        for (const operator of ["01", "02", "20", "00"])
          expect(takenOf(day, "o", operator)).toBe(sum(counts.filter((d) => d.operator === operator)));
        expect(day.slice(0, 8)).toBe(DATE);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("what is let pass never brings a day past its limit, and one unit more than is left never passes", () => {
    fc.assert(
      fc.property(fc.array(deal, { maxLength: 30 }), fc.integer({ min: 0, max: 2_000_000 }), (deals, most) => {
        const table = `d${most}`;
        let day = newDay(DATE);
        for (const { kind, method, operator, minor } of deals) {
          if (limitPassed(table, day, kind, method, operator, minor) === "")
            day = countedDay(day, kind, method, operator, minor);
          expect(takenOf(day, "d", "")).toBeLessThanOrEqual(most);
        }
        const left = most - takenOf(day, "d", "");
        expect(limitPassed(table, day, "22", "s", "", left)).toBe("");
        expect(limitPassed(table, day, "22", "s", "", left + 1)).toBe("d");
      }),
      { seed: 2, numRuns: 500 },
    );
  });

  test("what flash has of it gives it back, counts no approval twice, and fits a record", () => {
    const deals = fc.array(
      fc.record({ operator: fc.integer({ min: 1, max: 22 }), minor: fc.integer({ min: 1, max: 999999999 }) }),
    );
    fc.assert(
      fc.property(deals, (all) => {
        const watch = openWatch("d1");
        all.forEach(({ operator, minor }, index) => {
          const txn = {
            ...asTransaction({ kind: "22", minor }, index + 1),
            operator: String(operator).padStart(2, "0"),
          };
          countApproved(watch, txn);
          const once = takenBody(watch);
          countApproved(watch, txn);
          expect(takenBody(watch)).toBe(once);
        });
        const body = takenBody(watch);
        expect(body.length).toBeLessThan(500);
        const again = openWatch("d1");
        restoreTaken(again, body);
        expect(again).toEqual(watch);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe("the same again", () => {
  const first = { ...asTransaction({ kind: "22", minor: 1250 }, 1), localTime: "20260105235800" };
  const ask = (table: string, next: Partial<Transaction>, now: string, state = State.Card) => {
    const watch = openWatch(table);
    countApproved(watch, first);
    const t = { ...openTerminal(), state, limits: watch, txn: { ...first, stan: 2, ...next } };
    const works = worksOf(t);
    if (now !== "") {
      const [days, minutes] = now.split(" ").map(Number) as [number, number];
      works.devices.timekeeper = { clock: { days, seconds: minutes * 60, setAtMs: 1 } } as never;
    }
    const event = watched(works, watch, Event.Swiped);
    return event === Event.Again ? watch.at : event === Event.Swiped ? "" : "?";
  };
  // Days since 2000, minutes of the day: 2026-01-05 is 9501.
  test.each([
    ["at once", "d999999999", "9501 1438", "23:58"],
    ["in the fifth minute, on the next day", "d999999999", "9502 2", "23:58"],
    ["five minutes later", "d999999999", "9502 3", ""],
    ["on the next day at the same time", "d999999999", "9502 1438", ""],
    ["when nobody knows the time", "d999999999", "", "23:58"],
    ["where it is asked for ten minutes", "w10", "9502 7", "23:58"],
    ["where it is not asked", "w0", "9501 1438", ""],
  ])("%s", (_, table, now, at) => {
    expect(ask(table, {}, now)).toBe(at);
  });

  test("of another card, of another amount, or of what is no sale is something else", () => {
    expect(ask("d999999999", { panMasked: "4761739999" }, "")).toBe("");
    expect(ask("d999999999", { amountMinor: 1251 }, "")).toBe("");
    expect(ask("d999999999", { kind: Kind.Refund }, "")).toBe("");
    expect(ask("d999999999", { kind: Kind.Offline }, "")).toBe("23:58");
  });
});

test("over the link the host refuses what goes past, says the same when asked again, and takes what is left", async () => {
  const { store, hostKey } = bench.host;
  const pan = "4761739200000001";
  await store.transact((session) => addCard(session, hostKey, { pan, balanceMinor: 100000 }));
  const clerk = new Clerk(await bench.newTerminal(), `${pan}=28122011143800000000`, (line) => bench.send(line));
  await store.query("update terminal set limits = 't3000d5000n4' where tid = $1", [clerk.terminal.tid]);
  const answers = [];
  for (const minor of [3001, 3000, 2001]) answers.push((await clerk.do("sale", minor)).answer[39]);
  expect(answers).toEqual(["61", "00", "61"]);
  const refused = await clerk.do("cash", 2001);
  expect((await clerk.repeat(refused)).answer[39]).toBe("61");
  // What was undone was not taken; what was voided was.
  await clerk.undo(await clerk.do("sale", 1500));
  const sale = await clerk.do("sale", 1000);
  expect((await clerk.do("void", 1000, sale)).answer[39]).toBe("00");
  expect((await clerk.do("sale", 1001)).answer[39]).toBe("61");
  expect((await clerk.do("cash", 10)).answer[39]).toBe("00");
  expect((await clerk.do("sale", 10)).answer[39]).toBe("00");
  expect((await clerk.do("sale", 10)).answer[39]).toBe("65");
  bench.localTime = "20260106000000";
  expect((await clerk.do("sale", 3000)).answer[39]).toBe("00");
});
