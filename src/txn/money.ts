/** Amounts: integers in minor units everywhere, text only here and only to be shown. */

/** Greatest amount that can be typed. Nine digits, so that every step of typing stays a small integer on both engines. */
export const AMOUNT_MINOR_MAX = 999999999;

/** `1250` with exponent 2 is `12.50`; with exponent 0 it is `1250`. Integers only: no engine agrees with another on `toFixed`. */
export function formatAmount(amountMinor: number, exponent: number): string {
  const digits = ("" + amountMinor).padStart(exponent + 1, "0");
  if (exponent === 0) return digits;
  const point = digits.length - exponent;
  return digits.substr(0, point) + "." + digits.substr(point);
}
