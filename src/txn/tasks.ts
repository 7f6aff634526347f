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
  // Those of the third and fourth page of the menu.
  Tip = 11,
  Preauth = 12,
  Completion = 13,
  CancelPreauth = 14,
  Balance = 15,
  Cash = 16,
  CashBack = 17,
  Split = 18,
  SignOff = 19,
  // In no menu: the tip before a sale, and the code that the bank gave by telephone.
  SaleTip = 20,
  Phone = 21,
}
