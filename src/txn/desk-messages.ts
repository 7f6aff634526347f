/** The messages of all that is no sale. A transaction's is that of a sale with other fields, which takes time that nobody notices here. */
import { fromDigits, toDigits } from "../proto/bytes";
import { LAYOUT } from "../proto/codec.table";
import { unpack } from "../proto/iso8583";
import { type Desk, Task } from "./desk";
import { reversalRequest, saleRequest } from "./messages";
import { formatAmount } from "./money";
import { Kind, type Settings, State, type Terminal, type Transaction } from "./state";

/** Each kind, then its type, field 3 and field 25. No mark at the end: there Espruino finds what only begins. */
const TYPES =
  "|01020031000000|10010003000006|11010020000006|20020000000006|21020020000006|23020020000000|24022000000006" +
  "|25022020000000|30022000000000|34022000000000|36022000000000";

/** The type of a kind (4), its field 3 (6) and its field 25 (2). */
function typeOf(kind: string): string {
  const at = TYPES.indexOf("|" + kind);
  return at < 0 ? "020000000000" : TYPES.substr(at + 3, 12);
}

/** Fields by their numbers, type at 0, as the message that they are. Those that are missing or "" are not in it. */
function pack(fields: string[]): string {
  const layout = LAYOUT;
  const octets = [0, 0, 0, 0, 0, 0, 0, 0];
  let data = "";
  for (let field = 2; field < 64; field++) {
    const value = fields[field] || "";
    if (value === "") continue;
    const at = (field - 1) >> 3;
    octets[at] |= 128 >> ((field - 1) & 7);
    const prefixDigits = (layout.charCodeAt(field * 2) - 48) >> 4;
    if (prefixDigits > 0) data += toDigits(value.length, prefixDigits);
    data += value;
  }
  let head = fields[0];
  for (let i = 0; i < 8; i++) head += String.fromCharCode(octets[i]);
  return head + data;
}

/** The request of a transaction that is no sale, or of a settlement. */
export function requestOf(t: Terminal, settings: Settings, txn: Transaction): string {
  if (txn.kind === Kind.Settlement) return settlement(t, settings, txn);
  const isCard = t.track2 !== "";
  const fields = unpack(isCard ? saleRequest(t, settings, txn) : reversalRequest(t, settings, txn)) as string[];
  const kind = txn.kind;
  const about = txn.about;
  setType(fields, txn);
  fields[39] = "";
  fields[61] = about.substr(0, 16).trim();
  fields[37] = about.substr(16, 12).trim();
  if (kind < Kind.CompletionVoid || kind === Kind.CompletionAdvice || kind === Kind.Offline)
    fields[38] = about.substr(28, 6).trim();
  if (kind === Kind.Tip) fields[48] = about.substr(34, 12);
  if (kind === Kind.Cash) fields[22] = "000";
  if (hasCash(txn)) fields[54] = "0040" + settings.currencyNumber + "D" + about.substr(46, 12);
  return pack(fields);
}

/** A sale of which the customer has a part in cash. */
function hasCash(txn: Transaction): boolean {
  return txn.kind === Kind.Sale && txn.about.length > 46;
}

/** And what undoes it. */
export function reversalOf(t: Terminal, settings: Settings, txn: Transaction): string {
  const fields = unpack(reversalRequest(t, settings, txn)) as string[];
  setType(fields, txn);
  fields[0] = "0400";
  return pack(fields);
}

function setType(fields: string[], txn: Transaction): void {
  const type = typeOf(txn.kind);
  fields[0] = type.substr(0, 4);
  fields[3] = hasCash(txn) ? "090000" : type.substr(4, 6);
  fields[25] = type.substr(10);
}

function management(t: Terminal, settings: Settings, mti: string, stan: number, asked: string): string[] {
  const fields = [mti];
  fields[11] = toDigits(stan, 6);
  fields[41] = settings.tid;
  fields[42] = settings.mid;
  fields[60] = asked.substr(0, 2) + toDigits(t.batchNumber, 6) + asked.substr(2);
  return fields;
}

function settlement(t: Terminal, settings: Settings, txn: Transaction): string {
  const fields = management(t, settings, "0500", txn.stan, "00" + txn.about);
  fields[48] = t.totals.substr(0, 30);
  fields[49] = settings.currencyNumber;
  return pack(fields);
}

/** What the host is asked: a record of the batch that it is sent, what became of a trace, or nothing but an answer. */
export function queryRequest(t: Terminal, settings: Settings, desk: Desk): string {
  const found = desk.found;
  const stan = t.nextStan;
  const txn = t.txn;
  desk.askedStan = stan;
  if (desk.task === Task.Balance && txn) return requestOf(t, settings, txn);
  if (t.state === State.Upload && found) {
    const isTip = found.kind === Kind.Tip;
    const about = found.about;
    // A tip goes up as the whole of its sale: what comes later counts.
    if (isTip) found.kind = about.substr(58, 2);
    const fields = unpack(reversalRequest(t, settings, found)) as string[];
    setType(fields, found);
    fields[62] = fields[0] + "00" + found.approvalCode;
    fields[0] = "0320";
    fields[11] = toDigits(stan, 6);
    fields[39] = "";
    fields[60] += "201";
    fields[61] = isTip ? about.substr(0, 12) : toDigits(t.batchNumber, 6) + toDigits(found.stan, 6);
    return pack(fields);
  }
  const isTrace = desk.stan > 0;
  const fields = management(
    t,
    settings,
    "0800",
    stan,
    isTrace ? "61000" : desk.task === Task.SignOff ? "00002" : "00301",
  );
  if (isTrace) fields[61] = toDigits(t.batchNumber, 6) + toDigits(desk.stan, 6);
  return pack(fields);
}

/** What a card has: the amount that field 54 says is available, behind "=". */
export function balanceText(settings: Settings, fields: string[]): string {
  const all = fields[54] || "";
  const at = all.indexOf("0002" + settings.currencyNumber);
  if (at < 0 || at + 20 > all.length) return fields[39];
  const minus = all.charAt(at + 7) === "D" ? "-" : "";
  return "balance=" + minus + formatAmount(fromDigits(all.substr(at + 8, 12)), settings.exponent);
}

/** What the host says about a trace, its status, then its amount and RRN behind line feeds; or its response code alone. */
export function answeredText(settings: Settings, fields: string[]): string {
  const parts = (fields[62] || "").split("|");
  if (parts.length < 4) return fields[39];
  return parts[0] + "= " + formatAmount(fromDigits(parts[2]), settings.exponent) + "\n" + parts[3];
}
