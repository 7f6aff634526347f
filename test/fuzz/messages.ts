/** ISO 8583 messages with any of the fields that the table knows: fields and values, as nobody would send them but everybody may. */
import type { Fields } from "../../src/host/iso8583";
import { type Field, FIELDS, MESSAGE_TYPES } from "../../src/proto/fields.table";
import { bytes, digits, pick } from "./inputs";
import type { Random } from "./runner";

const LETTERS = "ABCXYZabcxyz0123456789 ";

function value(random: Random, { content, length, prefixDigits }: Field): string {
  const count =
    prefixDigits === 0 ? length : random(8) === 0 ? pick(random, [1, length]) : random(Math.min(length, 40)) + 1;
  if (content === "b") return bytes(random, count);
  if (content === "n") return digits(random, count);
  let text = "";
  for (let i = 0; i < count; i++) {
    if (content === "z") text += random(8) === 0 ? "=" : random(10);
    else text += content === "an" ? pick(random, [...LETTERS]) : String.fromCharCode(32 + random(95));
  }
  return text;
}

export function fields(random: Random): Fields {
  const all: Fields = [pick(random, MESSAGE_TYPES).mti];
  const share = random(6) + 1;
  for (const field of FIELDS) if (random(6) < share) all[field.field] = value(random, field);
  return all;
}
