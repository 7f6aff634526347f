/** The issuer and the acquirer's book of transactions: decides a sale, undoes one. Each runs inside one database transaction. */
import { type ChipOrder, type ChipVerdict, checkChip } from "./chip";
import { balanceMinor, dueAccount, ensureAccount, holdAccount, post, type Sale } from "./ledger";
import { hashPan } from "./keys";
import { checkPin, openPin, type PinData } from "./pin";
import type { Row, Session } from "./store";

/** What the host needs of the world besides its database; a test gives its own. */
export interface World {
  hostKey: Uint8Array;
  /** The merchant's wall clock, YYYYMMDDhhmmss. */
  localTime(): string;
  /** Unpredictable digits for approval codes. */
  digits(count: number): string;
  /** Unpredictable bytes for chains and keys. */
  randomBytes(count: number): Uint8Array;
}

export interface Decision {
  responseCode: string;
  rrn: string;
  /** "" unless approved. */
  approvalCode: string;
  /** YYYYMMDDhhmmss. */
  localTime: string;
  /** What the issuer says to a chip (field 55); left out when there is nothing. */
  chipAnswer?: string;
}

export interface SaleOrder extends Sale {
  /** As on the card, without sentinels. */
  track2: string;
  /** Undefined when no PIN came. */
  pin?: PinData | undefined;
  /** Undefined when the stripe was read. */
  chip?: ChipOrder | undefined;
}

/** A change of the book, for those who watch. */
export interface Change {
  type: "sale" | "reversal";
  tid: string;
  stan: number;
  amount: number;
  status: "captured" | "declined" | "reversed";
  responseCode: string;
  /** What the check of the chip came to, of a sale with one. */
  chip?: ChipVerdict;
}

/** The cryptogram is not the card's, not for this sale, or not new. */
const NOT_GENUINE = "82";

/** Retrieval reference number: last digit of the year, day of the year, hour, STAN (the usual YDDDHHnnnnnn). */
function makeRrn(localTime: string, stan: number): string {
  const part = (from: number, to: number) => Number(localTime.slice(from, to));
  const day = (Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8)) - Date.UTC(part(0, 4), 0, 0)) / 86400000;
  return localTime[3] + String(day).padStart(3, "0") + localTime.slice(8, 10) + String(stan).padStart(6, "0");
}

async function findTxn(session: Session, sale: Sale): Promise<Row | undefined> {
  const key = [sale.tid, sale.batch, sale.stan];
  return (await session.query("select * from txn where tid = $1 and batch = $2 and stan = $3 for update", key))[0];
}

/** Decides a sale and, when it is approved, holds and captures the money. A sale that is known gets its old answer. */
export async function authorise(
  session: Session,
  world: World,
  order: SaleOrder,
): Promise<{ decision: Decision; change?: Change }> {
  const [pan = "", rest = ""] = order.track2.split("=");
  const panHash = hashPan(world.hostKey, pan);
  const known = await findTxn(session, order);
  if (known) {
    const isSame = known.kind === "sale" && known.amount_minor === order.amountMinor && known.pan_hash === panHash;
    // A reversal that overtook its sale left a row without a card: the sale must not be booked any more.
    const decision = asDecision(known);
    if (isSame && known.status !== "reversed") return { decision };
    return { decision: { ...decision, responseCode: "94", approvalCode: "" } };
  }
  const localTime = world.localTime();
  const [card] = await session.query("select * from card where pan_hash = $1", [panHash]);
  const opened = order.pin ? await openPin(session, world.hostKey, order.tid, pan, order.pin) : undefined;
  const chip = order.chip && (await checkChip(session, world.hostKey, order, pan, panHash, order.chip));
  const verify = async (): Promise<string> => {
    // Before the PIN: its tries are for the card itself.
    if (chip && chip.verdict !== "valid") return NOT_GENUINE;
    if (!opened) return card?.needs_pin ? "86" : "00";
    return "pin" in opened ? checkPin(session, world.hostKey, panHash, opened.pin) : opened.refusal;
  };
  const responseCode = await decide(session, order, card, verify, rest.slice(0, 4), localTime.slice(2, 6));
  const isApproved = responseCode === "00";
  const chipAnswer = chip?.answer(responseCode);
  const decision: Decision = {
    responseCode,
    rrn: makeRrn(localTime, order.stan),
    approvalCode: isApproved ? world.digits(6) : "",
    localTime,
    ...(chipAnswer && { chipAnswer }),
  };
  await insertTxn(session, order, decision, isApproved ? "captured" : "declined", panHash, maskPan(pan));
  if (isApproved && card) await capture(session, order, String(card.account), localTime);
  const change = changeOf("sale", order, isApproved ? "captured" : "declined", responseCode);
  return { decision, change: chip ? { ...change, chip: chip.verdict } : change };
}

async function decide(
  session: Session,
  order: SaleOrder,
  card: Row | undefined,
  verify: () => Promise<string>,
  expiry: string,
  month: string,
): Promise<string> {
  if (!card) return "14";
  if (card.status === "stolen") return "43";
  if (card.expiry !== expiry || expiry < month) return "54";
  const pinAnswer = await verify();
  if (pinAnswer !== "00") return pinAnswer;
  if (order.amountMinor <= 0) return "13";
  const account = String(card.account);
  const [row] = await session.query("select currency from account where account = $1", [account]);
  if (row?.currency !== order.currency) return "57";
  return (await balanceMinor(session, account)) < order.amountMinor ? "51" : "00";
}

async function capture(session: Session, order: SaleOrder, cardAccount: string, localTime: string): Promise<void> {
  const hold = holdAccount(order);
  const due = dueAccount(order);
  await ensureAccount(session, hold, "hold", order.currency);
  await ensureAccount(session, due, "due", order.currency);
  await post(session, order, "hold", cardAccount, hold, localTime);
  await post(session, order, "capture", hold, due, localTime);
}

/** A refusal that leaves nothing behind. */
export function refuse(world: World, sale: Sale, responseCode: string): Decision {
  const localTime = world.localTime();
  return { responseCode, rrn: makeRrn(localTime, sale.stan), approvalCode: "", localTime };
}

/**
 * Undoes a sale. Done when there is nothing to undo: in the batch that is open a row stays behind then that a late sale finds; in
 * another a late sale is refused anyway.
 */
export async function reverse(
  session: Session,
  world: World,
  sale: Sale,
  openBatch: number,
): Promise<{ decision: Decision; change?: Change }> {
  const localTime = world.localTime();
  const known = await findTxn(session, sale);
  if (!known && sale.batch !== openBatch) return { decision: refuse(world, sale, "25") };
  if (!known) {
    const decision = { responseCode: "00", rrn: makeRrn(localTime, sale.stan), approvalCode: "", localTime };
    await insertTxn(session, sale, { ...decision, responseCode: "25" }, "reversed", null, null);
    return { decision, change: changeOf("reversal", sale, "reversed", "00") };
  }
  const decision: Decision = { ...asDecision(known), responseCode: "00", approvalCode: "", localTime };
  if (known.amount_minor !== sale.amountMinor || known.currency !== sale.currency) {
    return { decision: { ...decision, responseCode: "64" } };
  }
  if (known.status !== "captured") return { decision };
  const [card] = await session.query("select account from card where pan_hash = $1", [known.pan_hash ?? null]);
  const cardAccount = String(card?.account);
  await post(session, sale, "uncapture", dueAccount(sale), holdAccount(sale), localTime);
  await post(session, sale, "release", holdAccount(sale), cardAccount, localTime);
  await session.query("update txn set status = 'reversed' where tid = $1 and batch = $2 and stan = $3", [
    sale.tid,
    sale.batch,
    sale.stan,
  ]);
  return { decision, change: changeOf("reversal", sale, "reversed", "00") };
}

function changeOf(type: Change["type"], sale: Sale, status: Change["status"], responseCode: string): Change {
  return { type, tid: sale.tid, stan: sale.stan, amount: sale.amountMinor, status, responseCode };
}

function asDecision(row: Row): Decision {
  return {
    responseCode: String(row.response_code),
    rrn: String(row.rrn),
    approvalCode: String(row.approval_code),
    localTime: String(row.local_time),
  };
}

function insertTxn(
  session: Session,
  sale: Sale,
  decision: Decision,
  status: string,
  panHash: string | null,
  panMasked: string | null,
): Promise<Row[]> {
  return session.query(
    `insert into txn (tid, batch, stan, kind, amount_minor, currency, pan_hash, pan_masked, status, response_code, rrn,
       approval_code, local_time) values ($1, $2, $3, 'sale', $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      sale.tid,
      sale.batch,
      sale.stan,
      sale.amountMinor,
      sale.currency,
      panHash,
      panMasked,
      status,
      decision.responseCode,
      decision.rrn,
      decision.approvalCode,
      decision.localTime,
    ],
  );
}

/** First six and last four digits; nothing of what is not a PAN. */
export function maskPan(pan: string): string {
  const isPan = /^[0-9]{12,19}$/.test(pan);
  return isPan ? pan.slice(0, 6) + "*".repeat(pan.length - 10) + pan.slice(-4) : "*".repeat(pan.length);
}
