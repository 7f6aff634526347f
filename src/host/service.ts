/** From a sealed frame to its sealed answer, in one database transaction. What is not a frame of ours gets no answer at all. */
import { createHash } from "node:crypto";
import type { ChipOrder } from "./chip";
import { authorise, type Change, type Decision, refuse, reverse, type World } from "./issuer";
import { type Fields, pack, unpack } from "./iso8583";
import { openKey, sealKey } from "./keys";
import type { Sale } from "./ledger";
import { answerNetwork, BATCH_DIFFERS, SIGN_ON, type Staged } from "./network";
import { newestParameters } from "./parameters";
import { type PinData, pinDataOf } from "./pin";
import { advance, openRequest, parseLine, sealAnswer, type SealedFrame } from "./seal";
import type { Row, Session, Store } from "./store";

/** Frames in a row that may get lost between two that arrive. */
const COUNTER_WINDOW = 1000;

/** Why a frame got no answer; each is counted. */
export type Refusal = "not a frame" | "unknown terminal" | "old counter" | "counter too far" | "seal" | "message";

export interface Handled {
  /** The line to send, or null for silence. */
  reply: string | null;
  change?: Change;
  refusal?: Refusal;
  /** The messages inside the seals, for a log: request and, if there is one, answer. */
  messages?: string[];
}

export async function handleLine(store: Store, world: World, line: string): Promise<Handled> {
  const frame = parseLine(line);
  if (!frame) return { reply: null, refusal: "not a frame" };
  return store.transact((session) => handleFrame(session, world, frame, line));
}

async function handleFrame(session: Session, world: World, frame: SealedFrame, line: string): Promise<Handled> {
  const [terminal] = await session.query("select * from terminal where tid = $1 for update", [frame.tid]);
  if (!terminal) return { reply: null, refusal: "unknown terminal" };
  const frameHash = createHash("sha256").update(line).digest();
  const next = Number(terminal.counter);
  if (frame.counter < next) return repeat(session, frame, frameHash);
  if (frame.counter >= next + COUNTER_WINDOW) return { reply: null, refusal: "counter too far" };

  const opened = openFrame(world, terminal, frame);
  if (!opened) return { reply: null, refusal: "seal" };
  const now = opened.isNext && terminal.next_spends ? { ...terminal, agreement_box: null } : terminal;
  const answer = await answerMessage(session, world, now, opened);
  if (!answer) return { reply: null, refusal: "message", messages: [opened.message] };

  const reply = sealAnswer(frame.tid, frame.counter, answer.message, opened.key);
  await session.query("insert into exchange (tid, counter, frame_hash, reply) values ($1, $2, $3, $4)", [
    frame.tid,
    frame.counter,
    frameHash,
    Buffer.from(reply, "latin1"),
  ]);
  await session.query(
    `update terminal set key_box = $2, counter = $3, next_box = $4, next_spends = $5, agreement_box = $6, asks_sign_on = $7
     where tid = $1`,
    [
      frame.tid,
      sealKey(world.hostKey, opened.chain),
      frame.counter + 1,
      // A chain that was staged and not used goes: a terminal that has sealed under the old one never takes it.
      answer.staged?.nextBox ?? null,
      answer.staged?.spends ?? false,
      answer.staged?.agreementBox ?? now.agreement_box ?? null,
      terminal.asks_sign_on && !answer.staged,
    ],
  );
  const messages = [opened.message, answer.message];
  return answer.change ? { reply, messages, change: answer.change } : { reply, messages };
}

interface Opened {
  message: string;
  key: Uint8Array;
  /** After this frame. */
  chain: Uint8Array;
  /** It came under the chain of the last sign-on, which is the only one from now on. */
  isNext: boolean;
}

/**
 * A terminal whose sign-on was answered may have the new chain or, when the answer got lost, still the old one: the frame tells. It
 * never goes back to the old one.
 */
function openFrame(world: World, terminal: Row, frame: SealedFrame): Opened | null {
  for (const box of [terminal.next_box, terminal.key_box]) {
    if (!box) continue;
    let { chain, key } = advance(openKey(world.hostKey, box as Uint8Array));
    for (let counter = Number(terminal.counter); counter < frame.counter; counter++) ({ chain, key } = advance(chain));
    const message = openRequest(frame, key);
    if (message !== null) return { message, key, chain, isNext: box === terminal.next_box };
  }
  return null;
}

/** A counter that was used: the very same frame gets the very same answer, anything else nothing. */
async function repeat(session: Session, frame: SealedFrame, frameHash: Uint8Array): Promise<Handled> {
  const key = [frame.tid, frame.counter];
  const [known] = await session.query("select frame_hash, reply from exchange where tid = $1 and counter = $2", key);
  if (!known || !frameHash.every((each, index) => each === (known.frame_hash as Uint8Array)[index])) {
    return { reply: null, refusal: "old counter" };
  }
  return { reply: Buffer.from(known.reply as Uint8Array).toString("latin1") };
}

const ANSWERS: Record<string, string> = { "0200": "0210", "0400": "0410" };
/** Fields of a request that come back as they are. */
const ECHOED = [3, 4, 11, 41, 42, 49, 60];
const KIND_SALE = "22";

async function answerMessage(
  session: Session,
  world: World,
  terminal: Row,
  opened: Opened,
): Promise<{ message: string; change?: Change; staged?: Staged } | null> {
  const fields = unpack(opened.message);
  const mti = fields?.[0] ?? "";
  if (fields && mti === "0800") {
    const parameters = await newestParameters(session, String(terminal.currency));
    return answerNetwork(world, terminal, fields, opened.chain, parameters);
  }
  if (!fields || !ANSWERS[mti] || !isComplete(fields, terminal)) return null;
  const sale = {
    tid: fields[41],
    batch: Number(fields[60].slice(2)),
    stan: Number(fields[11]),
    amountMinor: Number(fields[4]),
    currency: fields[49],
  };
  const pin = pinDataOf(fields);
  if (pin === null) return null;
  const { decision, change } = await decide(session, world, fields, sale, pin, Number(terminal.batch));
  const answer = pack(answerFields(ANSWERS[mti], fields, decision, terminal));
  return change ? { message: answer, change } : { message: answer };
}

/** In a batch that is not the host's nothing is sold; what was sold in one is undone all the same. */
async function decide(
  session: Session,
  world: World,
  fields: Fields,
  sale: Sale,
  pin: PinData | undefined,
  batch: number,
): Promise<{ decision: Decision; change?: Change }> {
  if (fields[0] === "0400") return reverse(session, world, sale, batch);
  if (sale.batch !== batch) return { decision: refuse(world, sale, BATCH_DIFFERS) };
  return authorise(session, world, { ...sale, track2: fields[35], pin, chip: chipOf(fields) });
}

/** Field 22 says that a chip was read: then what it signed must be there. */
function chipOf(fields: string[]): ChipOrder | undefined {
  const isChip = (fields[22] as string).startsWith("07") || fields[55] !== undefined;
  return isChip ? { sequence: fields[23] ?? "", data: Buffer.from(fields[55] ?? "", "latin1") } : undefined;
}

/** Every field that the message needs, and the terminal's own names in it. */
function isComplete(fields: Fields, terminal: Row): boolean {
  const needed = [3, 4, 11, 22, 25, fields[0] === "0200" ? 35 : 39, 41, 42, 49, 60];
  return (
    needed.every((field) => fields[field] !== undefined) &&
    fields[3] === "000000" &&
    fields[41] === terminal.tid &&
    fields[42] === terminal.mid &&
    fields[49] === terminal.currency &&
    /^[0-9]{8}$/.test(fields[60]) &&
    fields[60].startsWith(KIND_SALE)
  );
}

/** Behind the batch stands the wish for a sign-on, if there is one. */
function answerFields(mti: string, request: Fields, decision: Decision, terminal: Row): Fields {
  const { localTime, rrn, approvalCode, responseCode, chipAnswer } = decision;
  const fields: Fields = [mti];
  for (const field of ECHOED) fields[field] = request[field];
  fields[12] = localTime.slice(8);
  fields[13] = localTime.slice(4, 8);
  fields[37] = rrn;
  if (approvalCode !== "") fields[38] = approvalCode;
  fields[39] = responseCode;
  if (chipAnswer) fields[55] = chipAnswer;
  if (terminal.asks_sign_on) fields[60] += SIGN_ON;
  fields[63] = localTime.slice(0, 4);
  return fields;
}
