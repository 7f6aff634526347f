/** Sales with a chip at the issuer: cards of `test/cards` sign, and what is changed, copied or repeated is declined with its reason. */
import { createCipheriv } from "node:crypto";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { authorise, type Order } from "../../src/host/issuer";
import { migrate } from "../../src/host/schema";
import { seedTest } from "../../src/host/seed";
import { openStore, type Store } from "../../src/host/store";
import { openTap } from "../../src/proto/emv";
import { chipData } from "../../src/proto/emv-card";
import { TapOutcome } from "../../src/proto/emv-tap";
import { noTlvs, readTlvs, setValue, valueOf } from "../../src/proto/tlv";
import { EmvCard } from "../../src/sim/emv-card";
import { cardData, DATE, paramsOf, play, unhex, UNPREDICTABLE } from "../proto/tap-desk";
import { checkBooks } from "./books";
import { PGLITE, type Place } from "./stores";
import { SALE } from "./types";

const HOST_KEY = Buffer.alloc(32, 7);
const TID = "00000001";
const EURO = "978";
const NOT_GENUINE = { responseCode: "82", approvalCode: "" };

let place: Place;
let store: Store;
let stan = 0;
const world = { hostKey: HOST_KEY, localTime: () => "20260105120000", digits: (n: number) => "918273".slice(0, n) };

beforeAll(async () => {
  place = await PGLITE.openPlace();
});
beforeEach(async () => {
  store = await openStore(undefined, join(place.folder, `db-${++stan}`));
  await store.transact(async (session) => {
    await migrate(session);
    await seedTest(session, HOST_KEY, [TID]);
  });
});
afterEach(async () => {
  await checkBooks(store);
  await store.close();
});
afterAll(() => place.remove());

/** What a terminal would send of a tap. */
function tapped(card: EmvCard, amountMinor: number): Pick<Order, "amountMinor" | "track2" | "chip"> {
  const params = paramsOf();
  setValue(params.data, 0x5f2a, unhex("0978"));
  const { tap, outcome } = play(openTap(params, amountMinor, DATE, UNPREDICTABLE), (apdu) => card.exchange(apdu));
  expect(outcome).toBe(TapOutcome.Online);
  const chip = { sequence: `0${card.data.sequence}`, data: Buffer.from(chipData(tap), "latin1") };
  return { amountMinor, track2: tap.track2.slice(1, -1), chip };
}

const sell = (order: Pick<Order, "amountMinor" | "track2" | "chip">, changes: Partial<Order> = {}) =>
  store.transact((session) =>
    authorise(
      session,
      world,
      { type: SALE, tid: TID, batch: 1, stan: ++stan, currency: EURO, ...order, ...changes },
      1,
    ),
  );

const lastAtc = async () => (await store.query("select max(last_atc) as atc from card_chip"))[0]?.atc;

test.each(["visa", "mastercard", "unionpay", "phone"])("%s is approved, and its issuer answers it", async (name) => {
  const { decision, change } = await sell(tapped(new EmvCard(cardData(name)), 1250));
  expect(decision).toMatchObject({ responseCode: "00", approvalCode: "918273" });
  expect(change).toMatchObject({ status: "captured", chip: "valid" });
  expect(await lastAtc()).toBe(28);
  const answer = noTlvs();
  expect(readTlvs(answer, decision.chipAnswer ?? "", 0)).toBe(true);
  expect(answer.tags).toEqual([0x91]);
});

test("the answer to a card of version 10 is method 1: over its cryptogram and 00", async () => {
  const card = new EmvCard(cardData("visa"));
  const order = tapped(card, 1250);
  const { decision } = await sell(order);
  const list = noTlvs();
  readTlvs(list, Buffer.from(order.chip?.data ?? []).toString("latin1"), 0);
  const block = Buffer.from(valueOf(list, 0x9f26), "latin1").map((byte, at) => byte ^ (at < 2 ? 0x30 : 0));
  const key = Buffer.from(card.data.key, "hex");
  const cipher = createCipheriv("des-ede3", Buffer.concat([key, key.subarray(0, 8)]), null).setAutoPadding(false);
  expect(decision.chipAnswer).toBe(`\x91\x0a${cipher.update(block).toString("latin1")}00`);
});

const tampered = (data: Uint8Array, tag: string, change: (at: number, bytes: Buffer) => void) => {
  const bytes = Buffer.from(data);
  const at = bytes.indexOf(Buffer.from(tag, "hex"));
  change(at + tag.length / 2 + 1, bytes);
  return bytes;
};

test("an amount that was changed on its way, in the message or in both places", async () => {
  const order = tapped(new EmvCard(cardData("visa")), 1250);
  const first = await sell(order, { amountMinor: 1 });
  expect(first).toMatchObject({ decision: NOT_GENUINE, change: { chip: "amount or currency differ" } });
  const data = tampered(order.chip?.data ?? new Uint8Array(), "9F02", (at, bytes) => bytes.fill(0, at, at + 5));
  const both = await sell(order, { amountMinor: 50, chip: { sequence: "001", data } });
  expect(both).toMatchObject({ decision: NOT_GENUINE, change: { chip: "wrong cryptogram" } });
  // Nothing of that counts as a use of the card.
  expect(await lastAtc()).toBe(-1);
  expect((await sell(order)).decision.responseCode).toBe("00");
});

test.each([
  ["its unpredictable number", "9F37"],
  ["its counter", "9F36"],
  ["its date", "9A"],
])("a cryptogram with another %s", async (_, tag) => {
  const order = tapped(new EmvCard(cardData("mastercard")), 1250);
  const data = tampered(order.chip?.data ?? new Uint8Array(), tag, (at, bytes) => {
    bytes[at + 1] = (bytes[at + 1] as number) ^ 1;
  });
  const answer = await sell(order, { chip: { sequence: "001", data } });
  expect(answer).toMatchObject({ decision: NOT_GENUINE, change: { status: "declined", chip: "wrong cryptogram" } });
});

test("a cryptogram that comes again, and a copy of the card that is behind it", async () => {
  const card = new EmvCard(cardData("visa"));
  const order = tapped(card, 1250);
  expect((await sell(order)).decision.responseCode).toBe("00");
  const replayed = { decision: NOT_GENUINE, change: { chip: "replayed" } };
  expect(await sell(order)).toMatchObject(replayed);
  expect(await sell(tapped(new EmvCard({ ...cardData("visa"), atc: 5 }), 1250))).toMatchObject(replayed);
  expect((await sell(tapped(card, 1250))).decision.responseCode).toBe("00");
  expect(await lastAtc()).toBe(29);
});

test("a counter that was used is used, also in a sale that was declined", async () => {
  const card = new EmvCard(cardData("visa"));
  await sell(tapped(card, 60000));
  const order = tapped(card, 60000);
  expect(await sell(order)).toMatchObject({ decision: { responseCode: "51" }, change: { chip: "valid" } });
  expect(await lastAtc()).toBe(29);
  expect(await sell(order)).toMatchObject({ decision: NOT_GENUINE, change: { chip: "replayed" } });
});

test("a copy without the key, the data of another card, no data, and a card without a chip", async () => {
  const clone = await sell(tapped(new EmvCard(cardData("visa-clone")), 1250));
  expect(clone).toMatchObject({ decision: NOT_GENUINE, change: { chip: "wrong cryptogram" } });
  const order = tapped(new EmvCard(cardData("visa")), 1250);
  const { track2 } = tapped(new EmvCard(cardData("visa-pin")), 1250);
  expect(await sell({ ...order, track2 })).toMatchObject({ change: { chip: "wrong cryptogram" } });
  const none = { sequence: "001", data: new Uint8Array() };
  expect(await sell(order, { chip: none })).toMatchObject({ decision: NOT_GENUINE, change: { chip: "malformed" } });
  const stripe = "3566000000000018=28122011143800000000";
  expect(await sell({ ...order, track2: stripe })).toMatchObject({
    decision: NOT_GENUINE,
    change: { chip: "no chip" },
  });
  expect(
    (await sell(order, { chip: { ...none, data: order.chip?.data ?? none.data, sequence: "002" } })).change,
  ).toMatchObject({
    chip: "no chip",
  });
});
