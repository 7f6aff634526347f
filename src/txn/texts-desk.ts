/** The letters that texts of the functions start with, as in `texts`; their words are in `texts-desk-en.table` and its like. */
export const enum DeskText {
  // Screens: title, lines and hint, a line feed between each. `%` is the kind's or the function's name.
  /** Its pages, 14 and 15 more. */
  Menu = "a",
  MenuMore = "b",
  MenuPay = "c",
  MenuMorePay = "d",
  /** `$` is what is to be typed. */
  Entry = "e",
  /** Of a tip, and of a part: with another key. */
  EntryTip = "f",
  EntryShare = "z",
  ConfirmSettle = "g",
  ConfirmFull = "h",
  Confirm = "i",
  ConfirmCash = "{",
  Ask = "j",
  Answered = "k",
  NoAnswer = "l",
  NotPrinted = "m",
  Slip = "n",
  Settle = "o",
  Upload = "p",
  Undo = "q",
  Repeat = "r",
  Print = "s",
  Paper = "t",
  Approved = "u",
  NoReceipt = "v",
  NotDone = "w",
  Offer = "x",
  Settled = "y",
  Stored = "}",
  // Sales wait for the link: by the number of the notice.
  SmallOnly = "X",
  QueueFull = "Y",
  Sending = "Z",
  // One line: why a function cannot be done.
  NotFound = "A",
  Done = "B",
  NotThis = "C",
  Full = "D",
  Off = "H",
  TooMuch = "I",
  TooLittle = "J",
  /** Kinds of transactions and their names, "" for those of the receipt; then functions; `|` before each and at the end. */
  Names = "E",
  Tasks = "F",
  /** What the host has of a transaction, and words, as above. */
  Statuses = "G",
  /** Number of a field and what is to be typed, as above. */
  Fields = "K",
  // Operators. `%` is the operator's number.
  LoginNumber = "L",
  LoginPin = "M",
  NewPin = "N",
  PinAgain = "O",
  Operators = "P",
  WhichOperator = "Q",
  /** A number of `Refusal` and words, as above; `#` is minutes. */
  Refusals = "R",
  NotYours = "S",
  /** Layers of the way to the host by number, `+` is before those that are there; what to do about one that is not; `#` ms, and behind `|` `$` dBm. */
  Layers = "U",
  Missing = "V",
  Reached = "W",
  /**
   * As above, screens where there is a fingerprint sensor: `n` to log in, `m` the operators' menu; of an enrolment by the number of its step
   * (`FingerStep`).
   */
  Fingers = "~",
  /** One more line of the menu. */
  OperatorsLine = "T",
}
