/**
 * A bundle as a slot of flash holds it: two slots, so that a new bundle is written beside the one that runs. A slot is a head page and the
 * content behind it: all texts of `parts`, one after the other, each read by its place. Marks stand in the head page: 4 bytes each, as written
 * when all are zero. They fall one after the other and rise only when the page is erased, so that a power cut leaves a slot as it was or
 * further on (`docs/updates.md`).
 *
 * Units: bytes; numbers of 4 bytes, big-endian. An engine's CRC-32 says whether a head is whole, the digest whether the content is.
 */
import { hsalsa20 } from "../src/crypto/salsa20";
import { crc32 } from "./crc32";
import { MAIN, splitParts } from "./parts";

export const PAGE_BYTES = 4096;
const MAGIC = "TSL1";
const PROFILE_CHARS = 16;
const DIGEST_BYTES = 32;
const BLOCK_BYTES = 16;
const PIECE_BYTES = 128;

/** Where what stands in a head page. */
export const HEAD = {
  magic: 0,
  sequence: 4,
  version: 8,
  contentBytes: 12,
  mainAt: 16,
  mainBytes: 20,
  profile: 24,
  digest: 40,
  check: 72,
  end: 76,
  /** Behind the head, by whoever has seen that the content is whole: what the terminal looks at every day (`checkOf`). */
  content: 76,
} as const;
export const MARK = {
  /** The content is whole: a candidate. */
  complete: 128,
  /** A start of a bundle that has not said yet that it is good. */
  trials: [132, 136, 140],
  good: 144,
  /** It stopped as it started, or said so itself. */
  bad: 148,
  end: 152,
} as const;
export const SET = "\0\0\0\0";
const UNSET = "\xff\xff\xff\xff";

/** What an update is, wherever it is kept. */
export interface Update {
  /** Of the board: its name, at most 16 characters. */
  profile: string;
  /** A higher one is newer. */
  version: number;
  mainAt: number;
  mainBytes: number;
  digest: string;
  content: string;
}

export const VERSION_MAX = 999_999;

/** Of a package's version: two digits each of major, minor and patch. */
export function versionNumber(text: string): number {
  const [, ...parts] = /^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{1,2})$/.exec(text) ?? [];
  if (parts.length === 0) throw new Error(`${text} is no version such as 1.2.3.`);
  return parts.reduce((sum, part) => 100 * sum + Number(part), 0);
}

/** In the width of any place, so that places can be filled in when all lengths are known. */
const PLACE_CHARS = 12;
const placeOf = (name: string) => `part($${name}${"$".repeat(PLACE_CHARS - 1 - name.length)})`;

/** `code`, for the board `profile`. */
export function packBundle(code: string, profile: string, version: number): Update {
  if (!/^[a-z0-9-]{1,16}$/.test(profile)) throw new Error(`A board's name has 1 to 16 small letters: not ${profile}.`);
  if (!Number.isInteger(version) || version < 1 || version > VERSION_MAX)
    throw new Error(`A version is a whole number up to ${VERSION_MAX}: not ${version}.`);
  const files = splitParts(code, placeOf);
  const places = new Map<string, string>();
  let at = 0;
  for (const [name, text] of files) {
    places.set(name, `${at},${text.length}`.padEnd(PLACE_CHARS));
    at += text.length;
  }
  let content = "";
  for (const [name, text] of files)
    content += name.startsWith("s")
      ? text
      : text.replace(/part\(\$([st][0-9]+)\$*\)/g, (_, each: string) => `part(${places.get(each)})`);
  const mainBytes = files.get(MAIN)?.length ?? 0;
  return { profile, version, mainAt: 0, mainBytes, digest: digestOf(content), content };
}

/** HSalsa20 from block to block, each under the last one's result; what lacks to a block is FFh, the content's length is the last one. */
export function digestOf(content: string): string {
  const key = new Uint32Array(8);
  new Uint8Array(key.buffer).set(bytesOf("Tillet: the content of one slot."));
  const input = new Uint32Array(4);
  const absorb = (block: string) => {
    new Uint8Array(input.buffer).set(bytesOf(block));
    hsalsa20(key, key, input);
  };
  for (let at = 0; at < content.length; at += BLOCK_BYTES)
    absorb(content.slice(at, at + BLOCK_BYTES).padEnd(BLOCK_BYTES, "\xff"));
  absorb(number(content.length).padEnd(BLOCK_BYTES, "\0"));
  return String.fromCharCode(...new Uint8Array(key.buffer));
}

/** CRC-32 from piece to piece, each behind the one before as 4 bytes, zeros at first: an engine does that natively and holds one piece at a time. */
export function checkOf(content: string): string {
  let check = 0;
  for (let at = 0; at < content.length; at += PIECE_BYTES)
    check = crc32(number(check) + content.slice(at, at + PIECE_BYTES));
  return number(check);
}

/** The head of `update`, without marks. */
export function headOf(update: Update, sequence: number): string {
  const { profile, version, mainAt, mainBytes, digest, content } = update;
  const numbers = [sequence, version, content.length, mainAt, mainBytes].map(number).join("");
  const head = MAGIC + numbers + profile.padEnd(PROFILE_CHARS) + digest;
  return head + number(crc32(head));
}

export function pagesOf(update: Update): number {
  return 1 + Math.ceil(update.content.length / PAGE_BYTES);
}

export interface Slot {
  sequence: number;
  version: number;
  profile: string;
  digest: string;
  isGood: boolean;
  isBad: boolean;
  /** Starts so far of a bundle that has not said that it is good. */
  trials: number;
}

/** What stands in the first bytes of a slot, at least MARK.end of them; null when no bundle does, or not all of one. */
export function readSlot(page: string): Slot | null {
  const isWhole =
    page.startsWith(MAGIC) &&
    numberAt(page, HEAD.check) === crc32(page.slice(0, HEAD.check)) &&
    page.substr(MARK.complete, 4) === SET;
  if (!isWhole) return null;
  return {
    sequence: numberAt(page, HEAD.sequence),
    version: numberAt(page, HEAD.version),
    profile: page.substr(HEAD.profile, PROFILE_CHARS).trimEnd(),
    digest: page.substr(HEAD.digest, DIGEST_BYTES),
    isGood: page.substr(MARK.good, 4) === SET,
    isBad: page.substr(MARK.bad, 4) !== UNSET,
    trials: MARK.trials.filter((at) => page.substr(at, 4) !== UNSET).length,
  };
}

/** The slot that a board starts from, -1 for none: the newest that is not given up; when all are, the newest. */
export function chooseSlot(slots: readonly (Slot | null)[]): number {
  const rank = (slot: Slot | null) => {
    if (!slot) return -1;
    const isGivenUp = slot.isBad || (!slot.isGood && slot.trials === MARK.trials.length);
    return slot.sequence + (isGivenUp ? 0 : 2 ** 32);
  };
  const ranks = slots.map(rank);
  const best = Math.max(...ranks);
  return best < 0 ? -1 : ranks.indexOf(best);
}

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

function number(value: number): string {
  return String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

export function numberAt(text: string, at: number): number {
  return [0, 1, 2, 3].reduce((sum, index) => sum * 256 + text.charCodeAt(at + index), 0);
}
