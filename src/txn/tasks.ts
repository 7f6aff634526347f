/** The functions behind the key F. */

/** A function by its number in the menu. */
export const enum Task {
  None = 0,
  Void = 1,
  Refund = 2,
  Reprint = 3,
  Settle = 4,
  Totals = 5,
  Failed = 6,
  Query = 7,
  Echo = 8,
}
