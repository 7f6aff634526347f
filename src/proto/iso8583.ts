/**
 * ISO 8583:1987 messages in the character form of `fields.table`, as the terminal unpacks them (what packs them is generated, see
 * `codec.table`). It remembers what the last few heads meant, so that a message costs a cut a field and one look at all its digits.
 */
import { fromDigits, isDigits } from "./bytes";
import { LAYOUT } from "./fields.table";

/** `const enum`: in the code as numbers, which an interpreter reads faster than a name. */
const enum Size {
  /** Type and bitmap. */
  Head = 12,
  /** Heads that are remembered. */
  Plans = 4,
  /** Added to the greatest length of what varies: 2 or 3 digits of length times this. */
  Prefix = 1024,
}

/** What a head means. */
interface Plan {
  head: string;
  mti: string;
  /** Field numbers, and for each its length or greatest length, with Prefix. */
  fields: Uint8Array;
  lengths: Uint16Array;
  /** Those of the fields that hold digits only. */
  numbers: Uint8Array;
}

const plans: Plan[] = [];
/** The one that was used last. */
let last: Plan | null = null;

/** Null for a head that is none or has fields that the table does not know. */
function makePlan(head: string): Plan | null {
  const fields: number[] = [];
  const lengths: number[] = [];
  const numbers: number[] = [];
  if (head.length < Size.Head || !isDigits(head.substr(0, 4))) return null;
  for (let bit = 0; bit < 64; bit++) {
    if ((head.charCodeAt(4 + (bit >> 3)) & (128 >> (bit & 7))) === 0) continue;
    const field = bit + 1;
    const letter = LAYOUT.charAt(field * 4);
    if (letter === " ") return null;
    const prefixDigits = letter === "2" || letter === "p" ? 2 : letter === "3" || letter === "q" ? 3 : 0;
    fields.push(field);
    lengths.push(fromDigits(LAYOUT.substr(field * 4 + 1, 3)) + prefixDigits * Size.Prefix);
    if (letter === "n" || letter === "p" || letter === "q") numbers.push(field);
  }
  return {
    head: head,
    mti: head.substr(0, 4),
    fields: new Uint8Array(fields),
    lengths: new Uint16Array(lengths),
    numbers: new Uint8Array(numbers),
  };
}

function planOf(head: string): Plan | null {
  for (let i = 0; i < plans.length; i++) if (plans[i].head === head) return (last = plans[i]);
  last = makePlan(head);
  if (!last) return null;
  if (plans.length === Size.Plans) plans.shift();
  plans.push(last);
  return last;
}

/**
 * Unpacks a message: an array by field number with the type at 0, or null when its form is not as the table says: an unknown
 * field, a letter among digits, an empty field, a length past the end, bytes left over. Fixed text keeps its blanks.
 */
export function unpack(text: string): string[] | null {
  let at = Size.Head;
  let length = 0;
  let i = 0;
  let digits = "";
  const head = text.substr(0, Size.Head);
  const plan = last && last.head === head ? last : planOf(head);
  if (!plan) return null;
  const values = [plan.mti];
  const fields = plan.fields;
  for (length of plan.lengths) {
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
  for (i of plan.numbers) digits += values[i];
  return at === text.length && !/[^0-9]/.test(digits) ? values : null;
}
