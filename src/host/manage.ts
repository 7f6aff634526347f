/** Network management (0800): echo, sign-off, and what became of a transaction. They change nothing. */
import { ASKED, KIND_MANAGEMENT, KIND_QUERY } from "../proto/types.table";
import { findTxn, wholeMinor } from "./book";
import { BATCH_DIFFERS, type World } from "./issuer";
import type { Fields } from "./iso8583";
import type { Row, Session } from "./store";

const ABOUT_TERMINAL = new RegExp(`^${KIND_MANAGEMENT}([0-9]{6})(${ASKED.echo}|${ASKED.signOff})$`);
const ABOUT_TRACE = new RegExp(`^${KIND_QUERY}[0-9]{6}${ASKED.query}$`);
/** Field 61: batch, STAN, and a date or none. */
const TRACE = /^([0-9]{6})([0-9]{6})([0-9]{4})?$/;

/** The fields of the answer; null when the message is not one of these. */
export async function answerManagement(
  session: Session,
  world: World,
  terminal: Row,
  fields: Fields,
): Promise<Fields | null> {
  if (fields[11] === undefined || fields[41] !== terminal.tid || fields[42] !== terminal.mid) return null;
  const [, batch, asked] = ABOUT_TERMINAL.exec(fields[60] ?? "") ?? [];
  // With the host's batch, so that a terminal that is out of step sees where the host is.
  const own = String(terminal.batch).padStart(6, "0");
  if (asked) {
    const responseCode = Number(batch) === Number(terminal.batch) ? "00" : BATCH_DIFFERS;
    return answer(world, fields, KIND_MANAGEMENT + own + asked, responseCode);
  }
  const [, tracedBatch, tracedStan] = TRACE.exec(fields[61] ?? "") ?? [];
  if (!ABOUT_TRACE.test(fields[60] ?? "") || !tracedStan) return null;
  const name = { tid: String(terminal.tid), batch: Number(tracedBatch), stan: Number(tracedStan) };
  const found = await findTxn(session, name);
  const answered = answer(world, fields, KIND_QUERY + own + ASKED.query, found ? "00" : "25");
  if (found) {
    const minor = String(wholeMinor(found)).padStart(12, "0");
    answered[62] = [found.status, found.code, minor, found.rrn, found.approvalCode].join("|");
  }
  return answered;
}

function answer(world: World, fields: Fields, batch: string, responseCode: string): Fields {
  const localTime = world.localTime();
  const answered: Fields = ["0810"];
  for (const field of [11, 41, 42]) answered[field] = fields[field] as string;
  answered[12] = localTime.slice(8);
  answered[13] = localTime.slice(4, 8);
  answered[39] = responseCode;
  answered[60] = batch;
  answered[63] = localTime.slice(0, 4);
  return answered;
}
