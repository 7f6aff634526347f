/**
 * ISO 8583:1987 messages in the character form of `fields.table`, as the terminal unpacks them (what packs them is generated, see
 * `codec.table`). It remembers what the last head meant, so that a message costs a cut a field and one look at all its digits.
 */
import { LAYOUT } from "./codec.table";

/** `const enum`: in the code as numbers, which an interpreter reads faster than a name. */
const enum Size {
  /** Type and bitmap. */
  Head = 12,
  /** Added to the greatest length of what varies: 2 or 3 digits of length times this. */
  Prefix = 1024,
}

/** What a head means. */
interface Plan {
  head: string;
  /** Field numbers, then `numbers`; and for each field its length or greatest length, with Prefix. */
  fields: Uint8Array;
  lengths: Uint16Array;
  /** Those of the fields that hold digits only. */
  numbers: Uint8Array;
}

/** The one that was used last: memory is dearer than making one, which costs as much as unpacking does. */
let plan: Plan | null = null;

/** Null for a head with a field that the table does not know. */
function planOf(head: string): Plan | null {
  if (plan && plan.head === head) return plan;
  plan = null;
  const fields: number[] = [];
  const lengths: number[] = [];
  const numbers: number[] = [];
  // Named in here only, so that it stays in flash.
  const layout = LAYOUT;
  for (let octet = 4; octet < Size.Head; octet++) {
    let field = octet * 8 - 32;
    for (let bits = head.charCodeAt(octet); bits; bits = (bits & 127) * 2) {
      field++;
      if (bits < 128) continue;
      // See LAYOUT: zeros stand for a field that is not in use.
      const kind = layout.charCodeAt(field * 2) - 48;
      const length = ((kind & 55) << 6) + layout.charCodeAt(field * 2 + 1) - 48;
      if (length === 0) return null;
      fields.push(field);
      lengths.push(length);
      if (kind & 8) numbers.push(field);
    }
  }
  const all = new Uint8Array(fields.concat(numbers));
  plan = { head: head, fields: all, lengths: new Uint16Array(lengths), numbers: all.subarray(fields.length) };
  return plan;
}

/**
 * Unpacks a message: an array by field number with the type at 0, or null when its form is not as the table says: an unknown
 * field, a letter among digits, an empty field, a length past the end, bytes left over. Fixed text keeps its blanks.
 */
export function unpack(text: string): string[] | null {
  let at = Size.Head;
  let length = 0;
  let i = 0;
  let digits = text.substr(0, 4);
  const known = planOf(text.substr(0, Size.Head));
  if (!known) return null;
  const values = [digits];
  const fields = known.fields;
  for (length of known.lengths) {
    if (length >= Size.Prefix) {
      // A name of the block's own keeps the minifier from an `&&`, whose right side an interpreter reads even when it is not to run.
      const prefix = text.substring(at, (at += length >> 10));
      const count = parseInt(prefix, 10);
      digits += prefix;
      // Past any end, so that the last check fails.
      length = !count || count > (length & (Size.Prefix - 1)) ? 1e4 : count;
    }
    values[fields[i++]] = text.substring(at, (at += length));
  }
  for (i of known.numbers) digits += values[i];
  return at === text.length && !/[^0-9]/.test(digits) ? values : null;
}
