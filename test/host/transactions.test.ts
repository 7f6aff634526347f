/** Every kind of transaction as it goes over the link: what it does, what it is refused for, and that it can be undone and repeated. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Change } from "../../src/host/issuer";
import { Bench } from "./bench";
import { addCard, balanceOf, checkBooks, findTxn, snapshot } from "./books";
import { Clerk, type ClerkKind, type Noted } from "./clerk";
import { FASTEST } from "./stores";
import type { Fields } from "./terminal";

const FUNDS = 10000;
const bench = new Bench();
let clerk: Clerk;
let account: string;
let cards = 0;

async function newCard(balanceMinor = FUNDS): Promise<{ track2: string; account: string }> {
  const pan = `47617391${String(++cards).padStart(8, "0")}`;
  const { store, hostKey } = bench.host;
  const name = await store.transact((session) => addCard(session, hostKey, { pan, balanceMinor }));
  return { track2: `${pan}=28122011143800000000`, account: name };
}

beforeAll(() => bench.open(FASTEST));
beforeEach(async () => {
  bench.localTime = "20260105120000";
  bench.changes.splice(0);
  const card = await newCard();
  account = card.account;
  clerk = new Clerk(await bench.newTerminal(), card.track2, (line) => bench.send(line));
});
afterEach(async () => {
  expect(bench.errors.splice(0)).toEqual([]);
  await checkBooks(bench.host.store);
});
afterAll(() => bench.close());

const left = () => balanceOf(bench.host.store, account);
const due = () => balanceOf(bench.host.store, `due:${clerk.terminal.tid}:978`);
const code = ({ answer }: Noted) => answer[39];
const status = async ({ stan, batch }: Noted) =>
  (await findTxn(bench.host.store, clerk.terminal.tid, stan, batch))?.status;
const last = (): Partial<Change> => {
  const { type, amount, status: became } = bench.changes.at(-1) ?? {};
  return { type, amount, status: became } as Partial<Change>;
};

/** Does it, and wants it approved. */
async function good(kind: ClerkKind, amountMinor: number, about?: Noted, changes: Fields = {}): Promise<Noted> {
  const noted = await clerk.do(kind, amountMinor, about, changes);
  expect(noted.answer).toMatchObject({ 39: "00", 38: "918273", 4: noted.fields[4], 60: noted.fields[60] });
  return noted;
}

/** Does it, and wants this answer and no money moved. */
async function refused(why: string, kind: ClerkKind, amountMinor: number, about?: Noted, changes: Fields = {}) {
  const before = await left();
  const noted = await clerk.do(kind, amountMinor, about, changes);
  expect(noted.answer[39]).toBe(why);
  expect(noted.answer[38]).toBeUndefined();
  expect(await left()).toBe(before);
  return noted;
}

const CASHBACK = { 54: "0040978D000000002000" };

describe("what it does to the card and to what the merchant is owed", () => {
  test("a sale, and a sale with cash-back, of which the cash is a part", async () => {
    await good("sale", 1000);
    expect(last()).toEqual({ type: "sale", amount: 1000, status: "captured" });
    const noted = await good("cashback", 5000, undefined, CASHBACK);
    expect([await left(), await due()]).toEqual([FUNDS - 6000, 6000]);
    expect(await findTxn(bench.host.store, clerk.terminal.tid, noted.stan)).toMatchObject({ part_minor: 2000 });
    await refused("13", "cashback", 1999, undefined, CASHBACK);
  });

  test("a void gives all of a sale back; reversed, it never was", async () => {
    const sale = await good("sale", 1000);
    const voided = await good("void", 1000, sale);
    expect([await left(), await due(), await status(sale)]).toEqual([FUNDS, 0, "voided"]);
    expect(last()).toEqual({ type: "void", amount: 1000, status: "captured" });
    expect((await clerk.undo(voided))[39]).toBe("00");
    expect([await left(), await due(), await status(sale), await status(voided)]).toEqual([
      FUNDS - 1000,
      1000,
      "captured",
      "reversed",
    ]);
    expect(last()).toEqual({ type: "reversal", amount: 1000, status: "reversed" });
    await good("void", 1000, sale);
  });

  test("refunds, one after the other, up to what is left", async () => {
    const sale = await good("sale", 1000);
    await good("refund", 300, sale);
    expect(last()).toEqual({ type: "refund", amount: 300, status: "captured" });
    await refused("61", "refund", 701, sale);
    const rest = await good("refund", 700, sale);
    await refused("61", "refund", 1, sale);
    expect([await left(), await due()]).toEqual([FUNDS, 0]);
    expect((await clerk.undo(rest))[39]).toBe("00");
    expect([await left(), await due()]).toEqual([FUNDS - 700, 700]);
    await good("refund", 700, sale);
  });

  test("the void of a refund takes the money again, and the sale can be refunded again", async () => {
    const sale = await good("sale", 1000);
    const refund = await good("refund", 1000, sale);
    await refused("12", "void", 1000, sale);
    const voided = await good("void", 1000, refund);
    expect([await left(), await due()]).toEqual([FUNDS - 1000, 1000]);
    await good("refund", 400, sale);
    // Undone, the first refund would stand again beside the second: more than the sale.
    expect((await clerk.undo(voided))[39]).toBe("12");
  });

  test("the void of a refund whose money the card has spent: 51", async () => {
    const refund = await good("refund", 1000, await good("sale", 1000));
    await good("sale", FUNDS);
    await refused("51", "void", 1000, refund);
  });

  test("a pre-authorisation holds, its cancel lets go, and both can be undone", async () => {
    const held = await good("preauth", 3000);
    expect([await left(), await status(held)]).toEqual([FUNDS - 3000, "held"]);
    expect(last()).toEqual({ type: "preauth", amount: 3000, status: "held" });
    const cancel = await good("cancel", 3000, held);
    expect([await left(), await status(held)]).toEqual([FUNDS, "cancelled"]);
    await clerk.undo(cancel);
    expect([await left(), await status(held)]).toEqual([FUNDS - 3000, "held"]);
    expect((await clerk.undo(held))[39]).toBe("00");
    expect([await left(), await status(held)]).toEqual([FUNDS, "reversed"]);
  });

  test.each<[ClerkKind, number]>([
    ["completion", 3000],
    ["completion", 1],
    ["advice", 2000],
    ["advice", 3450],
  ])("a %s of %i captures, gives the rest back, and its void holds again", async (kind, amountMinor) => {
    const held = await good("preauth", 3000);
    const done = await good(kind, amountMinor, held);
    expect([await left(), await due(), await status(held)]).toEqual([FUNDS - amountMinor, amountMinor, "completed"]);
    expect(last()).toEqual({ type: "completion", amount: amountMinor, status: "captured" });
    await refused("12", kind, 1, held);
    const voided = await good("completionVoid", amountMinor, done);
    expect([await left(), await due(), await status(held)]).toEqual([FUNDS - 3000, 0, "held"]);
    expect((await clerk.undo(voided))[39]).toBe("00");
    expect([await left(), await due(), await status(held)]).toEqual([FUNDS - amountMinor, amountMinor, "completed"]);
    expect((await clerk.undo(done))[39]).toBe("00");
    expect([await left(), await due(), await status(held)]).toEqual([FUNDS - 3000, 0, "held"]);
    await good("cancel", 3000, held);
  });

  test("a balance says what is there and what can be spent, and is no event", async () => {
    await good("preauth", 3000);
    await good("sale", 1000);
    const count = bench.changes.length;
    const balance = await clerk.do("balance", 0);
    expect(balance.answer).toMatchObject({ 39: "00", 54: "0001978C0000000090000002978C000000006000" });
    await good("sale", 500);
    // Asked again, what it is now.
    expect((await clerk.repeat(balance)).answer[54]).toBe("0001978C0000000085000002978C000000005500");
    expect(bench.changes.length).toBe(count + 1);
    await refused("13", "balance", 1);
  });

  test("an offline sale is booked when the money is there; a code that was given by telephone comes back", async () => {
    await good("offline", 1000);
    expect(last()).toEqual({ type: "offline", amount: 1000, status: "captured" });
    const told = await clerk.do("offline", 2000, undefined, { 38: "A1B2C3" });
    expect(told.answer).toMatchObject({ 39: "00", 38: "A1B2C3" });
    await refused("51", "offline", FUNDS);
    expect([await left(), await due()]).toEqual([FUNDS - 3000, 3000]);
    await good("void", 2000, told);
    expect((await clerk.undo(await good("offline", 10)))[39]).toBe("00");
    expect(await left()).toBe(FUNDS - 1000);
  });

  test("a tip adds to its sale, as often as it is adjusted, up and down", async () => {
    const sale = await good("sale", 1000);
    const tip = (minor: number) => ({ 48: String(minor).padStart(12, "0") });
    await good("tip", 1150, sale, tip(150));
    expect(last()).toEqual({ type: "tip", amount: 1150, status: "captured" });
    const second = await good("tip", 1100, sale, tip(100));
    expect([await left(), await due()]).toEqual([FUNDS - 1100, 1100]);
    expect(await clerk.query(sale)).toEqual(["captured", "22", "000000001100", sale.answer[37], "918273"]);
    await refused("13", "tip", 1200, sale, tip(100));
    await refused("13", "tip", 100, sale, tip(100));
    await refused("51", "tip", FUNDS + 1000, sale, tip(FUNDS));
    expect((await clerk.undo(sale))[39]).toBe("12");
    expect((await clerk.undo(second))[39]).toBe("00");
    expect(await left()).toBe(FUNDS - 1150);
    await refused("13", "void", 1000, sale);
    await good("void", 1150, sale);
    expect([await left(), await due()]).toEqual([FUNDS, 0]);
    await refused("12", "tip", 1150, sale, tip(150));
  });

  test("a tip may be refunded with its sale", async () => {
    const sale = await good("sale", 1000);
    await good("tip", 1200, sale, { 48: "000000000200" });
    await good("refund", 1200, sale);
    await refused("12", "tip", 1300, sale, { 48: "000000000300" });
  });

  test("a cash sale is in the book and moves nothing", async () => {
    const cash = await good("cash", 700);
    expect(last()).toEqual({ type: "cash", amount: 700, status: "captured" });
    expect(await left()).toBe(FUNDS);
    await refused("12", "void", 700, cash);
    expect((await clerk.undo(cash))[39]).toBe("00");
  });
});

describe("what it is refused for", () => {
  const about: [ClerkKind, ClerkKind, Fields][] = [
    ["void", "sale", {}],
    ["refund", "sale", {}],
    ["tip", "sale", { 48: "000000000001" }],
    ["cancel", "preauth", {}],
    ["completion", "preauth", {}],
    ["advice", "preauth", {}],
    ["completionVoid", "completion", {}],
  ];
  async function original(kind: ClerkKind): Promise<Noted> {
    return kind === "completion" ? good("completion", 1000, await good("preauth", 1000)) : good(kind, 1000);
  }

  test.each(about)("%s of an unknown %s, or by another name of it: 25", async (kind, of, changes) => {
    const known = await original(of);
    await refused("25", kind, 1000, { ...known, stan: 999 }, changes);
    await refused("25", kind, 1000, { ...known, batch: 9 }, changes);
    await refused("25", kind, 1000, known, { ...changes, 37: "600512999999" });
    if (of === "preauth") await refused("25", kind, 1000, known, { ...changes, 38: "000000" });
  });

  test.each(about)("%s of a %s that was undone: 12; of one that was declined as well", async (kind, of, changes) => {
    const known = await original(of);
    await clerk.undo(known);
    await refused("12", kind, 1000, known, changes);
    const about = of === "completion" ? await good("preauth", 1000) : undefined;
    const declined = await refused(of === "completion" ? "13" : "51", of, FUNDS + 1, about);
    // A pre-authorisation that was declined has no approval code to be named by.
    const [why, named] = of === "preauth" ? ["25", { 38: "918273" }] : ["12", {}];
    await refused(String(why), kind, 1000, declined, { ...changes, ...named });
  });

  test.each(about)(
    "%s of a %s with another card: 12; without one the original's is meant",
    async (kind, of, changes) => {
      const known = await original(of);
      const { track2 } = await newCard();
      await refused("12", kind, 1000, known, { ...changes, 35: track2 });
      await refused("14", kind, 1000, known, { ...changes, 35: "4000000000009995=28122011143800000000" });
    },
  );

  test("what it cannot be about: 12", async () => {
    const sale = await good("sale", 1000);
    const held = await good("preauth", 1000);
    const cases: [ClerkKind, Noted, Fields][] = [
      ["void", held, {}],
      ["refund", held, {}],
      ["completion", sale, { 38: "918273" }],
      ["cancel", sale, { 38: "918273" }],
      ["completionVoid", sale, {}],
      ["tip", held, { 48: "000000000001" }],
    ];
    for (const [kind, known, changes] of cases) await refused("12", kind, 1000, known, changes);
    await refused("12", "void", 1000, await good("completion", 1000, held));
  });

  test("an amount that is not the whole, too much of a pre-authorisation, or nothing: 13", async () => {
    const sale = await good("sale", 1000);
    const held = await good("preauth", 1000);
    for (const kind of ["sale", "preauth", "offline", "cash"] as const) await refused("13", kind, 0);
    await refused("13", "refund", 0, sale);
    for (const amountMinor of [999, 1001]) await refused("13", "void", amountMinor, sale);
    for (const amountMinor of [999, 1001]) await refused("13", "cancel", amountMinor, held);
    for (const kind of ["completion", "advice"] as const) await refused("13", kind, 1151, held);
  });

  test("no money: 51, for a completion above its hold and a hold that is to be taken again", async () => {
    await refused("51", "preauth", FUNDS + 1);
    const held = await good("preauth", 1000);
    const more = await good("preauth", 1000);
    await good("sale", FUNDS - 2000);
    await refused("51", "completion", 1150, more);
    const done = await good("completion", 1, held);
    await good("sale", 999);
    await refused("51", "completionVoid", 1, done);
  });

  test("an advice of an expired card counts, of a stolen or unknown one not", async () => {
    const expired = "5413330089020029=23012011143800000000";
    await good("offline", 100, undefined, { 35: expired });
    await refused("54", "sale", 100, undefined, { 35: expired });
    await refused("54", "offline", 100, undefined, { 35: "5413330089020029=24012011143800000000" });
    await refused("43", "offline", 100, undefined, { 35: "4761739001010028=28122011143800000000" });
    await refused("14", "offline", 100, undefined, { 35: "4000000000009995=28122011143800000000" });
    // Its PIN can no more be asked for.
    await good("offline", 100, undefined, { 35: "6250947000000022=28122011143800000000" });
    await refused("86", "preauth", 100, undefined, { 35: "6250947000000022=28122011143800000000" });
    await good("offline", 100, undefined, { 35: "", 2: clerk.track2.slice(0, 16), 14: "2812", 22: "012" });
  });
});

describe("names", () => {
  const all: [ClerkKind, ClerkKind | "", Fields][] = [
    ["sale", "", {}],
    ["cashback", "", CASHBACK],
    ["void", "sale", {}],
    ["refund", "sale", {}],
    ["preauth", "", {}],
    ["cancel", "preauth", {}],
    ["completion", "preauth", {}],
    ["advice", "preauth", {}],
    ["completionVoid", "completion", {}],
    ["offline", "", {}],
    ["tip", "sale", { 48: "000000000500" }],
    ["cash", "", {}],
  ];
  const amountOf = (kind: ClerkKind) => (kind === "tip" ? 5500 : 5000);
  async function start(of: ClerkKind | ""): Promise<Noted | undefined> {
    if (of === "completion") return good(of, 5000, await good("preauth", 5000));
    return of === "" ? undefined : good(of, 5000);
  }

  test.each(all)(
    "a %s that comes again in a new frame gets the same decision and books nothing",
    async (kind, of, changes) => {
      const noted = await good(kind, amountOf(kind), await start(of), changes);
      const count = bench.changes.length;
      const before = [await left(), await due().catch(() => 0)];
      bench.localTime = "20260106000000";
      expect((await clerk.repeat(noted)).answer).toEqual(noted.answer);
      const others: Fields[] = [{ 4: "000000000001" }];
      if (kind === "tip") others.push({ 48: "000000000499" });
      if (kind === "cashback") others.push({ 54: "0040978D000000001999" }, { 3: "000000", 54: "" });
      if (of !== "") others.push({ 61: "0000010009990105" });
      for (const other of others) {
        const fields = Object.entries({ ...noted.fields, ...other }).filter(([, value]) => value !== "");
        const { answer } = await clerk.repeat({ ...noted, fields: Object.fromEntries(fields) });
        expect(answer).toMatchObject({ 39: "94" });
      }
      expect([await left(), await due().catch(() => 0)]).toEqual(before);
      expect(bench.changes.length).toBe(count);
    },
  );

  test.each(all)("a %s that its reversal overtook is not booked when it comes", async (kind, of, changes) => {
    const about = await start(of);
    const before = await left();
    const fields = clerk.fields(kind, amountOf(kind), about, changes);
    const late = { kind, batch: 1, stan: clerk.stan, amountMinor: 5000, fields, answer: {} };
    expect((await clerk.undo(late))[39]).toBe("00");
    expect((await clerk.undo(late))[39]).toBe("00");
    expect((await clerk.repeat(late)).answer[39]).toBe("94");
    expect([await left(), await status(late)]).toEqual([before, "reversed"]);
    if (about) expect(await status(about)).toBe(about.kind === "preauth" ? "held" : "captured");
  });

  test.each(all)("a %s is undone once, whatever comes after", async (kind, of, changes) => {
    const about = await start(of);
    const before = await left();
    const noted = await good(kind, amountOf(kind), about, changes);
    expect((await clerk.undo({ ...noted, fields: { ...noted.fields, 4: "000000000007" } }))[39]).toBe("64");
    expect((await clerk.undo(noted))[39]).toBe("00");
    expect(await left()).toBe(before);
    const after = await snapshot(bench.host.store);
    const [again, late] = [await clerk.undo(noted), await clerk.repeat(noted)];
    expect([again[39], code(late)]).toEqual(["00", "94"]);
    const rest = (rows: string[]) => rows.filter((row) => !/^(exchange|terminal) /.test(row));
    expect(rest(await snapshot(bench.host.store))).toEqual(rest(after));
  });

  test("another kind under a name that is taken: 94, and its reversal undoes nothing", async () => {
    const sale = await good("sale", 1000);
    const held = clerk.fields("preauth", 1000, undefined, { 11: sale.fields[11] ?? "" });
    const taken = { ...sale, kind: "preauth" as const, fields: held };
    expect((await clerk.repeat(taken)).answer[39]).toBe("94");
    expect((await clerk.undo(taken))[39]).toBe("94");
    expect(await status(sale)).toBe("captured");
  });

  test("what has moved on is not undone any more: 12", async () => {
    const held = await good("preauth", 1000);
    const voided = await good("completionVoid", 900, await good("completion", 900, held));
    const second = await good("completion", 800, held);
    expect((await clerk.undo(voided))[39]).toBe("12");
    expect((await clerk.undo(held))[39]).toBe("12");
    expect([await left(), await status(second), await status(held)]).toEqual([FUNDS - 800, "captured", "completed"]);
    const sale = await good("sale", 1000);
    const tip = await good("tip", 1100, sale, { 48: "000000000100" });
    await good("void", 1100, sale);
    expect((await clerk.undo(tip))[39]).toBe("12");
    expect(await left()).toBe(FUNDS - 800);
  });

  test("what a card had back and has spent is laid out by the issuer when a reversal takes it again", async () => {
    const sale = await good("sale", 1000);
    const voided = await good("void", 1000, sale);
    await good("sale", FUNDS - 300);
    expect((await clerk.undo(voided))[39]).toBe("00");
    expect([await left(), await due(), await balanceOf(bench.host.store, "cover:978")]).toEqual([0, FUNDS + 700, -700]);
  });
});

describe("silence", () => {
  const wrong: [string, ClerkKind, Fields][] = [
    ["processing code of another", "sale", { 3: "200000" }],
    ["condition of another", "sale", { 25: "06" }],
    ["kind of another", "void", { 60: "22000001" }],
    ["kind that nobody has", "sale", { 60: "99000001" }],
    ["what is asked of management", "sale", { 60: "22000001301" }],
    ["no RRN", "void", { 37: "" }],
    ["no original", "refund", { 61: "" }],
    ["an original without a date", "refund", { 61: "000001000001" }],
    ["no card", "refund", { 35: "" }],
    ["no approval code", "completion", { 38: "" }],
    ["no tip", "tip", { 48: "" }],
    ["a tip of eleven digits", "tip", { 48: "00000000100" }],
    ["no cash", "cashback", { 54: "" }],
    ["cash of another currency", "cashback", { 54: "0040840D000000002000" }],
    ["cash that comes back", "cashback", { 54: "0040978C000000002000" }],
    ["another merchant", "cash", { 42: "000000000000002" }],
    ["another currency", "offline", { 49: "840" }],
  ];
  test.each(wrong)("for %s (%s)", async (_, kind, changes) => {
    const held = kind === "completion" ? await good("preauth", 1000) : await good("sale", 1000);
    const usual: Fields = { ...(kind === "tip" && { 48: "000000000100" }), ...(kind === "cashback" && CASHBACK) };
    const fields = clerk.fields(kind, 1000, held, { ...usual, ...changes });
    await bench.expectSilence(clerk.seal(clerk.mtiOf(kind), fields).line, "message");
  });

  test("for a reversal of a balance, of an advice by 0400, of a request by 0420, and without its reason", async () => {
    const noted = { kind: "sale" as const, batch: 1, stan: 1, amountMinor: 1, answer: {} };
    for (const [mti, kind] of [
      ["0400", "balance"],
      ["0420", "balance"],
      ["0400", "refund"],
      ["0420", "sale"],
    ] as const) {
      const { fields } = clerk.reversalOf({ ...noted, fields: clerk.fields(kind, 1) });
      await bench.expectSilence(clerk.seal(mti, fields).line, "message");
    }
    const { fields } = clerk.reversalOf({ ...noted, fields: clerk.fields("sale", 1) });
    delete fields[39];
    await bench.expectSilence(clerk.seal("0400", fields).line, "message");
  });
});
