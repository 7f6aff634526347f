/**
 * Closing a batch: the host's answer to the terminal's totals. Agreed, or closed after an upload of every record: the next batch begins.
 * Other totals: the upload (`desk`, `finder`).
 */
import { fromDigits, toDigits } from "../proto/bytes";
import { Response } from "./messages";
import { Event, type Terminal, type Transaction } from "./state";

/** Field 48: two sums and counts, and whether they agree. */
const TOTALS_CHARS = 31;

/** An opened answer while the batch is being closed. What becomes of it is in `about` then, as the record will have it (`book`). */
export function settleAnswered(t: Terminal, txn: Transaction, fields: string[]): Event {
  const settings = t.settings;
  const isIts = fields[0] === "0510" && fromDigits(fields[11]) === txn.stan;
  if (!isIts || !settings || fields[41] !== settings.tid) return Event.None;
  if (fields[39] === "95" && txn.about === "201") return Event.Differs;
  const isWhole = fields[48] && fields[48].length === TOTALS_CHARS && fields[12] && fields[13] && fields[63];
  if (fields[39] !== Response.Done || !isWhole) return Event.None;
  txn.about =
    toDigits(txn.stan, 6) +
    toDigits(t.batchNumber, 6) +
    t.totals +
    fields[48] +
    fields[63] +
    fields[13] +
    fields[12] +
    toDigits(t.batchFirst + t.batchPages, 10);
  return Event.Closed;
}
