/**
 * Data object lists: which data a card wants, as tags and lengths, and the answer to it. EMV 4.3 Book 3 section 5.4.
 *
 * A value is made as long as the card wants it: numeric ones lose or get digits on the left, others on the right; one that nobody
 * knows is zeros. Compressed numeric data (padded with FFh) is never the terminal's, and is not asked for.
 */
import { ownValue } from "./emv-own";
import { type Tlvs, valueOf } from "./tlv";

/** Data of format "n" that a terminal has (Book 3 Annex A1): acquirer, amounts, country, currency, date, exponent, MCC, time, type, counter. */
const NUMERIC = "\x9f\x02\x9f\x03\x9f\x1a\x5f\x2a\0\x9a\0\x9c\x9f\x21\x9f\x41\x9f\x35\x5f\x36\x9f\x15\x9f\x01";
/** What fits in one command with the template's header (83h, 81h, length). */
export const DOL_BYTES_MAX = 252;

/** The data that `dol` asks for, the terminal's own before the card's; null when the list of wishes is malformed or asks for too much. */
export function fillDol(dol: string, own: string, card: Tlvs): string | null {
  const end = dol.length;
  let out = "";
  for (let at = 0; at < end;) {
    const first = dol.charCodeAt(at);
    let tag = "\0" + dol.substr(at, 1);
    at++;
    if ((first & 31) === 31) {
      tag = dol.substr(at - 1, 2);
      at++;
      if (tag.charCodeAt(1) > 127) {
        tag = dol.substr(at - 1, 2);
        at++;
        if (tag.charCodeAt(1) > 127) return null;
      }
    }
    const count = dol.charCodeAt(at);
    at++;
    // No number, when the list ended before.
    if (!(count < 128) || out.length + count > DOL_BYTES_MAX) return null;
    const value = ownValue(own, tag) || valueOf(card, tag);
    const spare = value.length - count;
    if (spare === 0) out += value;
    else if (NUMERIC.indexOf(tag) < 0) out += spare > 0 ? value.substr(0, count) : value.padEnd(count, "\0");
    else out += spare > 0 ? value.substr(spare) : value.padStart(count, "\0");
  }
  return out;
}
