/** What went wrong, by number: with a card or its sale, with the printer, and with the terminal itself. */

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

/** What the self-test has found (`selftest`): the code on the screen. */
export const enum Fault {
  /** It has not come to its end. */
  Unknown = -1,
  None = 0,
  /** The code in flash is not what was written there. */
  Code = 1,
  Settings = 2,
  /** The journal, or the book in memory. */
  Journal = 3,
  /** The chain of keys: in memory another than in flash, or an old one is still there. */
  Chain = 4,
  PinKeys = 5,
  Operators = 6,
  /** The random source gives the same twice. */
  Random = 7,
  Cipher = 8,
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
