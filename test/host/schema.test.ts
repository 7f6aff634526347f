/** A database of an older Tillet is brought up to date in place: what was sold then can be voided, refunded and settled now. */
import { afterEach, expect, test } from "vitest";
import { SCHEMA_VERSION } from "../../src/host/schema";
import { hashPan, openHostKey } from "../../src/host/keys";
import { openHost } from "../../src/host/host";
import { openStore } from "../../src/host/store";
import { join } from "node:path";
import { testKey } from "../../src/host/keys";
import { handleLine } from "../../src/host/service";
import { balanceOf, checkBooks } from "./books";
import { Clerk, type Noted, totalsText } from "./clerk";
import { FASTEST, type Place } from "./stores";
import { GOOD_TRACK2, TestTerminal } from "./terminal";

const TID = "00000001";
const SOLD = { stan: 1, amountMinor: 1250, rrn: "600512000001", approvalCode: "918273" };
/** Tables of version 3 that are others now. */
const VERSION_3 = [
  "create table schema_version (version integer primary key)",
  "insert into schema_version values (3)",
  `create table account (
     account text primary key, kind text not null, currency text not null, balance_minor bigint not null,
     may_be_negative boolean not null, check (may_be_negative or balance_minor >= 0))`,
  `create table txn (
     tid text not null, batch integer not null, stan integer not null, kind text not null, amount_minor bigint not null,
     currency text not null, pan_hash text, pan_masked text, status text not null, response_code text not null,
     rrn text not null, approval_code text not null, local_time text not null, primary key (tid, batch, stan))`,
  "insert into account values ('due:00000001:978', 'due', '978', 1250, false), ('fund:978', 'fund', '978', -1250, true)",
];

let place: Place;
afterEach(() => place.remove());

test("version 3", async () => {
  place = await FASTEST.openPlace();
  const panHash = hashPan(openHostKey(join(place.folder, "host.key")), GOOD_TRACK2.split("=")[0] ?? "");
  const old = await openStore(place.databaseUrl, join(place.folder, "db"));
  for (const statement of VERSION_3) await old.query(statement);
  await old.query(
    "insert into txn values ($1, 1, 1, 'sale', 1250, '978', $2, 'test', 'captured', '00', $3, $4, '20260105120000')",
    [TID, panHash, SOLD.rrn, SOLD.approvalCode],
  );
  await old.close();

  // Twice: the second start finds it done.
  await (await openHost({ ...place, testTids: [TID] })).close();
  const host = await openHost({ ...place, testTids: [TID] });
  // The old sale's posting, which this test leaves out above for the tables that it refers to.
  await host.store.query("insert into posting values ('old', $1, 1, 1, 'capture', '20260105120000')", [TID]);
  await host.store.query(
    "insert into entry values ('old', 0, 'fund:978', -1250), ('old', 1, 'due:00000001:978', 1250)",
  );
  await checkBooks(host.store);
  const [{ version } = {}] = await host.store.query("select max(version) as version from schema_version");
  expect(version).toBe(SCHEMA_VERSION);

  const world = {
    hostKey: host.hostKey,
    localTime: () => "20260105120000",
    digits: () => "123456",
    randomBytes: (count: number) => new Uint8Array(count),
  };
  const terminal = new TestTerminal(TID, testKey(TID));
  const clerk = new Clerk(terminal, GOOD_TRACK2, async (line) => (await handleLine(host.store, world, line)).reply);
  clerk.stan = 1;
  const answer = { 13: "0105", 37: SOLD.rrn, 38: SOLD.approvalCode, 39: "00" };
  const sold: Noted = { kind: "sale", batch: 1, stan: 1, amountMinor: 1250, fields: {}, answer };
  expect(await clerk.query(sold)).toEqual(["captured", "22", "000000001250", SOLD.rrn, SOLD.approvalCode]);
  const voided = await clerk.do("void", 1250, sold);
  expect(voided.answer[39]).toBe("00");
  expect((await clerk.undo(voided))[39]).toBe("00");
  expect((await clerk.settle(totalsText(1250, 1, 0, 0)))[39]).toBe("00");
  clerk.batch = 2;
  // More was refunded than was sold since the batch was paid out: the account may be below zero now.
  expect((await clerk.do("refund", 1250, sold)).answer[39]).toBe("00");
  expect(await balanceOf(host.store, `due:${TID}:978`)).toBe(-1250);
  await checkBooks(host.store);
  await host.close();
});
