/** The double-entry ledger: every posting's lines add up to zero, and an account's balance is the sum of its lines. */
import { randomUUID } from "node:crypto";
import type { Session } from "./store";

export interface Sale {
  tid: string;
  batch: number;
  stan: number;
  amountMinor: number;
  currency: string;
}

export type PostingKind = "hold" | "capture" | "uncapture" | "release" | "fund";

/** Money approved and not yet the merchant's. One account a terminal: no row that all terminals wait for. */
export const holdAccount = (sale: Sale) => `hold:${sale.tid}:${sale.currency}`;
/** What the acquirer owes the merchant for this terminal. */
export const dueAccount = (sale: Sale) => `due:${sale.tid}:${sale.currency}`;
/** Where the money on test cards comes from. */
export const fundAccount = (currency: string) => `fund:${currency}`;

export async function ensureAccount(session: Session, account: string, kind: string, currency: string): Promise<void> {
  await session.query(
    `insert into account (account, kind, currency, balance_minor, may_be_negative) values ($1, $2, $3, 0, $4)
     on conflict (account) do nothing`,
    [account, kind, currency, kind === "fund"],
  );
}

/** Locks the account's row until the transaction ends. */
export async function balanceMinor(session: Session, account: string): Promise<number> {
  const [row] = await session.query("select balance_minor from account where account = $1 for update", [account]);
  if (!row) throw new Error(`no account ${account}`);
  return Number(row.balance_minor);
}

/** Moves money from one account to another. */
export async function post(
  session: Session,
  sale: Sale,
  kind: PostingKind,
  from: string,
  to: string,
  localTime: string,
): Promise<void> {
  const posting = randomUUID();
  await session.query(
    "insert into posting (posting, tid, batch, stan, kind, local_time) values ($1, $2, $3, $4, $5, $6)",
    [posting, sale.tid, sale.batch, sale.stan, kind, localTime],
  );
  const lines: [string, number][] = [
    [from, -sale.amountMinor],
    [to, sale.amountMinor],
  ];
  for (const [line, [account, amountMinor]] of lines.entries()) {
    await session.query("insert into entry (posting, line, account, amount_minor) values ($1, $2, $3, $4)", [
      posting,
      line,
      account,
      amountMinor,
    ]);
    await session.query("update account set balance_minor = balance_minor + $2 where account = $1", [
      account,
      amountMinor,
    ]);
  }
}
