/** From a sealed frame to its sealed answer, in one database transaction. What is not a frame of ours gets no answer at all. */
import { createHash } from "node:crypto";
import type { Change, World } from "./issuer";
import { pack, unpack } from "./iso8583";
import { openKey, sealKey } from "./keys";
import { answerMessage } from "./messages";
import { advance, openRequest, parseLine, sealAnswer, type SealedFrame } from "./seal";
import type { Session, Store } from "./store";

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
  const fields = unpack(message);
  const answer = fields && (await answerMessage(session, world, terminal, fields));
  if (!answer) return { reply: null, refusal: "message", messages: [message] };

  const answered = pack(answer.fields);
  const reply = sealAnswer(frame.tid, frame.counter, answered, key);
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
  const messages = [message, answered];
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
