/** The operators in a terminal's flash, from outside: written from `docs/operators.md`, shares no code with the firmware, which it checks. */
import { readPage, type StoredRecord } from "./records";
import { PAGE_BYTES } from "./twins/flash";

/** Behind the settings. */
export const OPERATORS_AT = 256;
const SECRET_BYTES = 32;
const ENTRY_BYTES = 18;
const MUST_CHANGE = 128;
const REMOVED = 255;

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
  kept: Buffer;
}

/** Operators by their numbers, or null when there are none. */
export function readOperators(image: Uint8Array): StoredOperator[] | null {
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
      entries.set(all[at] as number, all.subarray(at, at + ENTRY_BYTES));
  }
  return [...entries]
    .map(([number, entry]) => ({ number, state: entry[1] as number, kept: entry.subarray(2) }))
    .filter(({ state }) => state !== REMOVED)
    .map(({ number, state, kept }) => ({ number, tries: state % MUST_CHANGE, mustChange: state >= MUST_CHANGE, kept }))
    .sort((a, b) => a.number - b.number);
}
