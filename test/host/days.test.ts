/**
 * Days of trade with everything that can go wrong on the way: whatever comes, in whatever order and how often, the host's answers and
 * its book are those of a plain model, and its ledger holds. And a host that dies at any statement has done nothing.
 */
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { handleLine } from "../../src/host/service";
import { Bench } from "./bench";
import { addCard, balanceOf, checkBooks, snapshot } from "./books";
import { Clerk, type ClerkKind, type Noted, totalsText } from "./clerk";
import { Died, faulty, type FaultyStore } from "./faults";
import { ABOUT, type Entry, isDone, Model, whole } from "./model";
import { FASTEST } from "./stores";
import type { Fields, SealedRequest } from "./terminal";

const FUNDS = 4000;
const bench = new Bench();
let store: FaultyStore;
let clerk: Clerk;
let accounts: { track2: string; account: string }[];
let cards = 0;

const world = () => ({
  hostKey: bench.host.hostKey,
  localTime: () => "20260105120000",
  digits: () => "918273",
  randomBytes: (count: number) => new Uint8Array(count),
});
const answer = async (line: string) => (await handleLine(store, world(), line)).reply;

async function newDay(): Promise<void> {
  accounts = [];
  for (let each = 0; each < 2; each++) {
    const pan = `47617393${String(++cards).padStart(8, "0")}`;
    const account = await store.transact((session) =>
      addCard(session, bench.host.hostKey, { pan, balanceMinor: FUNDS }),
    );
    accounts.push({ track2: `${pan}=28122011143800000000`, account });
  }
  clerk = new Clerk(await bench.newTerminal(), accounts[0]?.track2 ?? "", answer);
}

beforeAll(async () => {
  await bench.open(FASTEST);
  store = faulty(bench.host.store);
});
beforeEach(newDay);
afterAll(() => bench.close());

interface Step {
  kind: ClerkKind | "undo" | "settle";
  card: number;
  /** Which of the earlier ones it is about, from the newest. */
  back: number;
  amount: number;
  /** Takes the amount that fits instead. */
  fits: boolean;
  fault: "" | "dies" | "lost" | "again" | "undone" | "overtaken";
  dieAt: number;
}

const KINDS = [
  "sale",
  "cashback",
  "void",
  "refund",
  "preauth",
  "cancel",
  "completion",
  "advice",
  "completionVoid",
  "offline",
  "tip",
  "cash",
] as const;

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    ...KINDS,
    "sale",
    "void",
    "refund",
    "preauth",
    "preauth",
    "completion",
    "completionVoid",
    "undo",
    "settle",
  ),
  card: fc.nat(1),
  back: fc.constantFrom(0, 0, 1, 2),
  amount: fc.constantFrom(1, 300, 345, 700, 1500),
  fits: fc.constantFrom(true, true, true, false),
  fault: fc.constantFrom("", "", "dies", "lost", "again", "undone", "overtaken"),
  dieAt: fc.integer({ min: 1, max: 24 }),
});

/** One terminal's day on the host and in the model. */
class Day {
  readonly model = new Model([FUNDS, FUNDS]);
  private readonly noted: { noted: Noted; entry: Entry }[] = [];

  async play(each: Step): Promise<void> {
    if (each.kind === "settle") return this.settle();
    if (each.kind === "undo") {
      const found = this.noted.at(-1 - each.back);
      if (found) await this.undo(found.noted, found.entry);
      return;
    }
    await this.trade(each, each.kind);
  }

  private async trade(each: Step, kind: ClerkKind): Promise<void> {
    const found = ABOUT[kind] && this.pick(each, kind);
    if (ABOUT[kind] && !found) return;
    const { entry, tip } = this.entryOf(each, kind, found?.entry);
    clerk.track2 = accounts[entry.card]?.track2 ?? "";
    const fields = clerk.fields(kind, entry.amount, found?.noted, changesOf(kind, tip));
    const noted: Noted = { kind, batch: clerk.batch, stan: clerk.stan, amountMinor: entry.amount, fields, answer: {} };
    if (each.fault === "overtaken") {
      expect((await clerk.undo(noted))[39]).toBe("00");
      expect((await clerk.repeat(noted)).answer[39]).toBe("94");
      return;
    }
    const code = this.model.do(entry, tip);
    noted.answer = await this.exchange(clerk.seal(clerk.mtiOf(kind), fields), each);
    expect(noted.answer[39], JSON.stringify(fields)).toBe(code);
    this.noted.push({ noted, entry });
    if (each.fault === "again") expect((await clerk.repeat(noted)).answer).toEqual(noted.answer);
    if (each.fault !== "undone") return;
    await this.undo(noted, entry);
    await this.undo(noted, entry);
  }

  /** One that it may be about, or any that it can name. */
  private pick({ fits, back }: Step, kind: ClerkKind) {
    const needsCode = ABOUT[kind]?.includes("preauth");
    return this.noted
      .filter(({ noted }) => noted.answer[38] && (!needsCode || noted.kind === "preauth"))
      .filter(({ noted, entry }) => !fits || (ABOUT[kind]?.includes(noted.kind) && isDone(entry)))
      .at(-1 - back);
  }

  private entryOf(each: Step, kind: ClerkKind, about?: Entry): { entry: Entry; tip: number } {
    const isTip = kind === "tip";
    const base = about && each.fits ? about.amount : each.amount;
    const tip = isTip ? each.amount : 0;
    const fitting = about && each.fits && kind !== "refund" ? whole(about) : each.amount;
    // Without a card in the request it is the original's; a refund shows one, and may show another.
    const card = about && (kind !== "refund" || each.fits) ? about.card : each.card;
    const [amount, before] = isTip && about ? [base + tip, whole(about)] : [fitting, 0];
    return { entry: { kind, batch: clerk.batch, card, amount, tip: 0, before, refunded: 0, status: "", about }, tip };
  }

  private async undo(noted: Noted, entry: Entry): Promise<void> {
    expect((await clerk.undo(noted))[39]).toBe(this.model.undo(entry));
  }

  /** With what the step has go wrong between the request and its answer. */
  private async exchange(request: SealedRequest, { fault, dieAt }: Step): Promise<Fields> {
    if (fault === "dies") {
      store.dieAt = dieAt;
      await expect(answer(request.line)).rejects.toThrow(Died);
    }
    if (fault === "lost") await answer(request.line);
    return clerk.open(request, await answer(request.line));
  }

  private async settle(): Promise<void> {
    expect(await clerk.settle(totalsText(...this.model.totals()))).toMatchObject({ 39: "00" });
    this.model.batch = ++clerk.batch;
  }

  async check(): Promise<void> {
    const [debitMinor, debitCount, creditMinor, creditCount] = this.model.totals();
    const { tid } = clerk.terminal;
    expect(await bench.host.sides(tid, clerk.batch)).toEqual({ debitMinor, debitCount, creditMinor, creditCount });
    expect(await Promise.all(accounts.map(({ account }) => balanceOf(store, account)))).toEqual(this.model.money);
    const [earned] = await store.query(
      "select coalesce(sum(balance_minor), 0) as total from account where account in ($1, $2)",
      [`due:${tid}:978`, `paid:${tid}:978`],
    );
    expect(Number(earned?.total)).toBe(this.model.earned());
    const rows = await store.query("select batch, stan, status, refunded_minor from txn where tid = $1", [tid]);
    for (const { noted, entry } of this.noted) {
      const row = rows.find(({ batch, stan }) => batch === noted.batch && stan === noted.stan);
      expect([row?.status, row?.refunded_minor]).toEqual([entry.status, entry.refunded]);
    }
    await checkBooks(store);
  }
}

function changesOf(kind: ClerkKind, tip: number): Fields {
  if (kind === "tip") return { 48: String(tip).padStart(12, "0") };
  return kind === "cashback" ? { 54: "0040978D000000000001" } : {};
}

test("any sequence of all kinds, undone, repeated, overtaken and cut off, does what the model does", async () => {
  const codes = new Map<string, number>();
  const property = async (steps: Step[]) => {
    await newDay();
    const day = new Day();
    for (const each of steps) await day.play(each);
    for (const { kind, status } of day.model.entries) {
      codes.set(`${kind} ${status}`, (codes.get(`${kind} ${status}`) ?? 0) + 1);
    }
    await day.check();
  };
  await fc.assert(fc.asyncProperty(fc.array(fc.noBias(step), { minLength: 30, maxLength: 45 }), property), {
    seed: 2026,
    numRuns: 20,
  });
  // The sequences got somewhere: every kind was approved, and stands or was undone.
  for (const kind of KINDS) expect(codes.get(`${kind} reversed`), kind).toBeGreaterThan(0);
  for (const kind of KINDS.filter((each) => each !== "preauth")) {
    expect(codes.get(`${kind} captured`), kind).toBeGreaterThan(0);
  }
});

describe("a host that dies at any statement has done nothing, and does it when it is asked again:", () => {
  type Story = (clerk: Clerk) => Promise<[mti: string, fields: Fields]>;
  const of = (kind: ClerkKind, amountMinor: number, changes: Fields, ...before: ClerkKind[]): Story => {
    return async () => {
      let about: Noted | undefined;
      for (const each of before) about = await clerk.do(each, 1000, about);
      return [clerk.mtiOf(kind), clerk.fields(kind, amountMinor, about, changes)];
    };
  };
  const undoing = (story: Story): Story => {
    return async (own) => {
      const [mti, fields] = await story(own);
      expect((await own.ask(mti, fields))[39]).toBe("00");
      const kept = [3, 4, 11, 22, 25, 41, 42, 49, 60].map((field) => [field, fields[field]]);
      return [mti === "0220" ? "0420" : "0400", { ...Object.fromEntries(kept), 39: "98" }];
    };
  };
  const completionVoid = of("completionVoid", 1000, {}, "preauth", "completion");
  const settlement: Story = async () => {
    await clerk.do("sale", 1000);
    const own = { 41: clerk.terminal.tid, 42: "000000000000001", 49: "978", 60: "00000001201" };
    return ["0500", { 11: "000900", 48: totalsText(1000, 1, 0, 0), ...own }];
  };
  test.each<[string, Story]>([
    ["sale", of("sale", 1000, {})],
    ["void", of("void", 1000, {}, "sale")],
    ["void of a refund", of("void", 1000, {}, "sale", "refund")],
    ["refund", of("refund", 400, {}, "sale")],
    ["pre-authorisation", of("preauth", 1000, {})],
    ["cancel", of("cancel", 1000, {}, "preauth")],
    ["completion", of("completion", 1100, {}, "preauth")],
    ["completion, advice", of("advice", 900, {}, "preauth")],
    ["void of a completion", completionVoid],
    ["offline sale", of("offline", 1000, {})],
    ["tip", of("tip", 1100, { 48: "000000000100" }, "sale")],
    ["cash sale", of("cash", 1000, {})],
    ["reversal of a sale", undoing(of("sale", 1000, {}))],
    ["reversal of a void", undoing(of("void", 1000, {}, "sale"))],
    ["reversal of a completion", undoing(of("completion", 1100, {}, "preauth"))],
    ["reversal of a refund", undoing(of("refund", 400, {}, "sale"))],
    ["reversal of a void of a completion", undoing(completionVoid)],
    ["settlement", settlement],
  ])("%s", async (_, story) => {
    const request = clerk.seal(...(await story(clerk)));
    const before = await snapshot(store);
    let deaths = 0;
    do {
      store.dieAt = ++deaths;
      await expect(answer(request.line)).rejects.toThrow(Died);
    } while (store.statements === deaths);
    expect(await snapshot(store)).toEqual(before);
    expect(deaths).toBeGreaterThan(5);
    const reply = await answer(request.line);
    expect(clerk.open(request, reply)[39]).toBe("00");
    // It died after its commit: the same frame has its answer.
    expect(await answer(request.line)).toBe(reply);
    await checkBooks(store);
  });
});
