/** The double-entry ledger: every posting's lines add up to zero, and an account's balance is the sum of its lines. */
import { randomUUID } from "node:crypto";
import type { Session } from "./store";

/** The name of a transaction, and its money. */
export interface Sale {
  tid: string;
  batch: number;
  stan: number;
  amountMinor: number;
  currency: string;
}

/** A kind of transaction; `undo` before it for its reversal. */
export type PostingKind = string;

/** An account and what comes to it, or goes when negative. */
export type Line = readonly [account: string, amountMinor: number];

/** What pre-authorisations keep for the merchant. One account a terminal: no row that all terminals wait for. */
export const holdAccount = (sale: Sale) => `hold:${sale.tid}:${sale.currency}`;
/** What the acquirer owes the merchant for this terminal since its last settlement; negative when refunds were more. */
export const dueAccount = (sale: Sale) => `due:${sale.tid}:${sale.currency}`;
/** What was paid out to the merchant when batches were closed. */
export const paidAccount = (sale: Sale) => `paid:${sale.tid}:${sale.currency}`;
/** Where the money on test cards comes from. */
export const fundAccount = (currency: string) => `fund:${currency}`;
/** What the issuer laid out where a reversal takes again what a card had back and has spent since. */
export const coverAccount = (currency: string) => `cover:${currency}`;

const MAY_BE_NEGATIVE = new Set(["fund", "due", "paid", "cover"]);

export async function ensureAccount(session: Session, account: string, kind: string, currency: string): Promise<void> {
  await session.query(
    `insert into account (account, kind, currency, balance_minor, may_be_negative) values ($1, $2, $3, 0, $4)
     on conflict (account) do nothing`,
    [account, kind, currency, MAY_BE_NEGATIVE.has(kind)],
  );
}

/** Locks the account's row until the transaction ends. */
export async function balanceMinor(session: Session, account: string): Promise<number> {
  const [row] = await session.query("select balance_minor from account where account = $1 for update", [account]);
  if (!row) throw new Error(`no account ${account}`);
  return Number(row.balance_minor);
}

/** `$1, $2, ...` for so many rows of values, from a number on. */
function places(rows: number, columns: readonly string[], from: number): string {
  const row = (at: number) => `(${columns.map((type, i) => `$${from + at * columns.length + i}::${type}`).join(", ")})`;
  return Array.from({ length: rows }, (_, at) => row(at)).join(", ");
}

/** Books lines that add up to zero; nothing when nothing moves. The accounts of cards are there, and locked; others are made. */
export async function book(
  session: Session,
  sale: Sale,
  kind: PostingKind,
  lines: readonly Line[],
  localTime: string,
): Promise<void> {
  const moving = lines.filter(([, amountMinor]) => amountMinor !== 0);
  if (moving.reduce((sum, [, amountMinor]) => sum + amountMinor, 0) !== 0) {
    throw new Error(`${kind} of ${sale.tid} ${sale.batch} ${sale.stan} does not add up to zero`);
  }
  if (moving.length === 0) return;
  for (const [account] of moving) {
    const [accountKind = ""] = account.split(":");
    if (accountKind !== "card") await ensureAccount(session, account, accountKind, sale.currency);
  }
  const posting = randomUUID();
  await session.query(
    "insert into posting (posting, tid, batch, stan, kind, local_time) values ($1, $2, $3, $4, $5, $6)",
    [posting, sale.tid, sale.batch, sale.stan, kind, localTime],
  );
  await session.query(
    `insert into entry (posting, line, account, amount_minor) values ${places(moving.length, ["text", "integer", "text", "bigint"], 1)}`,
    moving.flatMap(([account, amountMinor], line) => [posting, line, account, amountMinor]),
  );
  await session.query(
    `update account set balance_minor = balance_minor + moved.amount_minor
     from (values ${places(moving.length, ["text", "bigint"], 1)}) as moved (account, amount_minor)
     where account.account = moved.account`,
    moving.flat(),
  );
}

/** Moves a transaction's amount from one account to another. */
export function post(
  session: Session,
  sale: Sale,
  kind: PostingKind,
  from: string,
  to: string,
  localTime: string,
): Promise<void> {
  return book(
    session,
    sale,
    kind,
    [
      [from, -sale.amountMinor],
      [to, sale.amountMinor],
    ],
    localTime,
  );
}
