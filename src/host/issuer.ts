/** The issuer: decides a transaction, undoes one, and moves the money. Each runs inside one database transaction. */
import type { TransactionType } from "../proto/types.table";
import {
  doneStatus,
  findOriginal,
  findTxn,
  insertTxn,
  makeRrn,
  newTxn,
  type Status,
  type Txn,
  updateTxn,
  wholeMinor,
} from "./book";
import { BLOCKED, isOnList } from "./blocks";
import { type CardCheck, checkCard, heldMinor } from "./cards";
import type { ChipOrder, ChipVerdict } from "./chip";
import { balanceMinor, book, coverAccount, dueAccount, holdAccount, type Sale } from "./ledger";
import { hashPan } from "./keys";
import { limitRefusal, methodAsked } from "./limits";
import type { PinData } from "./pin";
import { applyMarks, inverse, isPossible, type Plan, planOf, refusalOf } from "./rules";
import type { Session } from "./store";

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
  /** Of a card, ledger and available; a balance has it. */
  balances?: { ledgerMinor: number; availableMinor: number };
}

export interface Order extends Sale {
  type: TransactionType;
  /** As on the card, without sentinels. Undefined when no card came. */
  track2?: string | undefined;
  /** Undefined when no PIN came. */
  pin?: PinData | undefined;
  /** Undefined when the stripe was read. */
  chip?: ChipOrder | undefined;
  /** What it is about, and the RRN that it says this has. */
  original?: { batch: number; stan: number; rrn: string } | undefined;
  /** That of the original, or the one that was given by telephone. */
  approvalCode?: string | undefined;
  /** See `Txn`. */
  partMinor?: number | undefined;
  /** Of the terminal (`limits`); none without it. */
  limits?: string | undefined;
  /** Of the host (`blocks`); none without it. */
  blockList?: string | undefined;
}

/** What a reversal says of the one that it undoes. */
export type Undo = Pick<Order, "type" | keyof Sale>;

/** A change of the book, for those who watch. */
export interface Change {
  type: TransactionType["kind"] | "reversal" | "settlement";
  tid: string;
  stan: number;
  amount: number;
  status: Status | "agreed" | "differs" | "closed";
  responseCode: string;
  /** What the check of the chip came to, of a transaction with one. */
  chip?: ChipVerdict;
}

export interface Answered {
  decision: Decision;
  change?: Change;
}

/** Field 39: the terminal is in another batch. */
export const BATCH_DIFFERS = "77";

/** An answer that leaves nothing behind. */
export function refuse(world: World, sale: Sale, responseCode: string): Decision {
  const localTime = world.localTime();
  return { responseCode, rrn: makeRrn(localTime, sale.stan), approvalCode: "", localTime };
}

/**
 * Decides and, when it is approved, books. A transaction that is known gets its old answer, whatever the batch; a new one must be in the batch
 * that is open.
 */
export async function authorise(session: Session, world: World, order: Order, openBatch: number): Promise<Answered> {
  const panHash = panHashOf(world, order);
  const known = await findTxn(session, order);
  if (known) return { decision: await again(session, known, order, panHash) };
  if (order.batch !== openBatch) return { decision: refuse(world, order, BATCH_DIFFERS) };
  const txn = askedOf(world, order, panHash);
  const original = await findOriginal(session, txn);
  const check = panHash === null ? undefined : await checkCard(session, world, order, panHash, txn.localTime);
  txn.panMasked = check?.panMasked ?? original?.panMasked ?? null;
  txn.responseCode = await decide(session, world, txn, order, original, check);
  if (txn.responseCode === "00") {
    txn.status = doneStatus(txn.kind);
    txn.approvalCode = (!order.original && order.approvalCode) || world.digits(6);
  }
  await insertTxn(session, txn);
  const decision = await decisionOf(session, txn);
  const chipAnswer = check?.chip?.answer(txn.responseCode);
  if (chipAnswer) decision.chipAnswer = chipAnswer;
  if (txn.kind === "balance") return { decision };
  return { decision, change: changeOf(txn.kind, txn, txn.status, txn.responseCode, check?.chip?.verdict) };
}

function panOf({ track2 = "" }: Order): string {
  return track2.split("=")[0] ?? "";
}

/** Null when no card came. */
function panHashOf({ hostKey }: World, order: Order): string | null {
  return order.track2 === undefined ? null : hashPan(hostKey, panOf(order));
}

/** The row of a transaction that is not decided. */
function askedOf(world: World, order: Order, panHash: string | null): Txn {
  const { type, amountMinor, currency, partMinor = 0, original } = order;
  const localTime = world.localTime();
  return {
    ...newTxn(order, type, amountMinor, currency),
    partMinor,
    method: methodAsked(order),
    panHash,
    rrn: makeRrn(localTime, order.stan),
    localTime,
    original: original ? { batch: original.batch, stan: original.stan } : null,
  };
}

/** Books a transaction, or says why not: whether the card is blocked comes first, then what it says. */
async function decide(
  session: Session,
  { hostKey }: World,
  txn: Txn,
  order: Order,
  original: Txn | undefined,
  check: CardCheck | undefined,
): Promise<string> {
  if (check && isOnList(hostKey, order.blockList ?? "", panOf(order))) return BLOCKED;
  if (check && check.responseCode !== "00") return check.responseCode;
  const refusal = refusalOf(txn, original, { rrn: order.original?.rrn, approvalCode: order.approvalCode });
  txn.panHash ??= original?.panHash ?? null;
  if (refusal !== "") return refusal;
  if (txn.kind === "tip" && original) txn.beforeMinor = wholeMinor(original);
  const limited = await limitRefusal(session, order.limits ?? "", txn);
  if (limited !== "") return limited;
  return carryOut(session, txn, planOf(txn, original, await findOriginal(session, original)), check);
}

/** Does the plan when the card has the money: 00, else why not. */
async function carryOut(session: Session, txn: Txn, plan: Plan, check: CardCheck | undefined): Promise<string> {
  if (!isPossible(plan)) return "12";
  const card = check?.account ?? (await accountOf(session, txn));
  if (card && card.currency !== txn.currency) return "57";
  if (card && plan.effect.card < 0 && (await balanceMinor(session, card.account)) + plan.effect.card < 0) return "51";
  await move(session, txn, txn.kind, plan, card?.account, txn.localTime);
  return "00";
}

async function accountOf(session: Session, txn: Txn): Promise<{ account: string; currency: string } | undefined> {
  if (txn.panHash === null) return undefined;
  const [row] = await session.query(
    "select c.account, a.currency from card c join account a on a.account = c.account where c.pan_hash = $1",
    [txn.panHash],
  );
  return row && { account: String(row.account), currency: String(row.currency) };
}

/** Books the plan and keeps what becomes of earlier transactions. */
async function move(
  session: Session,
  txn: Txn,
  kind: string,
  plan: Plan,
  card: string | undefined,
  localTime: string,
): Promise<void> {
  const { effect } = plan;
  await book(
    session,
    txn,
    kind,
    [
      ...(card === undefined ? [] : [[card, effect.card] as const]),
      [holdAccount(txn), effect.hold],
      [dueAccount(txn), effect.due],
    ],
    localTime,
  );
  applyMarks(plan);
  for (const { txn: marked } of plan.marks) await updateTxn(session, marked);
}

/** The same again gets the same decision; anything else under its name, or what was reversed, is refused. */
async function again(session: Session, known: Txn, order: Order, panHash: string | null): Promise<Decision> {
  const isSame =
    known.code === order.type.code &&
    known.amountMinor === order.amountMinor &&
    known.partMinor === (order.partMinor ?? 0) &&
    known.original?.batch === order.original?.batch &&
    known.original?.stan === order.original?.stan &&
    (panHash === null || known.panHash === panHash);
  const decision = await decisionOf(session, known);
  // A reversal that overtook its request left a row without a card: the request must not be booked any more.
  if (isSame && known.status !== "reversed") return decision;
  return { ...decision, responseCode: "94", approvalCode: "" };
}

async function decisionOf(session: Session, txn: Txn): Promise<Decision> {
  const { responseCode, rrn, approvalCode, localTime } = txn;
  const decision = { responseCode, rrn, approvalCode, localTime };
  const card = txn.status === "answered" ? await accountOf(session, txn) : undefined;
  if (!card) return decision;
  const availableMinor = await balanceMinor(session, card.account);
  const ledgerMinor = availableMinor + (await heldMinor(session, txn.panHash ?? ""));
  return { ...decision, balances: { ledgerMinor, availableMinor } };
}

/**
 * Undoes a transaction. Done when there is nothing to undo: then a row stays behind that a late request finds; in a batch that is not
 * open a late request is refused anyway. What a later transaction stands on is not undone: 12.
 */
export async function reverse(session: Session, world: World, undo: Undo, openBatch: number): Promise<Answered> {
  const localTime = world.localTime();
  const known = await findTxn(session, undo);
  const change = changeOf("reversal", undo, "reversed", "00");
  if (!known) {
    if (undo.batch !== openBatch) return { decision: refuse(world, undo, "25") };
    const decision = refuse(world, undo, "00");
    const { type, amountMinor, currency } = undo;
    const row = newTxn(undo, type, amountMinor, currency);
    await insertTxn(session, { ...row, ...decision, responseCode: "25", status: "reversed" });
    return { decision, change };
  }
  const answer = (responseCode: string) => ({
    decision: { responseCode, rrn: known.rrn, approvalCode: "", localTime },
  });
  if (known.code !== undo.type.code) return answer("94");
  if (known.amountMinor !== undo.amountMinor || known.currency !== undo.currency) return answer("64");
  if (["declined", "reversed", "answered"].includes(known.status)) return answer("00");
  if (known.status !== doneStatus(known.kind) || known.refundedMinor > 0 || known.addedMinor !== 0) return answer("12");
  const original = await findOriginal(session, known);
  const plan = inverse(planOf(known, original, await findOriginal(session, original)));
  if (!isPossible(plan)) return answer("12");
  const card = (await accountOf(session, known))?.account;
  if (card) await cover(session, known, card, plan.effect.card, localTime);
  await move(session, known, `undo ${known.kind}`, plan, card, localTime);
  known.status = "reversed";
  await updateTxn(session, known);
  return { ...answer("00"), change };
}

/** What a card had back may be spent when a reversal takes it again: a reversal is not refused for that, the issuer lays it out. */
async function cover(session: Session, txn: Txn, card: string, comes: number, localTime: string): Promise<void> {
  const shortMinor = -comes - (await balanceMinor(session, card));
  if (comes >= 0 || shortMinor <= 0) return;
  const lines = [[coverAccount(txn.currency), -shortMinor] as const, [card, shortMinor] as const];
  await book(session, txn, "cover", lines, localTime);
}

function changeOf(
  type: Change["type"],
  sale: Sale,
  status: Change["status"],
  responseCode: string,
  chip?: ChipVerdict,
): Change {
  const change = { type, tid: sale.tid, stan: sale.stan, amount: sale.amountMinor, status, responseCode };
  return chip ? { ...change, chip } : change;
}
