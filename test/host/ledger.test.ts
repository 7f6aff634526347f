/** Money is neither made nor lost: whatever sales and reversals come, in whatever order, the books stay in balance. */
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { authorise, type Decision, reverse, type World } from "../../src/host/issuer";
import { post, type Sale } from "../../src/host/ledger";
import { migrate } from "../../src/host/schema";
import { openStore, type Store } from "../../src/host/store";
import { addCard, balanceOf, checkBooks, findTxn, snapshot } from "./books";
import { describeEach, describeOn, type Place, SERVER, withOption } from "./stores";
import { SALE } from "./types";

const world: World = { hostKey: Buffer.alloc(32, 7), localTime: () => "20260105120000", digits: () => "123456" };
const FUNDS = 1000;
const AMOUNT = 300;

let batch = 0;
const orderOf = (changes: Partial<Sale>): Sale => ({
  tid: "00000001",
  batch,
  stan: 1,
  amountMinor: AMOUNT,
  currency: "978",
  ...changes,
});

let lastCard = 0;
/** A card nobody has used yet, with money on it. */
async function newCard(store: Store, balanceMinor = FUNDS): Promise<{ track2: string; account: string }> {
  const pan = `47617390${String(++lastCard).padStart(8, "0")}`;
  const account = await store.transact((session) => addCard(session, world.hostKey, { pan, balanceMinor }));
  return { track2: `${pan}=28122011143800000000`, account };
}

async function sell(store: Store, track2: string, changes: Partial<Sale> = {}): Promise<Decision> {
  const order = { type: SALE, ...orderOf(changes), track2 };
  return (await store.transact((session) => authorise(session, world, order, order.batch))).decision;
}

async function undo(store: Store, changes: Partial<Sale> = {}): Promise<Decision> {
  const sale = { type: SALE, ...orderOf(changes) };
  return (await store.transact((session) => reverse(session, world, sale, sale.batch))).decision;
}

async function openBooks(place: Place): Promise<Store> {
  const store = await openStore(place.databaseUrl, join(place.folder, "db"));
  await store.transact(migrate);
  return store;
}

describeEach("ledger", (kind) => {
  let place: Place;
  let store: Store;
  let card: { track2: string; account: string };

  beforeAll(async () => {
    place = await kind.openPlace();
    store = await openBooks(place);
  });
  beforeEach(async () => {
    batch++;
    card = await newCard(store);
  });
  afterEach(() => checkBooks(store));
  afterAll(async () => {
    await store.close();
    await place.remove();
  });

  const status = async (stan = 1) => (await findTxn(store, "00000001", stan, batch))?.status;

  test("a sale moves the money from the card to what the merchant is owed", async () => {
    await sell(store, card.track2, { stan: 2 });
    const owed = await balanceOf(store, "due:00000001:978");
    expect((await sell(store, card.track2)).responseCode).toBe("00");
    expect(await balanceOf(store, card.account)).toBe(FUNDS - 2 * AMOUNT);
    expect(await balanceOf(store, "due:00000001:978")).toBe(owed + AMOUNT);
    expect(await status()).toBe("captured");
  });

  test("the last minor unit can be spent, one more cannot", async () => {
    expect((await sell(store, card.track2, { amountMinor: FUNDS + 1 })).responseCode).toBe("51");
    expect((await sell(store, card.track2, { amountMinor: FUNDS, stan: 2 })).responseCode).toBe("00");
    expect((await sell(store, card.track2, { amountMinor: 1, stan: 3 })).responseCode).toBe("51");
    expect(await balanceOf(store, card.account)).toBe(0);
  });

  test("a card below zero is refused by the database itself", async () => {
    const overdraw = store.transact((session) =>
      post(session, orderOf({ amountMinor: FUNDS + 1 }), "hold", card.account, "fund:978", "20260105120000"),
    );
    await expect(overdraw).rejects.toMatchObject({ code: "23514" });
    expect(await balanceOf(store, card.account)).toBe(FUNDS);
  });

  test("two sales of one TID, batch and STAN book once and get one answer", async () => {
    const first = await sell(store, card.track2);
    const before = await snapshot(store);
    expect(await sell(store, card.track2)).toEqual(first);
    expect(await snapshot(store)).toEqual(before);
  });

  test("another sale under a STAN that is taken is refused and books nothing", async () => {
    await sell(store, card.track2);
    const other = await newCard(store);
    const before = await snapshot(store);
    expect((await sell(store, card.track2, { amountMinor: 301 })).responseCode).toBe("94");
    const { responseCode, approvalCode } = await sell(store, other.track2);
    expect([responseCode, approvalCode]).toEqual(["94", ""]);
    expect(await snapshot(store)).toEqual(before);
  });

  test("the same STAN in another batch or at another terminal is another sale", async () => {
    await sell(store, card.track2);
    await sell(store, card.track2, { batch: batch + 1000 });
    await sell(store, card.track2, { tid: "00000002" });
    expect(await balanceOf(store, card.account)).toBe(FUNDS - 3 * AMOUNT);
  });

  test("a reversal gives the money back, and a second one changes nothing", async () => {
    const sale = await sell(store, card.track2);
    expect(await undo(store)).toMatchObject({ responseCode: "00", rrn: sale.rrn });
    expect(await balanceOf(store, card.account)).toBe(FUNDS);
    expect(await status()).toBe("reversed");
    const before = await snapshot(store);
    expect((await undo(store)).responseCode).toBe("00");
    expect(await snapshot(store)).toEqual(before);
  });

  test("a sale that was reversed is not booked again when it comes late", async () => {
    await sell(store, card.track2);
    await undo(store);
    const { responseCode, approvalCode } = await sell(store, card.track2);
    expect([responseCode, approvalCode]).toEqual(["94", ""]);
    expect(await balanceOf(store, card.account)).toBe(FUNDS);
  });

  test("a reversal that overtakes its sale leaves a row behind, and the sale is refused when it comes", async () => {
    expect((await undo(store)).responseCode).toBe("00");
    expect(await status()).toBe("reversed");
    expect((await undo(store)).responseCode).toBe("00");
    expect((await sell(store, card.track2)).responseCode).toBe("94");
    expect(await balanceOf(store, card.account)).toBe(FUNDS);
  });

  test.each([
    ["amount", { amountMinor: 299 }],
    ["currency", { currency: "840" }],
  ])("a reversal of another %s undoes nothing", async (_, changes) => {
    await sell(store, card.track2);
    const before = await snapshot(store);
    expect((await undo(store, changes)).responseCode).toBe("64");
    expect(await snapshot(store)).toEqual(before);
    expect((await undo(store)).responseCode).toBe("00");
    expect(await balanceOf(store, card.account)).toBe(FUNDS);
  });

  test("a sale that was declined has nothing to undo", async () => {
    await sell(store, card.track2, { amountMinor: FUNDS + 1 });
    const before = await snapshot(store);
    expect((await undo(store, { amountMinor: FUNDS + 1 })).responseCode).toBe("00");
    expect(await snapshot(store)).toEqual(before);
    expect((await sell(store, card.track2, { amountMinor: FUNDS + 1 })).responseCode).toBe("51");
  });

  test("any sequence of sales and reversals does what a ledger of a few lines does", async () => {
    const step = fc.record({
      isSale: fc.boolean(),
      tid: fc.constantFrom("00000001", "00000002"),
      stan: fc.integer({ min: 1, max: 4 }),
      card: fc.nat(1),
      amountMinor: fc.constantFrom(1, 300, 301, 700),
    });
    const property = async (
      steps: { isSale: boolean; tid: string; stan: number; card: number; amountMinor: number }[],
    ) => {
      const cards = [await newCard(store), await newCard(store)];
      const model = new Model(cards.length);
      batch++;
      for (const { isSale, card: index, ...sale } of steps) {
        const { track2 } = cards[index] ?? card;
        const { responseCode } = isSale ? await sell(store, track2, sale) : await undo(store, sale);
        expect(responseCode).toBe(isSale ? model.sell(index, sale) : model.undo(sale));
      }
      const balances = await Promise.all(cards.map(({ account }) => balanceOf(store, account)));
      expect(balances).toEqual(model.balances);
      await checkBooks(store);
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 16 }), property), {
      seed: 2026,
      numRuns: 60,
    });
  });
});

interface Order {
  tid: string;
  stan: number;
  amountMinor: number;
}

/** What the book must say, without a database. */
class Model {
  readonly balances: number[];
  private readonly txns = new Map<
    string,
    { card: number; amountMinor: number; status: "captured" | "declined" | "reversed" }
  >();

  constructor(cardCount: number) {
    this.balances = new Array(cardCount).fill(FUNDS);
  }

  sell(card: number, { tid, stan, amountMinor }: Order): string {
    const known = this.txns.get(`${tid} ${stan}`);
    if (known) {
      if (known.card !== card || known.amountMinor !== amountMinor || known.status === "reversed") return "94";
      return known.status === "captured" ? "00" : "51";
    }
    const isApproved = this.balances[card] >= amountMinor;
    if (isApproved) this.balances[card] -= amountMinor;
    this.txns.set(`${tid} ${stan}`, { card, amountMinor, status: isApproved ? "captured" : "declined" });
    return isApproved ? "00" : "51";
  }

  undo({ tid, stan, amountMinor }: Order): string {
    const known = this.txns.get(`${tid} ${stan}`);
    if (!known) this.txns.set(`${tid} ${stan}`, { card: -1, amountMinor, status: "reversed" });
    else if (known.amountMinor !== amountMinor) return "64";
    else if (known.status === "captured") {
      this.balances[known.card] += amountMinor;
      known.status = "reversed";
    }
    return "00";
  }
}

describeOn(SERVER, "ledger under sales that come at once", () => {
  let place: Place;
  let store: Store;
  beforeAll(async () => {
    place = await SERVER.openPlace();
    store = await openBooks(place);
  });
  afterEach(() => checkBooks(store));
  afterAll(async () => {
    await store.close();
    await place.remove();
  });

  test("50 sales on one card with money for 20 book exactly 20", async () => {
    const card = await newCard(store, 20 * AMOUNT);
    const sales = Array.from({ length: 50 }, (_, stan) => sell(store, card.track2, { stan: stan + 100 }));
    const codes = (await Promise.all(sales)).map(({ responseCode }) => responseCode).sort();
    expect(codes).toEqual([...Array(20).fill("00"), ...Array(30).fill("51")]);
    expect(await balanceOf(store, card.account)).toBe(0);
  });

  test("one sale that comes 20 times at once books once and gets one answer", async () => {
    const card = await newCard(store);
    const answers = await Promise.all(Array.from({ length: 20 }, () => sell(store, card.track2, { stan: 200 })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await balanceOf(store, card.account)).toBe(FUNDS - AMOUNT);
  });

  test("a sale and its reversal that come at once end undone", async () => {
    const card = await newCard(store);
    for (let stan = 300; stan < 320; stan++) {
      const [sale, reversal] = await Promise.all([sell(store, card.track2, { stan }), undo(store, { stan })]);
      expect(reversal.responseCode).toBe("00");
      expect(["00", "94"]).toContain(sale.responseCode);
      expect((await findTxn(store, "00000001", stan, batch))?.status).toBe("reversed");
    }
    expect(await balanceOf(store, card.account)).toBe(FUNDS);
  });

  test("on a database that serialises, what is acknowledged is booked and what is refused is not", async () => {
    const strict = await openStore(
      withOption(String(place.databaseUrl), "default_transaction_isolation=serializable"),
      "",
    );
    const card = await newCard(store, 20 * AMOUNT);
    const sales = Array.from({ length: 50 }, (_, stan) => sell(strict, card.track2, { stan: stan + 400 }));
    const ended = await Promise.allSettled(sales);
    await strict.close();
    const refused = ended.filter((each) => each.status === "rejected").map(({ reason }) => reason.code);
    expect(refused.filter((code) => code !== "40001")).toEqual([]);
    const approved = ended.filter((each) => each.status === "fulfilled" && each.value.responseCode === "00").length;
    expect(await balanceOf(store, card.account)).toBe((20 - approved) * AMOUNT);
  });
});
