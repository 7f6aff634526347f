/**
 * A message in words, for a log: card numbers masked, tracks, PIN blocks and chip data gone. What cannot be parsed is a length and
 * nothing else.
 */
import { type Field, FIELDS, MESSAGE_TYPES } from "../proto/fields.table";
import { noTlvs, readTlvs, tagOf, valueOf } from "../proto/tlv";
import { unpack } from "./iso8583";
import { maskPan } from "./issuer";

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

function shown({ field, shown: how, content }: Field, value: string): string {
  if (how === "masked") return maskPan(value);
  if (field === CHIP_DATA) return `(${value.length} bytes; offline data authentication: ${authenticationOf(value)})`;
  if (how === "hidden") return `(${value.length} ${content === "b" ? "bytes" : "characters"})`;
  if (content === "b") return Buffer.from(value, "latin1").toString("hex");
  // Free text is somebody else's: a card number in it is none of ours to show.
  return value.replace(/[0-9]{13,19}/g, (digits) => (isLuhn(digits) ? maskPan(digits) : digits));
}

const CHIP_DATA = 55;

/** What the card can do, by its AIP (EMV 4.3 Book 3 annex C1): told and not required, since every cryptogram is verified here. */
function authenticationOf(chip: string): string {
  const list = noTlvs();
  const aip = readTlvs(list, chip, "") ? valueOf(list, tagOf(0x82)).charCodeAt(0) : 0;
  return aip & 0x01 ? "CDA" : aip & 0x20 ? "DDA" : aip & 0x40 ? "SDA" : "none";
}

/** ISO/IEC 7812-1 annex B. */
function isLuhn(digits: string): boolean {
  const sum = Array.from(digits, Number)
    .reverse()
    .reduce((total, digit, index) => total + (index % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0 && /[1-9]/.test(digits);
}
