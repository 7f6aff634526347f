/** What the terminal knows, and the names of its states and events. The machine is in `machine.table`, `facts` and `step`. */
import type { Desk } from "./desk";
import { Fault, Notice, PrinterFault } from "./notice";
import type { Settings, Transaction } from "./transaction";
import type { Watch } from "./watch";

export { Effect } from "./effect";
export { Fault, Notice, PrinterFault } from "./notice";
export { Kind, type Settings, type Transaction, WAITING_CHARS } from "./transaction";

export const enum State {
  /** Power is on; the journal is being read. */
  Boot = 0,
  Idle = 1,
  Amount = 2,
  /** Waiting for a card. */
  Card = 3,
  /** The request is out: nobody here knows whether the customer was charged. */
  Online = 4,
  /** No answer: it is being undone at the host; an advice is repeated. */
  Undo = 5,
  Print = 6,
  /** The printer stopped; the sale stands. */
  Paper = 7,
  Approved = 8,
  Declined = 9,
  /** Nothing was charged, and why. */
  Notice = 10,
  /** Found at power-on: approved, receipt not finished. */
  Offer = 11,
  /** Journal or keys cannot be used. */
  Dead = 12,
  /** The customer types the PIN. */
  Pin = 13,
  /** The host is in another batch: nothing may be sold. */
  OutOfStep = 14,
  /** The same card paid the same amount a moment ago: is it meant? */
  Again = 15,
  // From here on the means of the functions are in memory (`desk`).
  /** The functions and their numbers. */
  Menu = 16,
  /** A number is being typed: a trace, a batch ... */
  Entry = 17,
  /** All is known; the green key does it. */
  Confirm = 18,
  /** The host is asked for something that moves no money. */
  Ask = 19,
  /** What came of a function. */
  Info = 20,
  /** Printing what no money hangs on: a report, a copy. */
  Slip = 21,
  /** The batch is being closed. */
  Settle = 22,
  /** Totals differ: the host is sent each record of the batch. */
  Upload = 23,
  /** Taken while there is no link: its slip is printed, then it is sent until it is answered. */
  Stored = 24,
  /** An operator logs in, or sees to operators (`operators`). */
  Login = 25,
}
export const STATE_COUNT = 26;

export const enum Event {
  /** Nothing that the machine needs to know. */
  None = 0,
  Digit = 1,
  Back = 2,
  /** The green key, where it may act. */
  Enter = 3,
  Cancel = 4,
  /** A good card. */
  Swiped = 5,
  /** A card that could not be read. */
  Unread = 6,
  /** A card that was read and may not be used here; or a limit would be passed. */
  Barred = 7,
  Approved = 8,
  Declined = 9,
  /** The request was sent, repeated, and never answered. */
  NoAnswer = 10,
  /** No connection, so the request never left. */
  Unsent = 11,
  /** The host has undone the sale. */
  Undone = 12,
  /** The state's time is over. */
  Timeout = 13,
  Printed = 14,
  /** The printer cannot go on; `printerFault` says why. */
  Stopped = 15,
  /** The printer can go on. */
  PaperBack = 16,
  /** Power-on: nothing was left open. */
  Clean = 17,
  /** Power-on: a sale without an outcome. */
  Open = 18,
  /** Power-on: an approved sale without a finished receipt. */
  Owed = 19,
  /** Journal or keys cannot be used. */
  Lost = 20,
  /** A sale was begun while the last one is still being undone. */
  Busy = 21,
  /** A good card that needs its PIN: it says so itself, or the host does. */
  PinWanted = 22,
  /** The PIN is in its block, and the key that it is under is gone. */
  PinSealed = 23,
  /** The keys for PINs cannot be used. */
  NoPin = 24,
  /** The host is to be asked for time, batch and keys, and nothing else is going on. */
  SignOn = 25,
  /** It has answered, and the chain rotates. */
  SignedOn = 26,
  /** It has answered, and nothing of that is to be kept. */
  Heard = 27,
  /** It is in another batch; or a sale was begun while that is so. */
  OutOfStep = 28,
  /** It has sent parameters for taps, and they are good. */
  Loaded = 29,
  /** The menu is asked for. */
  Menu = 30,
  /** A number is to be typed. */
  Wanted = 31,
  /** All is known that a function needs. */
  Ready = 32,
  /** The journal is to be searched. */
  Search = 33,
  /** What was typed is not there, or nothing to be done with. */
  Missing = 34,
  /** A slip can be printed. */
  Slip = 35,
  /** The host is to be asked. */
  Query = 36,
  /** It has answered. */
  Answered = 37,
  /** The amount is to be typed. */
  Amount = 38,
  /** The batch is to be closed. */
  Settle = 39,
  /** Its closing was begun and has no end yet. */
  Unsettled = 40,
  /** The host has closed the batch. */
  Closed = 41,
  /** The host has other totals. */
  Differs = 42,
  /** A record to be uploaded was found. */
  Next = 43,
  /** No more of them: the batch can be closed. */
  Uploaded = 44,
  /** A sale was begun, and the journal has no room for one in this batch. */
  Full = 45,
  /** All is known of what may be said later, and there is no link. */
  Stored = 46,
  /** An operator is to log in, or operators are to be seen to. */
  Login = 47,
  /** It is done: somebody is logged in. */
  LoggedIn = 48,
  /** A good card that has just paid the same amount. */
  Again = 49,
  /** The way to the host is to be tried, layer by layer. */
  Try = 50,
  /** The host has sent its block list, and it is whole. */
  Blocked = 51,
  /** There is a link, and what waits for it can be sent. */
  Forward = 52,
}
export const EVENT_COUNT = 53;

/** All that the terminal knows. The book part (below the line) is what the journal gives back after a power cut. */
export interface Terminal {
  settings: Settings | null;
  state: State;
  amountMinor: number;
  /** Track 2 without sentinels: from the swipe until the request is sealed, or to the answer while that may ask for a PIN; else "". */
  track2: string;
  /** What the chip signed, for field 55: from the tap until the request is sealed, else "". */
  chipData: string;
  canTakePin: boolean;
  /** What the customer typed, in the state Pin alone. Let go of at once, but no engine overwrites what it frees, as PCI PTS wants. */
  pin: string;
  /** PINs sent for the card in hand. */
  pinTries: number;
  /** The encrypted PIN and the serial number of its key, until the request is sealed. */
  pinBlock: string;
  pinSerial: string;
  cardMasked: string;
  notice: Notice;
  printerFault: PrinterFault;
  isPaperLow: boolean;
  /** No slip is begun: the head's current would end in a power cut. A sale is finished all the same. */
  isBatteryLow: boolean;
  isLinkUp: boolean;
  /** By the host's other address. */
  isOnBackup: boolean;
  /** Nobody is there: the panel is off until the next key or card. In Idle alone. */
  isDark: boolean;
  /** The host has answered a sign-on since power-on. */
  isSignedOn: boolean;
  /** The host was told so: the next key asks for a sign-on and not for an amount. */
  isSignedOff: boolean;
  /** The host is in another batch; has other settings for this terminal, or parameters that are not good here. */
  isOutOfStep: boolean;
  hasOldSettings: boolean;
  /** Where the bundle stands in flash, as the board says (`update`), "" where there is one place only; an update waits for the end of the batch. */
  slots: string;
  updateWaits: boolean;
  /** What the self-test has found: nothing new is begun until the next power-on. */
  fault: Fault;
  /** Time of day, `hh:mm`, while the terminal idles; "" when nobody knows. */
  clock: string;
  /** 0 to 100, -1 when it is not known. */
  batteryPercent: number;
  /** Of the receipt in hand: something may be on paper; it is not the first. */
  isSlipBegun: boolean;
  isDuplicate: boolean;
  /** What the journal said at power-on, until the boot screen's time is over. */
  found: Event;
  desk: Desk | null;
  /** What is left to be paid of an amount that is paid in parts, 0: none is; and what has been paid of it. */
  splitMinor: number;
  splitPaidMinor: number;
  /** Two digits, "" while nobody is logged in. */
  operator: string;
  /** When a key was pressed last, and when a PIN of an operator was wrong, by the board's clock, which starts at power-on. */
  usedAtMs: number;
  triedAtMs: number;
  /** What is limited (`watch`); null: nothing is. */
  limits: Watch | null;
  nextStan: number;
  batchNumber: number;
  /** Of this batch, each as sum 12 and count 3: debits, credits, cash. */
  totals: string;
  /** Where in the order of writing the batch's first page is, and how many it has filled. */
  batchFirst: number;
  batchPages: number;
  /** YYMM, the latest known. */
  month: string;
  txn: Transaction | null;
  /** `txn` has no outcome yet, and it is in hand. */
  isOpen: boolean;
  /** Sales taken without a link that have no outcome, the oldest first, as `book` has them. The one in hand is among them. */
  waiting: string;
  /** `txn` is approved and its receipt is not finished. */
  isOwed: boolean;
  /** Parameters for taps that the host sent, as `tap.table` has them; "": those built in. Cards that are not taken, as `limits/blocks`; "": none. */
  tapRecord: string;
  blockList: string;
}

export function openTerminal(): Terminal {
  return {
    settings: null,
    state: State.Boot,
    amountMinor: 0,
    track2: "",
    chipData: "",
    canTakePin: false,
    pin: "",
    pinTries: 0,
    pinBlock: "",
    pinSerial: "",
    cardMasked: "",
    notice: Notice.None,
    printerFault: PrinterFault.None,
    isPaperLow: false,
    isBatteryLow: false,
    isLinkUp: false,
    isOnBackup: false,
    isDark: false,
    isSignedOn: false,
    isSignedOff: false,
    isOutOfStep: false,
    hasOldSettings: false,
    slots: "",
    updateWaits: false,
    fault: Fault.None,
    clock: "",
    batteryPercent: -1,
    isSlipBegun: false,
    isDuplicate: false,
    found: Event.None,
    desk: null,
    splitMinor: 0,
    splitPaidMinor: 0,
    operator: "",
    usedAtMs: 0,
    triedAtMs: 0,
    limits: null,
    nextStan: 1,
    batchNumber: 1,
    totals: "",
    batchFirst: 0,
    batchPages: 0,
    month: "",
    txn: null,
    isOpen: false,
    waiting: "",
    isOwed: false,
    tapRecord: "",
    blockList: "",
  };
}
