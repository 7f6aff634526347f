/** What the terminal knows of a reading before the card is there (`emv-own`). */
import { toDigits } from "./bytes";
import { packDigits } from "./emv-digits";

/** The other amount (none) and the kind, a sale; a TVR without a finding, and what the application will say. */
const NONE_AND_SALE = "\0\0\0\0\0\0\0";
const LATER = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/**
 * For `openTap`. `params` have been checked; `serial` are the terminal's 8 characters (9F1E), `date` is YYMMDD; `unpredictable` are 4 fresh
 * random bytes, never used for another reading.
 */
export function ownData(
  params: string,
  serial: string,
  amountMinor: number,
  date: string,
  unpredictable: string,
): string {
  // In the order of `emv-own.table`; the first of them stand in the parameters alike.
  const sale = packDigits(toDigits(amountMinor, 12)) + NONE_AND_SALE + packDigits(date) + unpredictable;
  return params.substr(2, 8) + serial + sale + LATER;
}
