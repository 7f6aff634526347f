/** The letters that texts of the functions start with, as in `texts`; their words are in `texts-desk-en.table` and its like. */
export const enum DeskText {
  // Screens: title, lines and hint, a line feed between each. `%` is the kind's or the function's name.
  Menu = "a",
  MenuMore = "b",
  Batch = "c",
  Trace = "d",
  TraceOrLast = "e",
  Rrn = "f",
  ConfirmSettle = "g",
  ConfirmFull = "h",
  Confirm = "i",
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
  // One line: why a function cannot be done.
  NotFound = "A",
  Done = "B",
  NotThis = "C",
  Full = "D",
  /** Kinds of transactions and their names, "" for those of the receipt; then functions; `|` before each and at the end. */
  Names = "E",
  Tasks = "F",
  /** What the host has of a transaction, and words, as above. */
  Statuses = "G",
  // Operators. `%` is the operator's number.
  LoginNumber = "0",
  LoginPin = "1",
  NewPin = "2",
  PinAgain = "3",
  Operators = "4",
  WhichOperator = "5",
  /** A number of `Refusal` and words, as above; `#` is minutes. */
  Refusals = "6",
  NotYours = "7",
  /** One more line of the menu. */
  OperatorsLine = "8",
}
