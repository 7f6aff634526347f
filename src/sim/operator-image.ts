/** The operators in a terminal's flash, from outside: written from `docs/operators.md`, shares no code with the firmware, which it checks. */
import { readPage, type StoredRecord } from "./records";
import { PAGE_BYTES } from "./twins/flash";

/** Behind the settings. */
export const OPERATORS_AT = 256;
const SECRET_BYTES = 32;
const ENTRY_BYTES = 18;
const MUST_CHANGE = 128;
const REMOVED = 255;
const HAS_FINGER = 128;
/** In place of a number: fingers in a row that nobody knew. */
const MISSES = 100;

/** What PINs of operators are kept under, 32 bytes, and what is kept of the admin's first one, 16. */
export interface FactoryAdmin {
  secret: Uint8Array;
  kept: Uint8Array;
}

/** All operators of a new terminal. */
export function adminBody({ secret, kept }: FactoryAdmin): Uint8Array {
  return Buffer.from([0, 0, 0, 1, ...secret, 99, MUST_CHANGE, ...kept]);
}

export interface StoredOperator {
  number: number;
  tries: number;
  mustChange: boolean;
  /** What the sensor has in the slot of that number counts. */
  hasFinger: boolean;
  kept: Buffer;
}

/** The newest entries by their numbers, or null when there is no page of them. */
function readEntries(image: Uint8Array): Map<number, Buffer> | null {
  const pages = [0, 1].map((page) =>
    readPage(image.subarray(page * PAGE_BYTES + OPERATORS_AT, (page + 1) * PAGE_BYTES)),
  );
  const good = pages.filter(([head]) => head?.kind === "G");
  const sequence = ([head]: StoredRecord[]) => (head as StoredRecord).body.readUInt32BE(0);
  const newest = good.sort((a, b) => sequence(b) - sequence(a))[0];
  if (!newest) return null;
  const entries = new Map<number, Buffer>();
  for (const { kind, body } of newest) {
    const all = kind === "G" ? body.subarray(4 + SECRET_BYTES) : body;
    for (let at = 0; at < all.length; at += ENTRY_BYTES)
      entries.set((all[at] as number) % HAS_FINGER, all.subarray(at, at + ENTRY_BYTES));
  }
  return entries;
}

/** Operators by their numbers, or null when there are none. */
export function readOperators(image: Uint8Array): StoredOperator[] | null {
  const entries = readEntries(image);
  if (!entries) return null;
  return [...entries]
    .map(([number, entry]) => ({
      number,
      first: entry[0] as number,
      state: entry[1] as number,
      kept: entry.subarray(2),
    }))
    .filter(({ number, state }) => number !== MISSES && state !== REMOVED)
    .map(({ number, first, state, kept }) => ({
      number,
      tries: state % MUST_CHANGE,
      mustChange: state >= MUST_CHANGE,
      hasFinger: first >= HAS_FINGER,
      kept,
    }))
    .sort((a, b) => a.number - b.number);
}

/** Fingers in a row that nobody knew. */
export function readMisses(image: Uint8Array): number {
  return readEntries(image)?.get(MISSES)?.[1] ?? 0;
}
