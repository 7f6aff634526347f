/**
 * The terminal's side of `fields.table`, generated when the firmware is built. What packs is straight code without a loop, a lookup or a
 * bitmap to make: a quarter of what a loop over the table costs on Espruino. The values are the terminal's own and fit their fields;
 * the tests unpack every request with the host's strict codec. What unpacks (`iso8583`) reads the fields in their densest form.
 *
 * The build puts strings and functions into the bundle as they come out of this file; tests on Node import them from here.
 */
import { FIELDS, type Field } from "./fields.table";

/** Takes a head and a text for each of the fields, in their order; those that the head does not name are "". Uses the array up. */
export type Packer<Numbers extends readonly number[]> = (
  values: [head: string, ...values: { [Index in keyof Numbers]: string }],
) => string;

/** The head of an ISO 8583 message: type, then the bitmap of 8 bytes. */
export function headOf(mti: string, numbers: readonly number[]): string {
  const octets = new Uint8Array(8);
  for (const number of numbers)
    octets[(number - 1) >> 3] = (octets[(number - 1) >> 3] as number) | (128 >> ((number - 1) & 7));
  return mti + String.fromCharCode(...octets);
}

/** Puts its digits of length before the value at `at`; `mayLack`: in some messages it is not there. */
function counted(at: number, { prefixDigits }: Field, mayLack: boolean): string {
  const done = `all[${at}] = (${10 ** prefixDigits} + value.length + "").substr(1) + value;`;
  return `value = all[${at}]; ${mayLack ? "if (value) " : ""}${done}`;
}

/**
 * What packs messages of these fields. Those in `lacking` are not in all of them. An array, as a parameter costs a variable of the
 * engine even when nobody calls.
 */
export function packer<const Numbers extends readonly number[]>(
  numbers: Numbers,
  lacking: readonly Numbers[number][] = [],
): Packer<Numbers> {
  const steps = numbers.map((number, index) => {
    const field = FIELDS.find((each) => each.field === number);
    if (!field) throw new Error(`no field ${number}`);
    return field.prefixDigits > 0 ? counted(index + 1, field, lacking.includes(number)) : "";
  });
  return new Function("all", `let value; ${steps.join("")} return all.join("");`) as Packer<Numbers>;
}

const SALE = [3, 4, 11, 22, 25, 35, 41, 42, 49, 60];
const REVERSAL = [3, 4, 11, 22, 25, 39, 41, 42, 49, 60];

/** What the terminal sends, by type and bitmap. */
export const SALE_HEAD = headOf("0200", SALE);
/** With a PIN block of format 0, and of format 4, which stands in field 59. */
export const PIN0_SALE_HEAD = headOf("0200", [...SALE, 26, 52, 53, 59]);
export const PIN4_SALE_HEAD = headOf("0200", [...SALE, 26, 53, 59]);
export const REVERSAL_HEAD = headOf("0400", REVERSAL);

export const REQUEST_FIELDS = [3, 4, 11, 22, 25, 26, 35, 39, 41, 42, 49, 52, 53, 59, 60] as const;
export const packRequest = packer(REQUEST_FIELDS, [26, 35, 39, 52, 53, 59]);

/**
 * Two characters a field number, from 0 on; each is 48 more than its value. First 16 times the digits of length in front, 8 where the
 * field holds digits only, and the fixed or greatest length divided by 64; then the rest of that. All zero: not in use.
 */
export const LAYOUT = Array.from({ length: 65 }, (_, number) => {
  const found = FIELDS.find((each) => each.field === number);
  if (!found) return "00";
  const { prefixDigits, content, length } = found;
  return String.fromCharCode(48 + prefixDigits * 16 + (content === "n" ? 8 : 0) + (length >> 6), 48 + (length & 63));
}).join("");
