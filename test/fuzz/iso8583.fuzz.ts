/** ISO 8583 messages: what is packed is unpacked the same, and what is unpacked packs to the very same bytes. */
import { FIELDS, MESSAGE_TYPES } from "../../src/proto/fields.table";
import { pack, unpack } from "../../src/proto/iso8583";
import { assert, digits, mutated, noise, pick } from "./inputs";
import type { Random } from "./runner";

function printable(random: Random, count: number): string {
  let text = "";
  for (let i = 0; i < count; i++) text += String.fromCharCode(32 + random(95));
  return text;
}

function message(random: Random): string {
  const { mti, fields } = pick(random, MESSAGE_TYPES);
  const used = fields.filter(() => random(12) > 0);
  const values = used.map((number) => {
    const { kind, length } = FIELDS.find(({ field }) => field === number) ?? { kind: "a", length: 1 };
    if (kind === "n") return digits(random, length);
    return printable(random, kind === "a" ? length : random(length) + 1);
  });
  const text = pack(mti, used, values);
  const found = unpack(text);
  assert(found !== null && found[0] === mti, "unpacks", text);
  used.forEach((number, at) => assert(found?.[number] === values[at], "field", number, found?.[number], values[at]));
  return text;
}

export function fuzz(random: Random): void {
  const text = random(10) === 0 ? noise(random, 200) : mutated(random, message(random));
  const found = unpack(text);
  if (!found) return;
  const fields = found.flatMap((value, field) => (field > 0 && value !== undefined ? [field] : []));
  // An empty field of variable length has a bit and a length, and no value that `pack` would give a bit.
  if (fields.some((field) => found[field] === "")) return;
  const again = pack(
    found[0] as string,
    fields,
    fields.map((field) => found[field] as string),
  );
  assert(again === text, "packs the same", text, again);
}
