/**
 * The terminal's packing, generated from `fields.table` when the firmware is built: straight code without a loop, a lookup or a bitmap to
 * make, which costs a sixth of what a loop over the table does on Espruino (1.6 M instructions for 17 fields). The values are the
 * terminal's own and fit their fields; the tests unpack every request with the host's strict codec.
 *
 * The build puts heads and functions into the bundle as they come out of this file; tests on Node import them from here.
 */
import { FIELDS, type Field } from "./fields.table";

/** Takes a head and a text for each of the fields, in their order; those that the head does not name are "". */
export type Packer<Numbers extends readonly number[]> = (
  head: string,
  ...values: { [Index in keyof Numbers]: string }
) => string;

/** The head of an ISO 8583 message: type, then the bitmap of 8 bytes. */
export function headOf(mti: string, numbers: readonly number[]): string {
  const octets = new Uint8Array(8);
  for (const number of numbers)
    octets[(number - 1) >> 3] = (octets[(number - 1) >> 3] as number) | (128 >> ((number - 1) & 7));
  return mti + String.fromCharCode(...octets);
}

/** A value with its digits of length in front; `mayLack`: in some messages it is not there. */
function counted(value: string, { prefixDigits }: Field, mayLack: boolean): string {
  if (prefixDigits === 0) return value;
  const prefix = `("" + (${10 ** prefixDigits} + ${value}.length)).substr(1)`;
  return `${mayLack ? `${value} && ${prefix}` : prefix}, ${value}`;
}

/** What packs messages of these fields. Those in `lacking` are not in all of them. */
export function packer<const Numbers extends readonly number[]>(
  numbers: Numbers,
  lacking: readonly Numbers[number][] = [],
): Packer<Numbers> {
  const parts = numbers.map((number) => {
    const field = FIELDS.find((each) => each.field === number);
    if (!field) throw new Error(`no field ${number}`);
    return counted(`f${number}`, field, lacking.includes(number));
  });
  const body = `return [head, ${parts.join(", ")}].join("");`;
  return new Function("head", ...numbers.map((number) => `f${number}`), body) as Packer<Numbers>;
}

const SALE = [3, 4, 11, 22, 25, 35, 41, 42, 49, 60];
const REVERSAL = [3, 4, 11, 22, 25, 39, 41, 42, 49, 60];

/** What the terminal sends, by type and bitmap. */
export const SALE_HEAD = headOf("0200", SALE);
/** With a PIN block of format 0, and of format 4, which stands in field 59. */
export const PIN0_SALE_HEAD = headOf("0200", [...SALE, 26, 52, 53, 59]);
export const PIN4_SALE_HEAD = headOf("0200", [...SALE, 26, 53, 59]);
export const REVERSAL_HEAD = headOf("0400", REVERSAL);

export const packRequest = packer([3, 4, 11, 22, 25, 26, 35, 39, 41, 42, 49, 52, 53, 59, 60], [26, 35, 39, 52, 53, 59]);
