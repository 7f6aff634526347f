/**
 * A message in words, for a log: card numbers masked, tracks, PIN blocks and chip data gone. What cannot be parsed is a length and
 * nothing else.
 */
import { type Field, FIELDS, MESSAGE_TYPES } from "../proto/fields.table";
import { unpack } from "./iso8583";
import { maskPan } from "./cards";

/** A line for the type, then one a field. */
export function describe(message: string): string[] {
  const fields = unpack(message);
  if (!fields) return [`not a message: ${message.length} bytes`];
  const mti = fields[0] ?? "";
  const name = MESSAGE_TYPES.find((each) => each.mti === mti)?.name ?? "no type of ours";
  return [`${mti} ${name}`].concat(
    FIELDS.flatMap((field) => {
      const value = fields[field.field];
      return value === undefined ? [] : [`${String(field.field).padStart(4)} ${field.name}: ${shown(field, value)}`];
    }),
  );
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
