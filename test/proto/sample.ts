/** A message of each type with a value in every field that it may have, filled as the table lets it: no codec of ours makes them. */
import type { Fields } from "../../src/host/iso8583";
import { type Field, FIELDS, MESSAGE_TYPES } from "../../src/proto/fields.table";

const VALUES: Record<number, string> = {
  2: "4761739001010010",
  35: "4761739001010010=28122011143800000000",
  36: "994761739001010010=978000000000=2812000000",
  41: "00000001",
  42: "000000000000001",
  49: "978",
  60: "22000001",
  62: "0200",
  63: "2026",
};

export function sampleValue({ field, content, length }: Field): string {
  const known = VALUES[field];
  if (known !== undefined) return known;
  if (content === "b") return Array.from({ length }, (_, i) => String.fromCharCode((i * 37 + field) & 255)).join("");
  const text = content === "n" || content === "z" ? "1234567890" : "AB12 cd34";
  // Shorter than the greatest length, so that all of them go into one message.
  return text.repeat(40).slice(0, Math.min(length, 20));
}

/** With the conditional fields too. */
export function sampleMessage(mti: string): Fields {
  const type = MESSAGE_TYPES.find((each) => each.mti === mti);
  if (!type) throw new Error(`no type ${mti}`);
  const fields: Fields = [mti];
  for (const number of [...type.must, ...type.may.flatMap((each) => each.fields)]) {
    const field = FIELDS.find((each) => each.field === number);
    if (!field) throw new Error(`${mti} has field ${number}, which the table has not`);
    fields[number] = sampleValue(field);
  }
  return fields;
}
