/** From a sealed frame to its sealed answer, in one database transaction. What is not a frame of ours gets no answer at all. */
import { createHash } from "node:crypto";
import type { ChipOrder } from "./chip";
import { authorise, type Change, type Decision, reverse, type World } from "./issuer";
import { type Fields, pack, unpack } from "./iso8583";
import { openKey, sealKey } from "./keys";
import { pinDataOf } from "./pin";
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

  let { chain, key } = advance(openKey(world.hostKey, terminal.key_box as Uint8Array));
  for (let counter = next; counter < frame.counter; counter++) ({ chain, key } = advance(chain));
  const message = openRequest(frame, key);
  if (message === null) return { reply: null, refusal: "seal" };
  const answer = await answerMessage(session, world, terminal, message);
  if (!answer) return { reply: null, refusal: "message", messages: [message] };

  const reply = sealAnswer(frame.tid, frame.counter, answer.message, key);
  await session.query("insert into exchange (tid, counter, frame_hash, reply) values ($1, $2, $3, $4)", [
    frame.tid,
    frame.counter,
    frameHash,
    Buffer.from(reply, "latin1"),
  ]);
  await session.query("update terminal set key_box = $2, counter = $3 where tid = $1", [
    frame.tid,
    sealKey(world.hostKey, chain),
    frame.counter + 1,
  ]);
  const messages = [message, answer.message];
  return answer.change ? { reply, messages, change: answer.change } : { reply, messages };
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
  message: string,
): Promise<{ message: string; change?: Change } | null> {
  const fields = unpack(message);
  const mti = fields?.[0] ?? "";
  if (!fields || !ANSWERS[mti] || !isComplete(fields, terminal)) return null;
  const sale = {
    tid: fields[41],
    batch: Number(fields[60].slice(2)),
    stan: Number(fields[11]),
    amountMinor: Number(fields[4]),
    currency: fields[49],
  };
  const isSale = mti === "0200";
  const pin = pinDataOf(fields);
  if (pin === null) return null;
  const { decision, change } = isSale
    ? await authorise(session, world, { ...sale, track2: fields[35], pin, chip: chipOf(fields) })
    : await reverse(session, world, sale);
  const answer = pack(answerFields(ANSWERS[mti], fields, decision));
  return change ? { message: answer, change } : { message: answer };
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
    fields[60].startsWith(KIND_SALE) &&
    Number(fields[60].slice(2)) === Number(terminal.batch)
  );
}

function answerFields(mti: string, request: Fields, decision: Decision): Fields {
  const { localTime, rrn, approvalCode, responseCode, chipAnswer } = decision;
  const fields: Fields = [mti];
  for (const field of ECHOED) fields[field] = request[field];
  fields[12] = localTime.slice(8);
  fields[13] = localTime.slice(4, 8);
  fields[37] = rrn;
  if (approvalCode !== "") fields[38] = approvalCode;
  fields[39] = responseCode;
  if (chipAnswer) fields[55] = chipAnswer;
  fields[63] = localTime.slice(0, 4);
  return fields;
}
