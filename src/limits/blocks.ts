/**
 * The block list: cards that are not taken, said once for the terminal, which refuses them before anything is asked or sent, and for the host,
 * which refuses what came all the same. Pure: strings in, yes or no out.
 *
 * A list, as it goes over the link and stands in flash: version (4 bytes, big-endian), salt (8), how many prefixes (1); then 4 bytes each the
 * prefixes of card numbers (6 to 8 digits, packed, the rest F), and behind them the tokens of cards. A token is the first 4 bytes of HSalsa20 of the
 * number (packed, the rest F, 16 bytes) under the salt and zeros: some hundred thousand numbers have the same one, so a list that was read
 * out of a terminal names no card, and one good card in so many milliards is refused with a blocked one.
 */
import { fromBigEndian } from "../proto/bytes";
import { packDigits } from "../proto/emv-digits";

const SALT_AT = 4;
const SALT_BYTES = 8;
const PREFIXES_AT = 12;
const ENTRIES_AT = 13;
export const ENTRY_BYTES = 4;
/** What field 62 holds. */
export const ENTRIES_MAX = 60;
const PREFIX_DIGITS_MIN = 6;
const PREFIX_DIGITS_MAX = 8;
const NUMBER_DIGITS = 32;

/** Whole, and no longer than it may be; what it says is not looked at. */
export function isBlockList(list: string): boolean {
  const count = (list.length - ENTRIES_AT) / ENTRY_BYTES;
  return count >= 0 && count <= ENTRIES_MAX && count % 1 === 0 && list.charCodeAt(PREFIXES_AT) <= count;
}

/** 0: there is none. */
export function blockVersion(list: string): number {
  return list === "" ? 0 : fromBigEndian(list, 0, SALT_AT);
}

export function blockSalt(list: string): string {
  return list.substr(SALT_AT, SALT_BYTES);
}

function packed(digits: string, digitCount: number): string {
  // A question mark is 15 above the zero.
  return packDigits(digits.padEnd(digitCount, "?"));
}

/** What a token is made of. */
export function packNumber(pan: string): string {
  return packed(pan, NUMBER_DIGITS);
}

export function packPrefix(digits: string): string {
  return packed(digits, PREFIX_DIGITS_MAX);
}

/** `token`: that of the card under the list's salt, `ENTRY_BYTES`. */
export function isBlocked(list: string, pan: string, token: string): boolean {
  const tokensAt = ENTRIES_AT + list.charCodeAt(PREFIXES_AT) * ENTRY_BYTES;
  for (let digitCount = PREFIX_DIGITS_MIN; digitCount <= PREFIX_DIGITS_MAX; digitCount++) {
    if (hasEntry(list, ENTRIES_AT, tokensAt, packPrefix(pan.substr(0, digitCount)))) return true;
  }
  return hasEntry(list, tokensAt, list.length, token);
}

function hasEntry(list: string, from: number, end: number, entry: string): boolean {
  for (let at = from; at < end; at += ENTRY_BYTES) {
    if (list.substr(at, ENTRY_BYTES) === entry) return true;
  }
  return false;
}
