/** The acquirer's book: one row a transaction, named by terminal, batch and STAN. */
import type { Kind, TransactionType } from "../proto/types.table";
import type { Row, Session } from "./store";

/**
 * captured: booked. held: a pre-authorisation. answered: a balance. voided, completed, cancelled: a later transaction did that.
 * reversed: undone, or never to be done.
 */
export type Status = "captured" | "held" | "answered" | "declined" | "reversed" | "voided" | "completed" | "cancelled";

export interface Name {
  tid: string;
  batch: number;
  stan: number;
}

export interface Txn extends Name {
  kind: Kind;
  /** Field 60.1. */
  code: string;
  /** As it was asked. */
  amountMinor: number;
  /** Of a sale the cash in it, of a tip the tip. */
  partMinor: number;
  /** Of a sale: what tips added to it since. */
  addedMinor: number;
  /** Of a tip: what its sale came to before it. */
  beforeMinor: number;
  /** Of a sale: what was given back of it. */
  refundedMinor: number;
  /** How it was paid, a letter of `limits/limits`; "" without a card. */
  method: string;
  currency: string;
  panHash: string | null;
  panMasked: string | null;
  status: Status;
  responseCode: string;
  rrn: string;
  /** "" unless approved. */
  approvalCode: string;
  /** YYYYMMDDhhmmss. */
  localTime: string;
  original: { batch: number; stan: number } | null;
}

/** With the tips. */
export function wholeMinor({ amountMinor, addedMinor }: Txn): number {
  return amountMinor + addedMinor;
}

/** What an approved transaction of this kind is. */
export function doneStatus(kind: Kind): Status {
  if (kind === "preauth") return "held";
  return kind === "balance" ? "answered" : "captured";
}

/** Retrieval reference number: last digit of the year, day of the year, hour, STAN (the usual YDDDHHnnnnnn). */
export function makeRrn(localTime: string, stan: number): string {
  const part = (from: number, to: number) => Number(localTime.slice(from, to));
  const day = (Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8)) - Date.UTC(part(0, 4), 0, 0)) / 86400000;
  return localTime[3] + String(day).padStart(3, "0") + localTime.slice(8, 10) + String(stan).padStart(6, "0");
}

/** Locks the row until the transaction ends. */
export async function findTxn(session: Session, { tid, batch, stan }: Name): Promise<Txn | undefined> {
  const [row] = await session.query("select * from txn where tid = $1 and batch = $2 and stan = $3 for update", [
    tid,
    batch,
    stan,
  ]);
  return row && asTxn(row);
}

/** What a transaction is about. */
export async function findOriginal(session: Session, txn: Txn | undefined): Promise<Txn | undefined> {
  return txn?.original ? findTxn(session, { tid: txn.tid, ...txn.original }) : undefined;
}

export function asTxn(row: Row): Txn {
  const isAbout = row.original_stan !== null;
  return {
    tid: String(row.tid),
    batch: Number(row.batch),
    stan: Number(row.stan),
    kind: String(row.kind) as Kind,
    code: String(row.code),
    amountMinor: Number(row.amount_minor),
    partMinor: Number(row.part_minor),
    addedMinor: Number(row.added_minor),
    beforeMinor: Number(row.before_minor),
    refundedMinor: Number(row.refunded_minor),
    method: String(row.method),
    currency: String(row.currency),
    panHash: row.pan_hash as string | null,
    panMasked: row.pan_masked as string | null,
    status: String(row.status) as Status,
    responseCode: String(row.response_code),
    rrn: String(row.rrn),
    approvalCode: String(row.approval_code),
    localTime: String(row.local_time),
    original: isAbout ? { batch: Number(row.original_batch), stan: Number(row.original_stan) } : null,
  };
}

/** A row that is about nothing and of no card, to be filled in. */
export function newTxn(name: Name, type: TransactionType, amountMinor: number, currency: string): Txn {
  const { tid, batch, stan } = name;
  const none = {
    method: "",
    partMinor: 0,
    addedMinor: 0,
    beforeMinor: 0,
    refundedMinor: 0,
    panHash: null,
    panMasked: null,
  };
  const answer = { responseCode: "", rrn: "", approvalCode: "", localTime: "" };
  const { kind, code } = type;
  return {
    tid,
    batch,
    stan,
    kind,
    code,
    amountMinor,
    currency,
    ...none,
    ...answer,
    status: "declined",
    original: null,
  };
}

export async function insertTxn(session: Session, txn: Txn): Promise<void> {
  await session.query(
    `insert into txn (tid, batch, stan, kind, code, amount_minor, part_minor, before_minor, currency, pan_hash, pan_masked, status,
       response_code, rrn, approval_code, local_time, original_batch, original_stan, method, day)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
    [
      txn.tid,
      txn.batch,
      txn.stan,
      txn.kind,
      txn.code,
      txn.amountMinor,
      txn.partMinor,
      txn.beforeMinor,
      txn.currency,
      txn.panHash,
      txn.panMasked,
      txn.status,
      txn.responseCode,
      txn.rrn,
      txn.approvalCode,
      txn.localTime,
      txn.original?.batch ?? null,
      txn.original?.stan ?? null,
      txn.method,
      txn.localTime.slice(0, 8),
    ],
  );
}

/** Keeps what later transactions change. */
export async function updateTxn(session: Session, txn: Txn): Promise<void> {
  await session.query(
    "update txn set status = $4, added_minor = $5, refunded_minor = $6 where tid = $1 and batch = $2 and stan = $3",
    [txn.tid, txn.batch, txn.stan, txn.status, txn.addedMinor, txn.refundedMinor],
  );
}
