/**
 * Data object lists: which data a card wants, as tags and lengths, and the answer to it. EMV 4.3 Book 3 section 5.4.
 *
 * A value is made as long as the card wants it: numeric ones lose or get digits on the left, others on the right; one that nobody
 * knows is zeros. Compressed numeric data (padded with FFh) is never the terminal's, and is not asked for.
 */
import { fromBigEndian } from "./bytes";
import { tagLength, type Tlvs, valueOf } from "./tlv";

/** Data of format "n" that a terminal has (Book 3 Annex A1): acquirer, amounts, country, currency, date, exponent, MCC, time, type, counter. */
const NUMERIC = [0x9f02, 0x9f03, 0x9f1a, 0x5f2a, 0x9a, 0x9c, 0x9f21, 0x9f41, 0x9f35, 0x5f36, 0x9f15, 0x9f01];
/** What fits in one command with the template's header (83h, 81h, length). */
export const DOL_BYTES_MAX = 252;

/** The data that `dol` asks for, from the first list that has it; null when the list of wishes is malformed or asks for too much. */
export function fillDol(dol: string, own: Tlvs, card: Tlvs): string | null {
  let out = "";
  for (let at = 0; at < dol.length;) {
    const tagBytes = tagLength(dol, at, dol.length);
    if (tagBytes === 0 || at + tagBytes === dol.length) return null;
    const tag = fromBigEndian(dol, at, tagBytes);
    at += tagBytes;
    const count = dol.charCodeAt(at);
    at++;
    if (count > 127 || out.length + count > DOL_BYTES_MAX) return null;
    let value = valueOf(own, tag);
    if (value === "") value = valueOf(card, tag);
    out += fit(value, count, NUMERIC.indexOf(tag) >= 0);
  }
  return out;
}

function fit(value: string, count: number, isNumeric: boolean): string {
  const spare = value.length - count;
  if (spare === 0) return value;
  if (spare > 0) return value.substr(isNumeric ? spare : 0, count);
  return isNumeric ? value.padStart(count, "\0") : value.padEnd(count, "\0");
}
