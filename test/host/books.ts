/** What must hold of a host's books at any time, and small views of them. */
import { expect } from "vitest";
import { hashPan } from "../../src/host/keys";
import { ensureAccount, fundAccount, post } from "../../src/host/ledger";
import type { Row, Session, Store } from "../../src/host/store";

const TABLES = [
  "merchant",
  "terminal",
  "exchange",
  "account",
  "card",
  "card_pin",
  "card_chip",
  "chip_sale",
  "issuer_key",
  "base_key",
  "pin_key",
  "txn",
  "posting",
  "entry",
  "settlement",
  "upload",
  "difference",
];

/** Double entry, no card below zero, money neither made nor lost, and the merchant is owed what was captured. */
export async function checkBooks(store: Store): Promise<void> {
  const unbalanced = await store.query(
    "select posting, sum(amount_minor) as total, count(*) as lines from entry group by posting having sum(amount_minor) <> 0 or count(*) not in (2, 3)",
  );
  expect(unbalanced).toEqual([]);
  const wrongBalances = await store.query(
    `select account, balance_minor, (select coalesce(sum(amount_minor), 0) from entry where entry.account = account.account) as entries
     from account where balance_minor <> (select coalesce(sum(amount_minor), 0) from entry where entry.account = account.account)`,
  );
  expect(wrongBalances).toEqual([]);
  expect(await store.query("select account from account where balance_minor < 0 and not may_be_negative")).toEqual([]);
  expect(await sumOf(store, "select sum(balance_minor) as total from account")).toBe(0);
  const held = await sumOf(store, "select sum(balance_minor) as total from account where kind = 'hold'");
  expect(held).toBe(await sumOf(store, "select sum(amount_minor) as total from txn where status = 'held'"));
  const earned = await sumOf(store, "select sum(balance_minor) as total from account where kind in ('due', 'paid')");
  // What stands: what was voided and its void cancel each other out.
  const stands = await sumOf(
    store,
    `select sum(case when kind = 'refund' then -amount_minor else amount_minor + added_minor end) as total from txn
     where status = 'captured' and kind in ('sale', 'offline', 'completion', 'refund')`,
  );
  expect(earned).toBe(stands);
}

async function sumOf(store: Store, sql: string): Promise<number> {
  return Number((await store.query(sql))[0]?.total ?? 0);
}

/** Every row of every table, in an order of its own: equal when nothing changed. */
export async function snapshot(store: Store): Promise<string[]> {
  const rows: string[] = [];
  for (const table of TABLES) {
    for (const row of await store.query(`select * from ${table}`)) rows.push(`${table} ${JSON.stringify(row)}`);
  }
  return rows.sort();
}

export function findTxn(store: Store, tid: string, stan: number, batch = 1): Promise<Row | undefined> {
  return store
    .query("select * from txn where tid = $1 and batch = $2 and stan = $3", [tid, batch, stan])
    .then(([row]) => row);
}

export interface TestCard {
  pan: string;
  balanceMinor: number;
  expiry?: string;
  status?: string;
  needsPin?: boolean;
  currency?: string;
}

/** Adds a card with money on it; returns the name of its account. */
export async function addCard(session: Session, hostKey: Uint8Array, card: TestCard): Promise<string> {
  const currency = card.currency ?? "978";
  const panHash = hashPan(hostKey, card.pan);
  const account = `card:${card.pan.slice(-8)}`;
  await ensureAccount(session, fundAccount(currency), "fund", currency);
  await ensureAccount(session, account, "card", currency);
  await session.query(
    "insert into card (pan_hash, pan_masked, expiry, status, needs_pin, account, is_test) values ($1, 'test', $2, $3, $4, $5, true)",
    [panHash, card.expiry ?? "2812", card.status ?? "active", card.needsPin ?? false, account],
  );
  const funding = { tid: "", batch: 0, stan: 0, amountMinor: card.balanceMinor, currency };
  await post(session, funding, "fund", fundAccount(currency), account, "");
  return account;
}

export async function balanceOf(store: Store, account: string): Promise<number> {
  return Number(
    (await store.query("select balance_minor from account where account = $1", [account]))[0]?.balance_minor,
  );
}
