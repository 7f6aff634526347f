/** What a transaction is, and what a terminal is set to. */

/** First two digits of field 60: what a transaction is. */
export const enum Kind {
  /** No transaction: the closing of a batch. */
  Settlement = "00",
  Balance = "01",
  Preauth = "10",
  Cancel = "11",
  Completion = "20",
  CompletionVoid = "21",
  Sale = "22",
  Void = "23",
  CompletionAdvice = "24",
  Refund = "25",
  Offline = "30",
  Tip = "34",
  Cash = "36",
}

/** Of each sale that waits for the link: a mark, then the beginning of its record (`book`). */
export const WAITING_CHARS = 33;

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
  /** The host at another address, `name:port`, where the first cannot be reached (`backup`); "" for none. */
  backupHost: string;
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
  /** Which fingerprint sensor is built in: `r503`, `as608` (the same without a light); "" for none. */
  finger: string;
  /** How a cardholder's PIN leaves: ISO 9564-1 format 4 or 0. "" when this terminal takes none, which is so unless it was provisioned. */
  pinFormat: "" | "4" | "0";
  /** The version of these settings: the host knows which is the newest. */
  parametersVersion: number;
  /** The chain is renewed by X25519 now and then, which is long work for the engine (`rekey`). */
  rekeys: boolean;
  /** Tips are taken, up to so much of the sale in hundredths; 0: none. */
  tipPercentMax: number;
  /** Cash is taken, in multiples of so many minor units; 0: none. */
  cashUnitMinor: number;
  /** A swiped sale up to this is taken while there is no link; 0: none. */
  floorMinor: number;
  /** Somebody must log in before anything is done, and is logged out after so long without a key; 0: this terminal has no operators. */
  lockMinutes: number;
  /** The panel goes dark after so long without a key; 0: never. */
  sleepMinutes: number;
}

/** One financial request with its STAN. Strings are as on the wire; "" is not known. */
export interface Transaction {
  stan: number;
  kind: string;
  amountMinor: number;
  /**
   * What an earlier transaction is called: batch 6, STAN 6, date MMDD 4, RRN 12, approval code 6; blanks where there is none. Then amounts
   * of 12 digits: of a sale its tip and its cash, of a tip itself, what it adds and the kind of its sale (2), of a cash sale what was given
   * and what was asked before rounding. "" for neither. Of a closed batch: see `book`.
   */
  about: string;
  /** First six and last four digits. */
  panMasked: string;
  /** Who did it, two digits; "" where there are no operators. */
  operator: string;
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
