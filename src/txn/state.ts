/** What the terminal knows, and the names of its states and events. The machine is in `table.table`, `facts` and `step`. */

export const enum State {
  /** Power is on; the journal is being read. */
  Boot = 0,
  Idle = 1,
  Amount = 2,
  /** Waiting for a card. */
  Card = 3,
  /** The request is out: nobody here knows whether the customer was charged. */
  Online = 4,
  /** No answer: the sale is being undone at the host. */
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
}
export const STATE_COUNT = 15;

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
  /** A card that was read and may not be used here. */
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
}
export const EVENT_COUNT = 30;

/** What to do after the step, in this order; the journal record and the screen come before all of them. */
export const enum Effect {
  None = 0,
  /** Send the request that was journalled: a sale's, or in Idle a sign-on. */
  Send = 1,
  /** Send the sale's reversal until it is acknowledged. */
  Reverse = 2,
  Print = 4,
  /** Ask the printer how it is. */
  Poll = 8,
  BeepOk = 16,
  BeepError = 32,
  /** Read the journal (again). */
  Load = 64,
}

/** From provisioning; never changes in the field. */
export interface Settings {
  tid: string;
  mid: string;
  /** ISO 4217: letters, number, digits after the point. */
  currencyCode: string;
  currencyNumber: string;
  exponent: number;
  host: string;
  hostPort: number;
  /** Two lines of the receipt's head. */
  merchantName: string;
  merchantPlace: string;
  /** YYMM of provisioning: no card that expired before it is good. */
  month: string;
  /** Test keys: said on every screen and slip. */
  isTest: boolean;
  /** Of the screens, ISO 639-1: `zh`, or English. */
  language: string;
  /** Which printer is built in: a name of `drivers/printer.table`. */
  printer: string;
  /** A symbol on the receipt that finds the transaction again: `qr`, `bar` (Code 128 of the RRN) or none. */
  receiptCode: string;
  /** Which contactless reader is built in, by its bus: `hsu` (its UART); "" for none. */
  tap: string;
  /** How a cardholder's PIN leaves: ISO 9564-1 format 4 or 0. "" when this terminal takes none, which is so unless it was provisioned. */
  pinFormat: "" | "4" | "0";
  /** The version of these settings: the host knows which is the newest. */
  parametersVersion: number;
  /** The chain is renewed by X25519 now and then, which is long work for the engine (`rekey`). */
  rekeys: boolean;
}

/** One financial request with its STAN. Strings are as on the wire; "" is not known. */
export interface Transaction {
  stan: number;
  amountMinor: number;
  /** First six and last four digits. */
  panMasked: string;
  /** "": the stripe. Else a chip without contacts: how its holder was verified (`Cvm`), PAN sequence number (3, blanks for none), AID. */
  entry: string;
  /** What the issuer says to the chip (field 55). Kept: the card has gone. */
  issuerData: string;
  rrn: string;
  approvalCode: string;
  /** YYYYMMDDhhmmss, from the host. */
  localTime: string;
  responseCode: string;
}

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

/** All that the terminal knows. The book part (below the line) is what the journal gives back after a power cut. */
export interface Terminal {
  settings: Settings | null;
  state: State;
  amountMinor: number;
  /** Track 2 without sentinels: from the swipe until the request is sealed, or to the answer while that may ask for a PIN; else "". */
  track2: string;
  /** What the chip signed, for field 55: from the tap until the request is sealed, else "". */
  chipData: string;
  /** The keys for PINs are there. */
  canTakePin: boolean;
  /**
   * What the customer typed, in the state Pin alone. Let go of at once, but no engine overwrites what it frees: one of the reasons why
   * this is no PCI PTS device.
   */
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
  /** The host has answered a sign-on since power-on. */
  isSignedOn: boolean;
  /** The host is in another batch. */
  isOutOfStep: boolean;
  /** The host has other settings for this terminal, or parameters that are not good here. */
  hasOldSettings: boolean;
  /** Time of day, `hh:mm`, while the terminal idles; "" when nobody knows. */
  clock: string;
  /** 0 to 100, -1 when it is not known. */
  batteryPercent: number;
  /** Something of the receipt in hand may be on paper. */
  isSlipBegun: boolean;
  /** The receipt in hand is not the first. */
  isDuplicate: boolean;
  /** What the journal said at power-on, until the boot screen's time is over. */
  found: Event;
  // ---- the book
  nextStan: number;
  batchNumber: number;
  /** Approved sales of this batch. */
  approvedCount: number;
  approvedMinor: number;
  /** YYMM, the latest known. */
  month: string;
  txn: Transaction | null;
  /** `txn` has no outcome yet. */
  isOpen: boolean;
  /** `txn` is approved and its receipt is not finished. */
  isOwed: boolean;
  /** Parameters for taps that the host sent, as `tap.table` has them; "": those that are built in. */
  tapRecord: string;
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
    isSignedOn: false,
    isOutOfStep: false,
    hasOldSettings: false,
    clock: "",
    batteryPercent: -1,
    isSlipBegun: false,
    isDuplicate: false,
    found: Event.None,
    nextStan: 1,
    batchNumber: 1,
    approvedCount: 0,
    approvedMinor: 0,
    month: "",
    txn: null,
    isOpen: false,
    isOwed: false,
    tapRecord: "",
  };
}
