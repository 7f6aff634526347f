/**
 * The store in memory is the database as far as the host can tell: every story gives the same events and the same rows on both. And what
 * it cannot read it refuses.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Stage } from "../../src/cli/torture/play";
import { HostCrash, MemoryStore } from "../../src/host/memory";
import { parse } from "../../src/host/sql";
import type { Row } from "../../src/host/store";
import type { ScriptEvent } from "../../src/sim/script";
import { openSharedHost, playOn, type SharedHost } from "../world";

const FOLDER = join(import.meta.dirname, "..", "scripts");
const SCRIPTS = readdirSync(FOLDER).filter((name) => name.endsWith(".ndjson"));
/** Of each table what does not hang on the host's key. */
const TABLES: Record<string, string> = {
  txn: "tid, batch, stan, kind, code, amount_minor, part_minor, added_minor, before_minor, refunded_minor, currency, pan_masked, status, response_code, approval_code, original_batch, original_stan",
  settlement: "tid, batch, claimed, answered",
  upload: "tid, batch, stan, mti, code, amount_minor, response_code, approval_code",
  difference: "tid, batch, stan, terminal_code, terminal_minor, host_code, host_minor",
  chip_sale: "tid, batch, stan, verdict, atc",
  entry: "line, amount_minor",
  terminal: "tid, batch, counter, parameters, next_spends, asks_sign_on",
  account: "kind, currency, balance_minor",
  card_pin: "wrong_tries",
};

let shared: SharedHost;
let stage: Stage;
beforeAll(async () => {
  shared = await openSharedHost();
  stage = await Stage.open();
});
afterAll(async () => {
  await shared.close();
  await stage.close();
});

async function rowsOf(query: (sql: string) => Promise<Row[]>): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const [table, columns] of Object.entries(TABLES)) {
    const rows = await query(`select ${columns} from ${table}`);
    all[table] = rows.map((row) => JSON.stringify(Object.values(row).map((value) => value ?? null))).sort();
  }
  return all;
}

/** Times aside: an answer over TCP is one thing later than one that comes by itself. */
const said = (events: readonly ScriptEvent[]) => events.map(({ t, ...event }) => event);

describe.each(SCRIPTS)("%s", (name) => {
  test("is the same in memory", async () => {
    const script = readFileSync(join(FOLDER, name), "utf8");
    const wanted = await playOn(shared, script);
    const rows = await rowsOf((sql) => shared.host.store.query(sql));
    const events: ScriptEvent[] = [];
    const { store } = stage.host;
    const result = await stage.play({ script, scriptFolder: FOLDER, onEvent: (event) => events.push(event) });
    expect(result).toMatchObject({ failure: wanted.failure, agree: wanted.agree });
    expect(said(events).filter((event) => "end" in event)).toEqual(said(wanted.events).filter((e) => "end" in e));
    const mine = await rowsOf((sql) => store.query(sql));
    for (const table of Object.keys(TABLES)) if (table !== "txn") expect(mine[table], table).toEqual(rows[table]);
    const withoutCode = (all: string[] = []) => all.map((row) => row.replace(/"[0-9]{6}",(null|[0-9]+),/, "$1,"));
    expect(withoutCode(mine.txn)).toEqual(withoutCode(rows.txn));
  });
});

test("a transaction that throws, or that the host dies in, leaves nothing behind; a picture is put back as it was", async () => {
  const store = new MemoryStore();
  await store.query("create table if not exists t (a integer primary key, b text not null default 'x')");
  const add = (a: number) =>
    store.transact(async (session) => {
      await session.query("update t set b = 'z' where a = 1");
      await session.query("insert into t (a) values ($1)", [a]);
    });
  await add(1);
  const picture = store.picture();
  await expect(add(1)).rejects.toThrow("there already");
  store.failNext();
  await expect(add(2)).rejects.toThrow(HostCrash);
  expect(await store.query("select * from t")).toEqual([{ a: 1, b: "x" }]);
  await add(2);
  expect(await store.query("select a from t where b = 'z' order by a desc")).toEqual([{ a: 1 }]);
  await store.query("delete from t where a = 2");
  store.restore(picture);
  expect(await store.query("select a, b from t where a = 1")).toEqual([{ a: 1, b: "x" }]);
});

test.each([
  "select * from t left join u on u.a = t.a",
  "select a from t having a = 1",
  "insert into t (a) select a from u",
  "select a || b from t",
  "update t set a = lower(b)",
  "drop table t",
])("%s is refused", (sql) => {
  expect(() => parse(sql)).toThrow("memory store");
});
