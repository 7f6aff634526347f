/** The issuer gives each card the answer that its state asks for, under names that a terminal and a cashier can use. */
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { maskPan } from "../../src/host/cards";
import { authorise, type Order, reverse } from "../../src/host/issuer";
import { migrate } from "../../src/host/schema";
import { seedTest } from "../../src/host/seed";
import { openStore, type Store } from "../../src/host/store";
import { addCard, checkBooks, findTxn } from "./books";
import { PGLITE, type Place } from "./stores";
import { SALE } from "./types";

const HOST_KEY = Buffer.alloc(32, 7);
const TID = "00000001";

let place: Place;
let store: Store;
let stan = 0;
let localTime: string;
const world = { hostKey: HOST_KEY, localTime: () => localTime, digits: (count: number) => "918273".slice(0, count) };

beforeAll(async () => {
  place = await PGLITE.openPlace();
  store = await openStore(undefined, join(place.folder, "db"));
  await store.transact(async (session) => {
    await migrate(session);
    await seedTest(session, HOST_KEY, [TID]);
    await addCard(session, HOST_KEY, { pan: "4000000000000101", balanceMinor: 1000, currency: "840" });
    await addCard(session, HOST_KEY, { pan: "4000000000000119", balanceMinor: 1000, status: "stolen", expiry: "2301" });
    await addCard(session, HOST_KEY, { pan: "4000000000000127", balanceMinor: 1000, expiry: "2601" });
  });
});
beforeEach(() => {
  localTime = "20260105120000";
  stan++;
});
afterEach(() => checkBooks(store));
afterAll(async () => {
  await store.close();
  await place.remove();
});

const authoriseTrack2 = (track2: string, changes: Partial<Order> = {}) =>
  store.transact((session) =>
    authorise(
      session,
      world,
      { type: SALE, tid: TID, batch: 1, stan, amountMinor: 100, currency: "978", track2, ...changes },
      changes.batch ?? 1,
    ),
  );

const track2Of = (pan: string, expiry = "2812") => `${pan}=${expiry}2011143800000000`;

interface Case {
  code: string;
  when: string;
  pan: string;
  expiry?: string;
  changes?: Partial<Order>;
}

const CASES: Case[] = [
  { code: "00", when: "a good card, first brand", pan: "4761739001010010" },
  { code: "00", when: "a good card, second brand", pan: "5413330089020011" },
  { code: "00", when: "a good card, third brand", pan: "6250947000000014" },
  { code: "00", when: "a card in its last month", pan: "4000000000000127", expiry: "2601" },
  { code: "00", when: "all of 5.00 that is left", pan: "3566000000000018", changes: { amountMinor: 500 } },
  { code: "51", when: "one minor unit more than is left", pan: "3566000000000018", changes: { amountMinor: 501 } },
  { code: "13", when: "an amount of nothing", pan: "4761739001010010", changes: { amountMinor: 0 } },
  { code: "14", when: "a card that the issuer does not know", pan: "4000000000009995" },
  { code: "14", when: "a PAN that is one digit longer", pan: "47617390010100100" },
  { code: "43", when: "a stolen card", pan: "4761739001010028" },
  { code: "43", when: "a stolen card that has expired too", pan: "4000000000000119", expiry: "2301" },
  { code: "54", when: "an expired card", pan: "5413330089020029", expiry: "2301" },
  { code: "54", when: "another expiry than the issuer's", pan: "4761739001010010", expiry: "2912" },
  { code: "57", when: "a card in another currency", pan: "4000000000000101" },
  { code: "57", when: "a sale in another currency", pan: "4761739001010010", changes: { currency: "840" } },
  { code: "86", when: "a card that needs its PIN", pan: "6250947000000022" },
];

describe("answer to a sale", () => {
  // The cards differ in what is left: each case takes its money back.
  afterEach(() =>
    store.transact(async (session) => {
      const [row] = await session.query("select * from txn where stan = $1", [stan]);
      const sale = {
        type: SALE,
        tid: TID,
        batch: 1,
        stan,
        amountMinor: Number(row?.amount_minor),
        currency: String(row?.currency),
      };
      await reverse(session, world, sale, 1);
    }),
  );

  test.each(CASES)("$code: $when", async ({ code, pan, expiry, changes }) => {
    const { decision, change } = await authoriseTrack2(track2Of(pan, expiry), changes);
    const isApproved = code === "00";
    expect(decision).toEqual({
      responseCode: code,
      rrn: `600512${String(stan).padStart(6, "0")}`,
      approvalCode: isApproved ? "918273" : "",
      localTime: "20260105120000",
    });
    const status = isApproved ? "captured" : "declined";
    expect(change).toMatchObject({ type: "sale", tid: TID, stan, status, responseCode: code });
    expect(await findTxn(store, TID, stan)).toMatchObject({ status, response_code: code, pan_masked: maskPan(pan) });
  });

  test("54: a card is good to the end of its month and no longer", async () => {
    localTime = "20260131235959";
    const track2 = track2Of("4000000000000127", "2601");
    expect((await authoriseTrack2(track2)).decision.responseCode).toBe("00");
    localTime = "20260201000000";
    expect((await authoriseTrack2(track2, { stan: stan + 1000 })).decision.responseCode).toBe("54");
  });

  test.each([
    ["", ""],
    ["=", ""],
    ["4761739001010010D28122011143800000000", "*".repeat(37)],
    [`${"\0".repeat(20)}=2812`, "*".repeat(20)],
    ["\xff".repeat(37), "*".repeat(37)],
    ["4".repeat(37), "*".repeat(37)],
    ["' or 1 = 1; --", "*".repeat(7)],
  ])("14: track 2 that is none, %j: nothing of it is kept", async (track2, masked) => {
    expect((await authoriseTrack2(track2)).decision.responseCode).toBe("14");
    expect((await findTxn(store, TID, stan))?.pan_masked).toBe(masked);
  });

  test("54: track 2 that ends after the PAN", async () => {
    expect((await authoriseTrack2("4761739001010010")).decision.responseCode).toBe("54");
  });
});

describe("answer to a known sale or a reversal", () => {
  const sale = () => ({ type: SALE, tid: TID, batch: 1, stan, amountMinor: 100, currency: "978" });
  const track2 = track2Of("4761739001010010");

  test("00: the same sale again gives the old answer, approval code and time", async () => {
    const first = await authoriseTrack2(track2);
    localTime = "20260106000000";
    const second = await authoriseTrack2(track2);
    expect(second).toEqual({ decision: first.decision });
  });

  test("94: another sale under its STAN", async () => {
    await authoriseTrack2(track2);
    const { decision, change } = await authoriseTrack2(track2, { amountMinor: 101 });
    expect([decision.responseCode, decision.approvalCode, change]).toEqual(["94", "", undefined]);
  });

  test("00: a reversal has the sale's RRN and the time of now", async () => {
    const { decision } = await authoriseTrack2(track2);
    localTime = "20260106000000";
    const reversal = await store.transact((session) => reverse(session, world, sale(), 1));
    expect(reversal.decision).toEqual({ responseCode: "00", rrn: decision.rrn, approvalCode: "", localTime });
    expect(reversal.change).toEqual({
      type: "reversal",
      tid: TID,
      stan,
      amount: 100,
      status: "reversed",
      responseCode: "00",
    });
  });

  test("64: a reversal of another amount", async () => {
    await authoriseTrack2(track2);
    const { decision, change } = await store.transact((session) =>
      reverse(session, world, { ...sale(), amountMinor: 99 }, 1),
    );
    expect([decision.responseCode, change]).toEqual(["64", undefined]);
  });
});

// YDDDHHnnnnnn: last digit of the year, day of the year, hour, STAN.
test.each([
  ["20260101000000", 1, "600100000001"],
  ["20261231235959", 999999, "636523999999"],
  ["20281231120000", 42, "836612000042"],
  ["20300301090000", 7, "006009000007"],
])("RRN at %s of STAN %i is %s", async (time, of, rrn) => {
  localTime = time;
  const track2 = track2Of("4000000000009995");
  const { decision } = await authoriseTrack2(track2, { batch: 2, stan: of });
  expect(decision.rrn).toBe(rrn);
});

test.each([
  ["4761739001010010", "476173******0010"],
  ["6250947000000000014", "625094*********0014"],
  ["476173900101", "476173**0101"],
  ["47617390010", "***********"],
  ["", ""],
  ["4761739001010010D2812", "*********************"],
  ["476173900101\0\0\0\0", "****************"],
])("mask of %j is %j", (pan, masked) => expect(maskPan(pan)).toBe(masked));
