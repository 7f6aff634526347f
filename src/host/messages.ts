/** From the fields of a message to those of its answer. What is not in the table of types gets none. */
import { ASKED, KIND_MANAGEMENT, TRANSACTION_TYPES, type TransactionType } from "../proto/types.table";
import { type Answered, authorise, type Change, type Decision, type Order, reverse, type World } from "./issuer";
import { lacksList, newestList, noteList, offerList } from "./blocks";
import { offerFirmware } from "./firmware";
import type { Fields } from "./iso8583";
import { answerManagement } from "./manage";
import { answerNetwork, SIGN_ON, type Staged } from "./network";
import { newestParameters } from "./parameters";
import { pinDataOf } from "./pin";
import { keepUpload, settle } from "./settle";
import type { Row, Session } from "./store";

/** Fields of the answer, and what changed. */
export interface Answer {
  fields: Fields;
  change?: Change | undefined;
  /** What a sign-on leaves behind. */
  staged?: Staged | undefined;
  /** There is something that a sign-on tells. */
  asksSignOn?: boolean;
}

/** `chain`: the terminal's, behind the frame. */
type Handler = (
  session: Session,
  world: World,
  terminal: Row,
  fields: Fields,
  chain: Uint8Array,
) => Promise<Answer | null>;

/** By type; whoever adds one adds a line. */
const HANDLERS: Record<string, Handler> = {
  "0100": answerTransaction,
  "0200": answerTransaction,
  "0220": answerTransaction,
  "0320": answerUpload,
  "0400": answerReversal,
  "0420": answerReversal,
  "0500": answerSettlement,
  "0800": async (session, world, terminal, fields, chain) => {
    const parameters = await newestParameters(session, String(terminal.currency));
    const firmware = await offerFirmware(session, terminal, fields);
    const list = await offerList(session, fields);
    const signedOn = answerNetwork(world, terminal, fields, chain, { parameters, firmware, list });
    if (signedOn) {
      await noteList(session, terminal, fields, list);
      return signedOn;
    }
    const answered = await answerManagement(session, world, terminal, fields);
    return answered && { fields: answered };
  },
};

/** Null when the message is none that this terminal may send. Behind the batch of a transaction stands the wish for a sign-on, if there is one. */
export async function answerMessage(
  session: Session,
  world: World,
  terminal: Row,
  fields: Fields,
  chain: Uint8Array,
): Promise<Answer | null> {
  const handler = HANDLERS[fields[0] ?? ""];
  const answer = handler ? await handler(session, world, terminal, fields, chain) : null;
  const isAsked = answer?.asksSignOn || terminal.asks_sign_on;
  if (answer && isAsked && TRANSACTION_60.test(answer.fields[60] ?? "")) answer.fields[60] += SIGN_ON;
  return answer;
}

/** Fields of every request. */
const REQUEST = [3, 4, 11, 22, 25, 41, 42, 49, 60];
const SETTLEMENT = [11, 41, 42, 48, 49, 60];
/** Fields of a request that come back as they are. */
const ECHOED = [3, 4, 11, 41, 42, 49, 60];

const TRANSACTION_60 = /^[0-9]{8}$/;
const UPLOAD_60 = new RegExp(`^[0-9]{8}${ASKED.settle}$`);
const SETTLEMENT_60 = new RegExp(`^${KIND_MANAGEMENT}[0-9]{6}(${ASKED.settle}|${ASKED.settleUploaded})$`);
/** Field 48 of a settlement: two sums and counts; of a tip: the tip. */
const TOTALS = /^[0-9]{30}$/;
const TIP = /^[0-9]{12}$/;
/** Field 54: account 00, cash 40, currency, D, amount. */
const CASH = /^0040([0-9]{3})D([0-9]{12})$/;
/** Field 61: batch and STAN, then a date; of a record that is uploaded the date may be missing. */
const ORIGINAL = /^([0-9]{6})([0-9]{6})([0-9]{4})$/;
const RECORD = /^([0-9]{6})([0-9]{6})([0-9]{4})?$/;
/** Field 62: type, response and approval code of a record. */
const RECORD_ANSWER = /^([0-9]{4})([0-9A-Z]{2})([0-9A-Za-z ]{6})$/;

const codeOf = (fields: Fields) => fields[60]?.slice(0, 2);
const batchOf = (fields: Fields) => Number(fields[60]?.slice(2, 8));

function has(fields: Fields, needed: readonly number[]): boolean {
  return needed.every((field) => fields[field] !== undefined);
}

/** The terminal's own names in it. */
function isOwn(fields: Fields, { tid, mid, currency }: Row): boolean {
  return fields[41] === tid && fields[42] === mid && fields[49] === currency;
}

/** What makes a message one of the types, all but its own type. */
function typeOf(fields: Fields, isOfType: (type: TransactionType) => boolean): TransactionType | undefined {
  return TRANSACTION_TYPES.find(
    (type) =>
      isOfType(type) && type.code === codeOf(fields) && type.processing === fields[3] && type.condition === fields[25],
  );
}

async function answerTransaction(
  session: Session,
  world: World,
  terminal: Row,
  fields: Fields,
): Promise<Answer | null> {
  if (!has(fields, REQUEST) || !isOwn(fields, terminal) || !TRANSACTION_60.test(fields[60] as string)) return null;
  const type = typeOf(fields, ({ mti }) => mti === fields[0]);
  const order = type && orderOf(fields, type);
  if (!order) return null;
  order.limits = String(terminal.limits);
  order.blockList = await newestList(session);
  const answer = asAnswer(fields, await authorise(session, world, order, Number(terminal.batch)));
  return { ...answer, asksSignOn: lacksList(terminal, order.blockList) };
}

/** Null when something that this type needs is not there or is not in its form. */
function orderOf(fields: Fields, type: TransactionType): Order | null {
  const track2 = trackOf(fields);
  const pin = pinDataOf(fields);
  if (!has(fields, type.needs) || (type.card && track2 === undefined) || pin === null) return null;
  const order: Order = { type, ...nameOf(fields), track2, pin, chip: chipOf(fields) };
  if (type.needs.includes(61)) {
    const [, batch, stan] = ORIGINAL.exec(fields[61] as string) ?? [];
    if (!stan) return null;
    order.original = { batch: Number(batch), stan: Number(stan), rrn: fields[37] as string };
  }
  if (type.needs.includes(38) || type.kind === "offline") order.approvalCode = fields[38];
  if (type.needs.includes(48)) {
    if (!TIP.test(fields[48] as string)) return null;
    order.partMinor = Number(fields[48]);
  }
  if (type.needs.includes(54)) {
    const [, currency, cash] = CASH.exec(fields[54] as string) ?? [];
    if (currency !== fields[49]) return null;
    order.partMinor = Number(cash);
  }
  return order;
}

function nameOf(fields: Fields) {
  return {
    tid: fields[41] as string,
    batch: batchOf(fields),
    stan: Number(fields[11]),
    amountMinor: Number(fields[4]),
    currency: fields[49] as string,
  };
}

/** Of a card that was keyed, number and expiry. */
function trackOf(fields: Fields): string | undefined {
  const isKeyed = fields[2] !== undefined && fields[14] !== undefined;
  return fields[35] ?? (isKeyed ? `${fields[2]}=${fields[14]}` : undefined);
}

/** Field 22 says that a chip was read: then what it signed must be there. */
function chipOf(fields: Fields) {
  const isChip = (fields[22] as string).startsWith("07") || fields[55] !== undefined;
  return isChip ? { sequence: fields[23] ?? "", data: Buffer.from(fields[55] ?? "", "latin1") } : undefined;
}

async function answerReversal(session: Session, world: World, terminal: Row, fields: Fields): Promise<Answer | null> {
  const isWhole = has(fields, [...REQUEST, 39]) && TRANSACTION_60.test(fields[60] as string);
  if (!isWhole || !isOwn(fields, terminal)) return null;
  const isAdvice = fields[0] === "0420";
  const type = typeOf(fields, ({ unanswered }) => unanswered === (isAdvice ? "again" : "reversal"));
  if (!type) return null;
  return asAnswer(fields, await reverse(session, world, { type, ...nameOf(fields) }, Number(terminal.batch)));
}

async function answerUpload(session: Session, world: World, terminal: Row, fields: Fields): Promise<Answer | null> {
  const isWhole = has(fields, [...REQUEST, 61, 62]) && UPLOAD_60.test(fields[60] as string);
  if (!isWhole || !isOwn(fields, terminal)) return null;
  const [, batch, stan] = RECORD.exec(fields[61] as string) ?? [];
  const [, mti, responseCode = "", approvalCode = ""] = RECORD_ANSWER.exec(fields[62] as string) ?? [];
  if (!stan || !mti || Number(batch) !== batchOf(fields)) return null;
  const own = nameOf(fields);
  const code = codeOf(fields) as string;
  const record = { ...own, stan: Number(stan), mti, code, responseCode, approvalCode: approvalCode.trim() };
  const decision = await keepUpload(session, world, record, own.stan, Number(terminal.batch));
  return asAnswer(fields, { decision });
}

async function answerSettlement(session: Session, world: World, terminal: Row, fields: Fields): Promise<Answer | null> {
  const isWhole = has(fields, SETTLEMENT) && SETTLEMENT_60.test(fields[60] as string);
  if (!isWhole || !isOwn(fields, terminal) || !TOTALS.test(fields[48] as string)) return null;
  const { tid, batch, stan, currency } = nameOf(fields);
  const claim = { tid, batch, stan, currency, claimed: fields[48] as string, asked: fields[60]?.slice(8) ?? "" };
  const { totals, ...answered } = await settle(session, world, claim, Number(terminal.batch));
  const answer = asAnswer(fields, answered);
  delete answer.fields[37];
  answer.fields[48] = totals;
  return answer;
}

function asAnswer(request: Fields, { decision, change }: Answered): Answer {
  const mti = request[0] as string;
  const fields: Fields = [mti.slice(0, 2) + (Number(mti[2]) + 1) + mti[3]];
  for (const field of ECHOED) if (request[field] !== undefined) fields[field] = request[field];
  fields[12] = decision.localTime.slice(8);
  fields[13] = decision.localTime.slice(4, 8);
  fields[37] = decision.rrn;
  if (decision.approvalCode !== "") fields[38] = decision.approvalCode;
  fields[39] = decision.responseCode;
  if (decision.balances) fields[54] = balancesText(decision.balances, request[49] as string);
  if (decision.chipAnswer) fields[55] = decision.chipAnswer;
  fields[63] = decision.localTime.slice(0, 4);
  return { fields, change };
}

/** Field 54: account 00, kind 01 ledger and 02 available, currency, C, amount. */
function balancesText({ ledgerMinor, availableMinor }: NonNullable<Decision["balances"]>, currency: string): string {
  const entry = (kind: string, minor: number) => `00${kind}${currency}C${String(minor).padStart(12, "0")}`;
  return entry("01", ledgerMinor) + entry("02", availableMinor);
}
