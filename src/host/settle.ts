/** Settlement: totals of both sides, the comparison with the terminal's, its batch record by record when they differ, and the close. */
import { ASKED, TRANSACTION_TYPES } from "../proto/types.table";
import { asTxn, findTxn, makeRrn, type Txn, wholeMinor } from "./book";
import { type Answered, BATCH_DIFFERS, type Change, type Decision, refuse, type World } from "./issuer";
import { balanceMinor, book, dueAccount, ensureAccount, paidAccount } from "./ledger";
import type { Session } from "./store";

export interface Totals {
  debitCount: number;
  debitMinor: number;
  creditCount: number;
  creditMinor: number;
}

const BATCH_MAX = 999999;
/** Field 39. */
const TOTALS_DIFFER = "95";
/** Behind the totals in field 48 of an answer. */
const AGREED = "1";
const NOT_AGREED = "2";

const SIDES = new Map(TRANSACTION_TYPES.map(({ code, side }) => [code, side]));
const SIDE_CODES = [...SIDES].filter(([, side]) => side !== "").map(([code]) => `'${code}'`);
/** What counts: a voided transaction stays on its side, its void stands on the other. */
const COUNTS = `tid = $1 and batch = $2 and status in ('captured', 'voided') and code in (${SIDE_CODES.join(", ")})`;

/** What a terminal's batch comes to. */
export async function totals(session: Session, tid: string, batch: number): Promise<Totals> {
  const rows = await session.query(
    `select code, count(*) as count, sum(amount_minor + added_minor) as total from txn where ${COUNTS} group by code`,
    [tid, batch],
  );
  const side = (wanted: "debit" | "credit", column: "count" | "total") =>
    rows
      .filter(({ code }) => SIDES.get(String(code)) === wanted)
      .reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
  return {
    debitCount: side("debit", "count"),
    debitMinor: side("debit", "total"),
    creditCount: side("credit", "count"),
    creditMinor: side("credit", "total"),
  };
}

/** As field 48 has them, without the result. */
export function totalsText({ debitMinor, debitCount, creditMinor, creditCount }: Totals): string {
  // Of a count the last digits: a batch of more than 999 still has its sum.
  const digits = (value: number, count: number) => String(value).padStart(count, "0").slice(-count);
  return digits(debitMinor, 12) + digits(debitCount, 3) + digits(creditMinor, 12) + digits(creditCount, 3);
}

/** What 0500 says. */
export interface Claim {
  tid: string;
  batch: number;
  stan: number;
  currency: string;
  /** Field 48. */
  claimed: string;
  /** Field 60.3. */
  asked: string;
}

/** The answer's field 48 besides the usual. */
export type Settled = Answered & { totals: string };

/** Compares, and closes the batch when both agree or when its records were uploaded. A batch that is closed has its answer. */
export async function settle(session: Session, world: World, claim: Claim, openBatch: number): Promise<Settled> {
  const [closed] = await session.query("select answered, local_time from settlement where tid = $1 and batch = $2", [
    claim.tid,
    claim.batch,
  ]);
  if (closed) {
    const localTime = String(closed.local_time);
    return { decision: { ...refuse(world, asSale(claim), "00"), localTime }, totals: String(closed.answered) };
  }
  const sums = await totals(session, claim.tid, claim.batch);
  const text = totalsText(sums);
  if (claim.batch !== openBatch) {
    return { decision: refuse(world, asSale(claim), BATCH_DIFFERS), totals: text + NOT_AGREED };
  }
  const isUploaded = claim.asked === ASKED.settleUploaded;
  const agrees = isUploaded ? (await noteDifferences(session, claim)) === 0 : claim.claimed === text;
  const decision = refuse(world, asSale(claim), agrees || isUploaded ? "00" : TOTALS_DIFFER);
  const answered = text + (agrees ? AGREED : NOT_AGREED);
  if (agrees || isUploaded) await close(session, claim, answered, decision);
  const change: Change = {
    type: "settlement",
    tid: claim.tid,
    stan: claim.stan,
    amount: sums.debitMinor - sums.creditMinor,
    status: agrees ? "agreed" : isUploaded ? "closed" : "differs",
    responseCode: decision.responseCode,
  };
  return { decision, totals: answered, change };
}

const asSale = ({ tid, batch, stan, currency }: Claim) => ({ tid, batch, stan, currency, amountMinor: 0 });

/** What is owed is paid out; from now on the next batch is open. */
async function close(session: Session, claim: Claim, answered: string, { localTime }: Decision): Promise<void> {
  await session.query(
    "insert into settlement (tid, batch, claimed, answered, local_time) values ($1, $2, $3, $4, $5)",
    [claim.tid, claim.batch, claim.claimed, answered, localTime],
  );
  const due = dueAccount(asSale(claim));
  await ensureAccount(session, due, "due", claim.currency);
  const owed = await balanceMinor(session, due);
  const lines = [[due, -owed] as const, [paidAccount(asSale(claim)), owed] as const];
  await book(session, asSale(claim), "settlement", lines, localTime);
  await session.query("update terminal set batch = $2 where tid = $1", [claim.tid, (claim.batch % BATCH_MAX) + 1]);
}

/** One record of a batch, as its terminal has it. */
export interface Upload {
  tid: string;
  batch: number;
  stan: number;
  mti: string;
  code: string;
  amountMinor: number;
  currency: string;
  responseCode: string;
  approvalCode: string;
}

/** Keeps a record until the batch is closed; sent again, its last word counts. `own`: the STAN of the message. */
export async function keepUpload(
  session: Session,
  world: World,
  upload: Upload,
  own: number,
  openBatch: number,
): Promise<Decision> {
  const { tid, batch, stan, mti, code, amountMinor, currency, responseCode, approvalCode } = upload;
  const sale = { tid, batch, stan: own, amountMinor, currency };
  if (batch !== openBatch) return refuse(world, sale, BATCH_DIFFERS);
  await session.query(
    `insert into upload (tid, batch, stan, mti, code, amount_minor, response_code, approval_code)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tid, batch, stan) do update set mti = excluded.mti, code = excluded.code,
       amount_minor = excluded.amount_minor, response_code = excluded.response_code, approval_code = excluded.approval_code`,
    [tid, batch, stan, mti, code, amountMinor, responseCode, approvalCode],
  );
  const known = await findTxn(session, { tid, batch, stan });
  const decision = refuse(world, sale, "00");
  return { ...decision, rrn: known?.rrn ?? makeRrn(decision.localTime, own) };
}

/** Compares what counts in the totals, each with its whole amount, and keeps what differs: how many. */
async function noteDifferences(session: Session, { tid, batch }: Claim): Promise<number> {
  const booked = new Map<number, Txn>();
  for (const row of await session.query(`select * from txn where ${COUNTS}`, [tid, batch])) {
    booked.set(Number(row.stan), asTxn(row));
  }
  const said = new Map<number, { code: string; minor: number }>();
  const uploads = await session.query(
    "select stan, code, amount_minor from upload where tid = $1 and batch = $2 and response_code = '00'",
    [tid, batch],
  );
  for (const { stan, code, amount_minor } of uploads) {
    if (SIDES.get(String(code))) said.set(Number(stan), { code: String(code), minor: Number(amount_minor) });
  }
  let count = 0;
  for (const stan of new Set([...booked.keys(), ...said.keys()])) {
    const [ours, theirs] = [booked.get(stan), said.get(stan)];
    const isSame = ours && theirs && ours.code === theirs.code && wholeMinor(ours) === theirs.minor;
    if (isSame) continue;
    count++;
    await session.query(
      `insert into difference (tid, batch, stan, terminal_code, terminal_minor, host_code, host_minor)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        tid,
        batch,
        stan,
        theirs?.code ?? null,
        theirs?.minor ?? null,
        ours?.code ?? null,
        ours ? wholeMinor(ours) : null,
      ],
    );
  }
  return count;
}
