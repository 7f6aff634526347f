/** ISO 8583:1987 messages in the character form of `fields.table`: type, 8-byte bitmap, fields in order. */
import { fromDigits, isDigits, toDigits } from "./bytes";
import { LAYOUT } from "./fields.table";

const BITMAP_END = 12;

/**
 * Packs the values of the fields numbered in `fields`, ascending. Values are text; numbers get zeros in front. A field whose
 * value is "" is left out. "" when a value does not fit its field: that is a fault of the caller.
 */
export function pack(mti: string, fields: number[], values: string[]): string {
  const bitmap = [0, 0, 0, 0, 0, 0, 0, 0];
  let body = "";
  for (let i = 0; i < fields.length; i++) {
    const value = values[i];
    if (value === "") continue;
    const bit = fields[i] - 1;
    const kind = LAYOUT.charAt(fields[i] * 4);
    const length = fromDigits(LAYOUT.substr(fields[i] * 4 + 1, 3));
    if (value.length > length || (kind === "n" && !isDigits(value))) return "";
    bitmap[bit >> 3] |= 128 >> (bit & 7);
    if (kind === "n") body += value.padStart(length, "0");
    else if (kind === "a") body += value.padEnd(length, " ");
    else body += toDigits(value.length, fromDigits(kind)) + value;
  }
  let head = mti;
  for (let i = 0; i < 8; i++) head += String.fromCharCode(bitmap[i]);
  return head + body;
}

/**
 * Unpacks a message: an array by field number with the type at 0, or null when anything about it is not as the table says: an
 * unknown field, a letter among digits, a length past the end, bytes left over. Fixed text keeps its blanks.
 */
export function unpack(text: string): string[] | null {
  const values: string[] = [];
  const mti = text.substr(0, 4);
  if (text.length < BITMAP_END || !isDigits(mti)) return null;
  values[0] = mti;
  let at = BITMAP_END;
  for (let octet = 0; octet < 8; octet++) {
    const bits = text.charCodeAt(4 + octet);
    if (bits === 0) continue;
    for (let bit = 0; bit < 8; bit++) {
      if ((bits & (128 >> bit)) === 0) continue;
      const field = octet * 8 + bit + 1;
      const kind = LAYOUT.charAt(field * 4);
      let length = fromDigits(LAYOUT.substr(field * 4 + 1, 3));
      if (kind === " ") return null;
      if (kind === "2" || kind === "3") {
        const digits = text.substr(at, fromDigits(kind));
        if (!isDigits(digits) || fromDigits(digits) > length || digits.length < fromDigits(kind)) return null;
        length = fromDigits(digits);
        at += fromDigits(kind);
      }
      const value = text.substr(at, length);
      if (value.length < length || (kind === "n" && !isDigits(value))) return null;
      values[field] = value;
      at += length;
    }
  }
  return at === text.length ? values : null;
}
