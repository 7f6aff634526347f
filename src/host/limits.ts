/**
 * Limits of a terminal at the host, by the same rules as in the terminal itself (`limits/limits`): what should not have been sent is refused.
 * Who stood at the terminal, how long it had no link and how much waited for it the host does not know; those limits are the terminal's alone.
 */
import { countedDay, Limit, limitPassed, methodOf, newDay } from "../limits/limits";
import type { Txn } from "./book";
import type { Order } from "./issuer";
import type { Session } from "./store";

/** Field 39: more than a limit, too many, not in this way. */
const ANSWERS: Readonly<Record<string, string>> = { [Limit.Count]: "65", [Limit.Entry]: "58" };
const TOO_MUCH = "61";

/** What the host keeps of a terminal's table: where there are operators a supervisor may let pass what is limited for one sale. */
export function hostTable(table: string, hasOperators: boolean, floorMinor = 0): string {
  const own = hasOperators ? table.replace(/t[0-9]+/, "") : table;
  return own.replace(/[oawq][0-9]+/g, "") + (floorMinor > 0 ? Limit.Floor + floorMinor : "");
}

/** How it came in; a code that was given by telephone stands in a request of its own. */
export function methodAsked({ type, chip, approvalCode }: Order): string {
  return methodOf(type.code, chip !== undefined, type.kind === "offline" && approvalCode !== undefined);
}

/** The answer to a transaction that goes past a limit of its terminal, or "". */
export async function limitRefusal(session: Session, table: string, txn: Txn): Promise<string> {
  if (table === "") return "";
  const day = await dayOf(session, txn.tid, txn.localTime.slice(0, 8));
  const passed = limitPassed(table, day, txn.code, txn.method, "", txn.amountMinor - txn.beforeMinor);
  return passed === Limit.None ? "" : (ANSWERS[passed] ?? TOO_MUCH);
}

/** What a terminal has taken on a date. What was undone was not taken; what was voided was. */
async function dayOf(session: Session, tid: string, date: string): Promise<string> {
  const rows = await session.query(
    `select code, method, amount_minor - before_minor as minor from txn
     where tid = $1 and day = $2 and status <> 'declined' and status <> 'reversed'`,
    [tid, date],
  );
  return rows.reduce(
    (day, { code, method, minor }) => countedDay(day, String(code), String(method), "", Number(minor)),
    newDay(date),
  );
}

/** Its settings have to be made anew: until then the terminal says so when it signs on, and the host refuses what goes past these. */
export async function setLimits(session: Session, tid: string, table: string): Promise<void> {
  const rows = await session.query(
    "update terminal set limits = $2, parameters = parameters + 1 where tid = $1 returning tid",
    [tid, table],
  );
  if (rows.length === 0) throw new Error(`There is no terminal ${tid}.`);
}
