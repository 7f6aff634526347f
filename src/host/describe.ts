/**
 * A message in words, for a log: card numbers masked, tracks, PIN blocks and chip data gone. What cannot be parsed is a length and
 * nothing else.
 */
import { type Field, FIELDS, MESSAGE_TYPES } from "../proto/fields.table";
import { ASKED, TRANSACTION_TYPES } from "../proto/types.table";
import { type Fields, unpack } from "./iso8583";
import { maskPan } from "./cards";

/** A line for the type, then one a field. */
export function describe(message: string): string[] {
  const fields = unpack(message);
  if (!fields) return [`not a message: ${message.length} bytes`];
  return [`${fields[0]} ${nameOf(fields)}`].concat(
    FIELDS.flatMap((field) => {
      const value = fields[field.field];
      return value === undefined ? [] : [`${String(field.field).padStart(4)} ${field.name}: ${shown(field, value)}`];
    }),
  );
}

const MANAGEMENT: Record<string, string> = {
  [ASKED.query]: "query about a transaction",
  [ASKED.signOff]: "sign-off",
  [ASKED.echo]: "echo",
};
const SETTLEMENT: Record<string, string> = {
  [ASKED.settle]: "settlement",
  [ASKED.settleUploaded]: "settlement after the upload",
};

/** What it is in the words of the tables: of a transaction which, of an answer to what. Else what its type says. */
function nameOf(fields: Fields): string {
  const mti = fields[0] ?? "";
  const isAnswer = Number(mti[2]) % 2 === 1;
  const asked = isAnswer ? mti.slice(0, 2) + (Number(mti[2]) - 1) + mti[3] : mti;
  const name = requestName(asked, fields);
  if (name) return isAnswer ? `answer to ${name}` : name;
  return MESSAGE_TYPES.find((each) => each.mti === mti)?.name ?? "no type of ours";
}

/** Type, processing code and the first digits of field 60 tell; 25 is not in answers. */
function requestName(mti: string, fields: Fields): string | undefined {
  const code = fields[60]?.slice(0, 2);
  const type = TRANSACTION_TYPES.find((each) => each.code === code && each.processing === fields[3]);
  const more = fields[60]?.slice(8) ?? "";
  if (mti === "0800") return MANAGEMENT[more];
  if (mti === "0500") return SETTLEMENT[more];
  if (!type) return undefined;
  if (mti === "0320") return `upload of ${type.name}`;
  if (mti === "0400" || mti === "0420") return `reversal of ${type.name}`;
  return type.mti === mti ? type.name : undefined;
}

function shown({ shown: how, content }: Field, value: string): string {
  if (how === "masked") return maskPan(value);
  if (how === "hidden") return `(${value.length} ${content === "b" ? "bytes" : "characters"})`;
  if (content === "b") return Buffer.from(value, "latin1").toString("hex");
  // Free text is somebody else's: a card number in it is none of ours to show.
  return value.replace(/[0-9]{13,19}/g, (digits) => (isLuhn(digits) ? maskPan(digits) : digits));
}

/** ISO/IEC 7812-1 annex B. */
function isLuhn(digits: string): boolean {
  const sum = Array.from(digits, Number)
    .reverse()
    .reduce((total, digit, index) => total + (index % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0 && /[1-9]/.test(digits);
}
