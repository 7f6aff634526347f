/** Settlement, the upload of a batch that differs, and management, as they go over the link. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Bench } from "./bench";
import { addCard, balanceOf, checkBooks, findTxn } from "./books";
import { Clerk, type Noted, totalsText } from "./clerk";
import { FASTEST } from "./stores";
import type { Fields } from "./terminal";

const FUNDS = 100000;
const bench = new Bench();
let clerk: Clerk;
let cards = 0;

beforeAll(() => bench.open(FASTEST));
beforeEach(async () => {
  bench.localTime = "20260105120000";
  bench.changes.splice(0);
  const pan = `47617392${String(++cards).padStart(8, "0")}`;
  const { store, hostKey } = bench.host;
  await store.transact((session) => addCard(session, hostKey, { pan, balanceMinor: FUNDS }));
  clerk = new Clerk(await bench.newTerminal(), `${pan}=28122011143800000000`, (line) => bench.send(line));
});
afterEach(async () => {
  expect(bench.errors.splice(0)).toEqual([]);
  await checkBooks(bench.host.store);
});
afterAll(() => bench.close());

const account = (kind: string) => balanceOf(bench.host.store, `${kind}:${clerk.terminal.tid}:978`);
const differences = () =>
  bench.host.store.query(
    "select stan, terminal_code, terminal_minor, host_code, host_minor from difference where tid = $1 order by stan",
    [clerk.terminal.tid],
  );
const NONE = totalsText(0, 0, 0, 0);

/** A day with one of everything: its records that count, and what they come to. */
async function trade(): Promise<{ noted: Noted[]; text: string }> {
  const sale = await clerk.do("sale", 1000);
  await clerk.do("tip", 1100, sale, { 48: "000000000100" });
  const gone = await clerk.do("sale", 2000);
  const voided = await clerk.do("void", 2000, gone);
  const offline = await clerk.do("offline", 400);
  const refund = await clerk.do("refund", 300, sale);
  const done = await clerk.do("completion", 5000, await clerk.do("preauth", 5000));
  const advice = await clerk.do("advice", 600, await clerk.do("preauth", 700));
  const undone = await clerk.do("completionVoid", 5000, done);
  const noted = [{ ...sale, amountMinor: 1100 }, gone, voided, offline, refund, done, advice, undone];
  expect(noted.map(({ answer }) => answer[39])).toEqual(noted.map(() => "00"));
  // None of these counts.
  await clerk.do("cash", 50);
  await clerk.do("balance", 0);
  await clerk.do("sale", FUNDS);
  await clerk.undo(await clerk.do("sale", 30));
  return { noted, text: totalsText(1100 + 2000 + 400 + 5000 + 600, 5, 2000 + 300 + 5000, 3) };
}

describe("0500", () => {
  test("with the same totals closes the batch, pays out and opens the next", async () => {
    const { text } = await trade();
    expect(await bench.host.sides(clerk.terminal.tid, 1)).toEqual({
      debitCount: 5,
      debitMinor: 9100,
      creditCount: 3,
      creditMinor: 7300,
    });
    expect(await clerk.settle(text)).toEqual({
      0: "0510",
      11: String(clerk.stan).padStart(6, "0"),
      12: "120000",
      13: "0105",
      39: "00",
      41: clerk.terminal.tid,
      42: "000000000000001",
      48: `${text}1`,
      49: "978",
      60: "00000001201",
      63: "2026",
    });
    expect(bench.changes.at(-1)).toMatchObject({ type: "settlement", amount: 1800, status: "agreed" });
    expect([await account("due"), await account("paid")]).toEqual([0, 1800]);
    clerk.batch = 2;
    expect((await clerk.manage("301"))[39]).toBe("00");
    expect((await clerk.do("sale", 100)).answer[39]).toBe("00");
  });

  test("asked again about a batch that is closed gives the same answer, whatever is claimed", async () => {
    await clerk.do("sale", 100);
    const text = totalsText(100, 1, 0, 0);
    const { 11: _, ...first } = await clerk.settle(text);
    bench.localTime = "20260106000000";
    const count = bench.changes.length;
    for (const [claim, asked] of [
      [text, "201"],
      [NONE, "201"],
      [text, "202"],
    ] as const) {
      const { 11: stan, ...again } = await clerk.settle(claim, asked);
      expect(again).toEqual({ ...first, 60: `00000001${asked}` });
      expect(stan).toBe(String(clerk.stan).padStart(6, "0"));
    }
    expect(bench.changes.length).toBe(count);
    expect(await account("paid")).toBe(100);
  });

  test.each([
    ["debit sum", totalsText(101, 1, 0, 0)],
    ["debit count", totalsText(100, 2, 0, 0)],
    ["credit sum", totalsText(100, 1, 1, 0)],
    ["credit count", totalsText(100, 1, 0, 1)],
  ])("with another %s: 95, and the batch stays open", async (_, text) => {
    await clerk.do("sale", 100);
    expect(await clerk.settle(text)).toMatchObject({ 39: "95", 48: `${totalsText(100, 1, 0, 0)}2` });
    expect(bench.changes.at(-1)).toMatchObject({ type: "settlement", status: "differs", responseCode: "95" });
    expect((await clerk.do("sale", 1)).answer[39]).toBe("00");
  });

  test("of nothing; of more refunds than sales the merchant owes; after 999999 comes 1", async () => {
    const sale = await clerk.do("sale", 500);
    expect((await clerk.settle(totalsText(500, 1, 0, 0)))[39]).toBe("00");
    clerk.batch = 2;
    expect((await clerk.do("refund", 400, sale)).answer[39]).toBe("00");
    expect((await clerk.do("refund", 101, sale)).answer[39]).toBe("61");
    expect((await clerk.settle(totalsText(0, 0, 400, 1)))[39]).toBe("00");
    expect(await account("paid")).toBe(100);
    clerk.batch = 3;
    expect((await clerk.settle(NONE))[48]).toBe(`${NONE}1`);
    await bench.host.store.query("update terminal set batch = 999999 where tid = $1", [clerk.terminal.tid]);
    clerk.batch = 999999;
    expect((await clerk.settle(NONE))[39]).toBe("00");
    expect((await clerk.manage("301"))[60]).toBe("00000001301");
  });

  test("of a batch that was never open: 77", async () => {
    clerk.batch = 7;
    expect(await clerk.settle(NONE)).toMatchObject({ 39: "77", 48: `${NONE}2` });
    expect((await clerk.do("sale", 100)).answer[39]).toBe("77");
  });

  test.each<[string, Fields]>([
    ["29 digits", { 48: NONE.slice(1) }],
    ["31 digits", { 48: `${NONE}1` }],
    ["no totals", { 48: "" }],
    ["203", { 60: "00000001203" }],
    ["the kind of a sale", { 60: "22000001201" }],
    ["another merchant", { 42: "000000000000002" }],
  ])("with %s gets silence", async (_, changes) => {
    const fields = {
      11: "000001",
      41: clerk.terminal.tid,
      42: "000000000000001",
      48: NONE,
      49: "978",
      60: "00000001201",
    };
    const all = Object.entries({ ...fields, ...changes }).filter(([, value]) => value !== "");
    await bench.expectSilence(clerk.seal("0500", Object.fromEntries(all)).line, "message");
  });
});

describe("a batch that is closed", () => {
  test("takes nothing new, answers what it knows, and is undone where it must be", async () => {
    const sale = await clerk.do("sale", 500);
    const held = await clerk.do("preauth", 1000);
    const advice = await clerk.do("offline", 70);
    expect((await clerk.settle(totalsText(570, 2, 0, 0)))[39]).toBe("00");
    expect((await clerk.do("sale", 100)).answer[39]).toBe("77");
    expect((await clerk.repeat(advice)).answer).toEqual(advice.answer);
    const unknown = { ...sale, fields: { ...sale.fields, 11: "000999" } };
    expect((await clerk.undo(unknown))[39]).toBe("25");
    expect((await clerk.repeat(unknown)).answer[39]).toBe("77");
    expect((await clerk.undo(sale))[39]).toBe("00");
    expect([await account("due"), await account("paid")]).toEqual([-500, 570]);
    clerk.batch = 2;
    // Voids and tips are for the open batch; a pre-authorisation lives on.
    expect((await clerk.do("void", 70, advice)).answer[39]).toBe("12");
    expect((await clerk.do("tip", 80, advice, { 48: "000000000010" })).answer[39]).toBe("12");
    expect((await clerk.do("completion", 900, held)).answer[39]).toBe("00");
  });
});

describe("the upload of a batch that differs", () => {
  test("record by record closes it; when they all agree there is no difference", async () => {
    const { noted, text } = await trade();
    expect((await clerk.settle(NONE))[39]).toBe("95");
    for (const each of noted) {
      const answer = await clerk.upload(each);
      expect(answer).toMatchObject({ 0: "0330", 39: "00", 60: `${each.fields[60]}201`, 37: each.answer[37] });
    }
    expect(await clerk.settle(text, "202")).toMatchObject({ 39: "00", 48: `${text}1` });
    expect(await differences()).toEqual([]);
    expect(bench.changes.at(-1)).toMatchObject({ type: "settlement", status: "agreed" });
  });

  test("notes what one book has and the other has not, other amounts and other kinds", async () => {
    const [same, amount, missing] = [
      await clerk.do("sale", 100),
      await clerk.do("sale", 200),
      await clerk.do("sale", 300),
    ];
    const held = await clerk.do("preauth", 900);
    const kind = await clerk.do("completion", 900, held);
    const reversed = await clerk.do("sale", 40);
    await clerk.undo(reversed);
    await clerk.settle(NONE);
    await clerk.upload(same, 7);
    await clerk.upload(same);
    await clerk.upload(amount, 201);
    await clerk.upload({ ...kind, fields: { ...kind.fields, 60: "24000001" } });
    await clerk.upload(reversed);
    await clerk.upload({ ...same, stan: 900, answer: { ...same.answer, 39: "51", 38: "" } });
    await clerk.upload({ ...same, stan: 901 });
    await clerk.upload(await clerk.do("cash", 10));
    const text = totalsText(100 + 200 + 300 + 900, 4, 0, 0);
    expect(await clerk.settle(NONE, "202")).toMatchObject({ 39: "00", 48: `${text}2` });
    expect(bench.changes.at(-1)).toMatchObject({ type: "settlement", status: "closed" });
    const row = (stan: number, ours: [string, number] | null, theirs: [string, number] | null) => ({
      stan,
      terminal_code: theirs?.[0] ?? null,
      terminal_minor: theirs?.[1] ?? null,
      host_code: ours?.[0] ?? null,
      host_minor: ours?.[1] ?? null,
    });
    expect(await differences()).toEqual([
      row(amount.stan, ["22", 200], ["22", 201]),
      row(missing.stan, ["22", 300], null),
      row(kind.stan, ["20", 900], ["24", 900]),
      row(reversed.stan, null, ["22", 40]),
      row(901, null, ["22", 100]),
    ]);
    expect(await clerk.settle(NONE, "202")).toMatchObject({ 39: "00", 48: `${text}2` });
    expect(await clerk.upload(same)).toMatchObject({ 39: "77" });
  });

  test.each<[string, Fields]>([
    ["a record of another batch", { 61: "000002000001" }],
    ["no record", { 61: "" }],
    ["an answer cut short", { 62: "020000918" }],
    ["no answer", { 62: "" }],
    ["202", { 60: "22000001202" }],
  ])("with %s gets silence", async (_, changes) => {
    const { fields } = await clerk.do("sale", 100);
    const { 35: _card, ...rest } = fields;
    const upload = { ...rest, 60: "22000001201", 61: "000001000001", 62: "020000918273", ...changes };
    const all = Object.entries(upload).filter(([, value]) => value !== "");
    await bench.expectSilence(clerk.seal("0320", Object.fromEntries(all)).line, "message");
  });
});

describe("0800", () => {
  test.each(["301", "002"])("%s agrees on the batch, or says 77 and which it is", async (asked) => {
    const answer = await clerk.manage(asked);
    expect(answer).toEqual({
      0: "0810",
      11: "000001",
      12: "120000",
      13: "0105",
      39: "00",
      41: clerk.terminal.tid,
      42: "000000000000001",
      60: `00000001${asked}`,
      63: "2026",
    });
    clerk.batch = 2;
    expect(await clerk.manage(asked)).toMatchObject({ 39: "77", 60: `00000001${asked}` });
  });

  test("tells what became of a transaction, whatever that is", async () => {
    const said = async (noted: Noted) => (await clerk.query(noted)).slice(0, 3);
    const sale = await clerk.do("sale", 1000);
    expect(await clerk.query(sale)).toEqual(["captured", "22", "000000001000", sale.answer[37], "918273"]);
    const held = await clerk.do("preauth", 1000);
    expect(await said(held)).toEqual(["held", "10", "000000001000"]);
    const done = await clerk.do("completion", 1100, held);
    expect(await said(held)).toEqual(["completed", "10", "000000001000"]);
    await clerk.do("completionVoid", 1100, done);
    expect(await said(done)).toEqual(["voided", "20", "000000001100"]);
    await clerk.do("cancel", 1000, held);
    expect(await said(held)).toEqual(["cancelled", "10", "000000001000"]);
    expect(await said(await clerk.do("balance", 0))).toEqual(["answered", "01", "000000000000"]);
    const declined = await clerk.do("sale", FUNDS);
    expect(await clerk.query(declined)).toEqual(["declined", "22", "000000100000", declined.answer[37], ""]);
    await clerk.undo(sale);
    expect(await said(sale)).toEqual(["reversed", "22", "000000001000"]);
    expect(await clerk.query({ batch: 1, stan: 999 })).toEqual([]);
    expect(await clerk.query({ batch: 2, stan: sale.stan })).toEqual([]);
  });

  test("tells nothing of another terminal", async () => {
    const sale = await clerk.do("sale", 1000);
    const other = new Clerk(await bench.newTerminal(), clerk.track2, (line) => bench.send(line));
    expect(await other.query(sale)).toEqual([]);
    expect((await findTxn(bench.host.store, clerk.terminal.tid, sale.stan))?.status).toBe("captured");
  });

  test.each<[string, Fields]>([
    ["what nobody asks", { 60: "00000001999" }],
    ["a query without a trace", { 60: "61000001000" }],
    ["a trace cut short", { 60: "61000001000", 61: "00000100001" }],
    ["another merchant", { 60: "00000001301", 42: "000000000000002" }],
  ])("with %s gets silence", async (_, changes) => {
    const fields = { 11: "000001", 41: clerk.terminal.tid, 42: "000000000000001", ...changes };
    await bench.expectSilence(clerk.seal("0800", fields).line, "message");
  });
});
