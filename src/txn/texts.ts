/**
 * The words of the terminal, by key. Each language is one string (`texts-en.table`, `texts-zh.table`): a search in it is native and
 * costs no memory, a record of a hundred strings would.
 */

/** The letter that a text starts with. */
export const enum Text {
  // Screens: title, lines and hint, a line feed between each.
  Boot = "a",
  Ready = "b",
  Finishing = "c",
  Amount = "d",
  Card = "e",
  CardAgain = "f",
  Online = "g",
  Undo = "h",
  Print = "i",
  PaperOut = "j",
  NoPrinter = "k",
  Approved = "l",
  NoReceipt = "m",
  Declined = "n",
  Offer = "o",
  Dead = "p",
  CardExpired = "q",
  CardNotHere = "r",
  NoLink = "s",
  Undone = "t",
  Stopped = "u",
  // Pieces of screens.
  /** Response code (ISO 8583 field 39) and words, `|` after each. */
  Reasons = "A",
  /** Before a response code that is not among them. */
  Refused = "B",
  TryLater = "C",
  OtherCard = "D",
  // The status row.
  LinkUp = "E",
  LinkDown = "F",
  TestKeys = "G",
  Queue = "H",
  NoPaper = "I",
}

/** Stands before each key and at the end. */
export const TEXT_MARK = "\x01";

export function text(words: string, key: Text): string {
  const at = words.indexOf(TEXT_MARK + key) + 2;
  return words.substr(at, words.indexOf(TEXT_MARK, at) - at);
}
