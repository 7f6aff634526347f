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
  SignedOff = "r",
  Amount = "d",
  Card = "e",
  CardOrTap = "f",
  Online = "g",
  Undo = "h",
  Print = "i",
  /** The printer stopped: its fault's line comes first. */
  Paper = "j",
  /** Nothing was charged: the notice says why. */
  Notice = "k",
  Approved = "l",
  NoReceipt = "m",
  Declined = "n",
  /** The bank is to be called. */
  Referral = "q",
  Offer = "o",
  Dead = "p",
  Pin = "v",
  PinAgain = "w",
  /** The host is in another batch. */
  OutOfStep = "x",
  /** As Ready; the host has other parameters. */
  OldSettings = "y",
  /** `#` is what is wrong (`Fault`). */
  Faulty = "Q",
  /** As Ready; an update waits for the end of the batch, or was given up. */
  UpdateWaits = "s",
  UpdateFailed = "t",
  /** Nobody is logged in. */
  Locked = "z",
  /** `#` is when. */
  Again = "u",
  // Pieces of screens.
  /** Response code (ISO 8583 field 39) and words, `|` before each and at the end. */
  Reasons = "A",
  /** Before a response code that is not among them. */
  Refused = "B",
  TryLater = "C",
  OtherCard = "D",
  CallService = "K",
  /** Number of a printer's fault and words, as above: what is wrong, and what to do about it. */
  Faults = "J",
  /** Number of a notice and words, as above: why nothing was charged, or what is asked for again, and what to do about it. */
  Notices = "M",
  /** A limit's letter (`limits/limits`; a capital one where the supervisor may go past it) and words, as above; `#` is the limit, `$` what is left. */
  Limits = "O",
  /** After a tap. */
  RemoveCard = "N",
  // The status row.
  LinkUp = "E",
  /** There is a connection, and the host has not answered yet. */
  Linked = "L",
  /** Online by the host's other address. */
  Backup = "P",
  LinkDown = "F",
  TestKeys = "G",
  Queue = "H",
  /** Number of a printer's fault and a word, as above; 0 is paper that is low. */
  Marks = "I",
}

/** Keys are characters from the first to the last; before the texts stands for each, and for what would follow, where its text begins. */
export const enum Places {
  FirstKey = 65,
  LastKey = 126,
  /** Two characters a place, the first of them this one; counted from where the texts begin, behind all places. */
  Zero = 35,
  Radix = 57,
  Texts = 126,
}

function placeOf(words: string, at: number): number {
  return (words.charCodeAt(at) - Places.Zero) * Places.Radix + words.charCodeAt(at + 1) + (Places.Texts - Places.Zero);
}

/** A search for the text would take longer than all else that a screen takes. */
export function text(words: string, key: string): string {
  const at = 2 * (key.charCodeAt(0) - Places.FirstKey);
  return words.substring(placeOf(words, at), placeOf(words, at + 2));
}

/** What stands behind `name` in a list as above, or "". */
export function entry(list: string, name: string): string {
  const at = list.indexOf("|" + name) + 1;
  const begin = at + name.length;
  // On Espruino `indexOf` also finds what only begins at the very end.
  return at < 1 || begin > list.length ? "" : list.substr(begin, list.indexOf("|", begin) - begin);
}
