/**
 * The host's ISO 8583, in both forms: there and back; what is taken of anything else packs to the very same bytes; and a log shows no
 * card, whatever came.
 */
import { packBcd, unpackBcd } from "../../src/host/bcd";
import { describe } from "../../src/host/describe";
import { type Fields, pack, unpack } from "../../src/host/iso8583";
import { assert, mutated, noise } from "./inputs";
import { fields } from "./messages";
import type { Random } from "./runner";

const PAN = "4761739001010010";
const TRACK = `${PAN}=28122011143800000000`;

function same(a: Fields | null, b: Fields): boolean {
  for (let field = 0; field <= 64; field++) if (a?.[field] !== b[field]) return false;
  return true;
}

function characterForm(random: Random, message: Fields): void {
  const good = pack(message);
  assert(same(unpack(good), message), "there and back", good);
  const text = random(10) === 0 ? noise(random, 200) : mutated(random, good);
  const found = unpack(text);
  if (found) assert(pack(found) === text, "packs the same", text);
  const log = describe(text).join("\n");
  assert(!log.includes(PAN) && !log.includes(TRACK.slice(17)), "shows no card", text, log);
  if (!found) assert(log === `not a message: ${text.length} bytes`, "a length only", text, log);
}

function bcdForm(random: Random, message: Fields): void {
  const good = packBcd(message);
  assert(same(unpackBcd(good), message), "there and back", good.toString("hex"));
  const bytes = Buffer.from(mutated(random, good.toString("latin1")), "latin1");
  const found = unpackBcd(bytes);
  if (found) assert(packBcd(found).equals(bytes), "packs the same", bytes.toString("hex"));
}

export function fuzz(random: Random): void {
  const message = fields(random);
  if (random(2)) message[2] = PAN;
  if (random(2)) message[35] = TRACK;
  if (random(3)) characterForm(random, message);
  else bcdForm(random, message);
}
