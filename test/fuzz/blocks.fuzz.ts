/** Block lists that were changed or are noise: taken only when whole, and whatever is taken says yes or no to any card without an end in doubt. */
import { blockSalt, blockVersion, ENTRIES_MAX, ENTRY_BYTES, isBlocked, isBlockList } from "../../src/limits/blocks";
import { assert, digits, mutated, noise, pick } from "./inputs";
import type { Random } from "./runner";

const HEAD_BYTES = 13;
const HEAD = "\0\0\0\x07saltsalt";
const GOOD = [
  `${HEAD}\0`,
  `${HEAD}\x01\x47\x61\x73\xff`,
  `${HEAD}\x02\x47\x61\x73\xff\x41\x11\x11\x11tokn`,
  `${HEAD}\x3c${"\x51\0\0\0".repeat(ENTRIES_MAX)}`,
];

/** Byte by byte, apart from the firmware. */
function expected(list: string, pan: string, token: string): boolean {
  const bytes = Buffer.from(list, "latin1");
  const count = bytes[HEAD_BYTES - 1] as number;
  for (let index = 0; HEAD_BYTES + index * 4 < bytes.length; index++) {
    const entry = bytes.subarray(HEAD_BYTES + index * 4, HEAD_BYTES + index * 4 + 4);
    if (index >= count && entry.equals(Buffer.from(token, "latin1"))) return true;
    const hex = entry.toString("hex");
    if (index < count && /^[0-9]{6,8}f*$/.test(hex) && pan.startsWith(hex.replace(/f+$/, ""))) return true;
  }
  return false;
}

export function fuzz(random: Random): void {
  const good = pick(random, GOOD);
  const list = pick(random, [() => good, () => mutated(random, good), () => noise(random, 270)])();
  const entryBytes = list.length - HEAD_BYTES;
  const isWhole =
    entryBytes >= 0 &&
    entryBytes % ENTRY_BYTES === 0 &&
    entryBytes <= ENTRIES_MAX * ENTRY_BYTES &&
    list.charCodeAt(HEAD_BYTES - 1) * ENTRY_BYTES <= entryBytes;
  assert(isBlockList(list) === isWhole, "whole", list);
  if (!isWhole) return;
  const pan = pick(random, [() => "4761739001010010", () => `411111${digits(random, 6 + random(8))}`])();
  const token = pick(random, ["tokn", "none"]);
  assert(blockVersion(list) >= 0 && blockSalt(list).length === 8, "head", list);
  assert(isBlocked(list, pan, token) === expected(list, pan, token), "blocked", list, pan, token);
}
