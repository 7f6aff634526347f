/** Issuers' keys: a check value that others compute too, one key a name, and no test key. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHost } from "../../src/host/host";
import { addIssuerKey, issuerCheckValue, testIssuers } from "../../src/host/issuer-keys";
import { openKey, sealKey, testIssuerKey } from "../../src/host/keys";
import { migrate } from "../../src/host/schema";
import { openStore, type Store } from "../../src/host/store";
import { join } from "node:path";
import { PGLITE, type Place } from "./stores";

const HOST_KEY = Buffer.alloc(32, 7);
const KEY = Buffer.from("2B960231C8FA4D17A2C5D3E8F1907B64", "hex");
const TEST_KEY = testIssuerKey().key;

let place: Place;
let store: Store;
beforeAll(async () => {
  place = await PGLITE.openPlace();
  store = await openStore(undefined, join(place.folder, "db"));
  await store.transact(migrate);
});
afterAll(async () => {
  await store.close();
  await place.remove();
});

const add = (issuer: string, key: Uint8Array) =>
  store.transact((session) => addIssuerKey(session, HOST_KEY, issuer, key));

test("the check value of the best-known key is the one in every manual", () => {
  expect(issuerCheckValue(TEST_KEY)).toBe("08D7B4");
});

test("a key is kept under the host's, and loading it once more changes nothing", async () => {
  await add("SAMPLE", KEY);
  await add("SAMPLE", KEY);
  const rows = await store.query("select * from issuer_key");
  expect(rows).toMatchObject([{ issuer: "SAMPLE", is_test: false }]);
  const box = rows[0]?.key_box as Uint8Array;
  expect(Buffer.from(box).includes(KEY)).toBe(false);
  expect(Buffer.from(openKey(HOST_KEY, box))).toEqual(KEY);
  expect(await testIssuers(store, HOST_KEY)).toEqual([]);
});

test("another key under the same name would make all its chips strangers", async () => {
  await expect(add("SAMPLE", Buffer.alloc(16, 3))).rejects.toThrow("has another key");
});

test.each([0, 1])("the test key is none, with either parity (%i)", async (parity) => {
  await expect(
    add(
      "OTHER",
      TEST_KEY.map((byte) => (byte & 0xfe) | parity),
    ),
  ).rejects.toThrow("everybody has it");
});

test("a host outside test mode does not start with a test issuer, whatever it is called", async () => {
  const folder = join(place.folder, "live");
  const first = await openHost({ folder });
  const { hostKey } = first;
  await first.store.query("insert into issuer_key (issuer, key_box, is_test) values ($1, $2, false)", [
    "BANK",
    sealKey(hostKey, TEST_KEY),
  ]);
  await first.close();
  await expect(openHost({ folder })).rejects.toThrow("issuer BANK is the test key");
});
