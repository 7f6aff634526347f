/** What went wrong, by number: with a card or its sale, and with the printer. */

/** Why nothing was charged, or what is wrong with a card: an index of `screens`' texts. */
export const enum Notice {
  None = 0,
  SwipeAgain = 1,
  CardExpired = 2,
  CardNotHere = 3,
  NoLink = 4,
  Undone = 5,
  Cancelled = 6,
  Skipped = 7,
  NoPin = 8,
  TapAgain = 9,
  OneCard = 10,
  SeePhone = 11,
  /** The card is not one for this reader, and so is the amount. */
  UseStripe = 12,
  TooMuch = 13,
  OtherCard = 14,
  CardBlocked = 15,
  CardRefuses = 16,
  /** Not the one that the call was about. */
  AnotherCard = 17,
  /** Of a sale: the bank wants to be called. */
  Referral = 18,
  /** A limit would be passed (`watch`). */
  Limit = 19,
  /** It is on the block list (`blocks`). */
  NotTaken = 20,
  // From here on: sales wait for the link (`forward`). Only small ones by a stripe are taken; no more of them; they are being sent.
  SmallOnly = 21,
  QueueFull = 22,
  Sending = 23,
}

/** Why the printer cannot print; numbers as in the driver's reports. */
export const enum PrinterFault {
  None = 0,
  PaperOut = 1,
  NoPrinter = 2,
  CoverOpen = 3,
  TooHot = 4,
  CutterStuck = 5,
  Broken = 6,
  BatteryLow = 7,
}
