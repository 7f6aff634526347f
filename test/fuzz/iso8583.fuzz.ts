/** The terminal unpacks what the host packs, alike; and what it takes of anything else is the whole of it, digits where digits belong. */
import { pack, unpack as hostUnpack } from "../../src/host/iso8583";
import { FIELDS } from "../../src/proto/fields.table";
import { unpack } from "../../src/proto/iso8583";
import { assert, mutated, noise } from "./inputs";
import { fields } from "./messages";
import type { Random } from "./runner";

export function fuzz(random: Random): void {
  const good = pack(fields(random));
  const text = random(4) === 0 ? good : random(10) === 0 ? noise(random, 200) : mutated(random, good);
  const found = unpack(text);
  const expected = hostUnpack(text);
  if (expected) assert(found !== null, "the host takes it", text);
  if (!found) return;
  let again = text.slice(0, 12);
  for (const { field, content, prefixDigits } of FIELDS) {
    const value = found[field];
    if (value === undefined) continue;
    if (expected) assert(value === expected[field], "as the host", field, value, expected[field]);
    if (content === "n") assert(!/[^0-9]/.test(value), "digits", field, value);
    again += prefixDigits > 0 ? String(value.length).padStart(prefixDigits, "0") + value : value;
  }
  assert(again === text, "the whole of it", text, again);
}
