/** A contactless reading: its parameters, what is known of the card so far, and how it ends. Filled in by `emv`. */
import type { Tlvs } from "./tlv";

/** The kernels of EMVCo whose way of asking a card is followed. */
export const enum Kernel {
  /** Mastercard-like: records, then GENERATE AC. */
  Two = 2,
  /** Visa-like: the cryptogram comes with the processing options. */
  Three = 3,
  /** UnionPay-like: as three. */
  Seven = 7,
}

/** How a reading ends. Only `Online` may become a message to the host. */
export const enum TapOutcome {
  /** Goes on: `nextCommand` has the next one. */
  None = 0,
  /** An ARQC and all that goes with it: ask the host. */
  Online = 1,
  /** The answer was torn: present the card again. */
  TryAgain = 2,
  /** Nothing on the card that can be taken, or its data are not in order. */
  OtherCard = 3,
  /** The card offers only magstripe mode, which anybody can copy. */
  NoMagstripe = 4,
  Blocked = 5,
  Expired = 6,
  /** The card refuses, or the verification that it wants cannot be had here. */
  NotAccepted = 7,
  /** More than may be paid without contacts. */
  OverLimit = 8,
  /** The phone wants its owner's consent first, then to be presented again. */
  SeePhone = 9,
  /** The card left the field. */
  CardLost = 10,
  /** The card has said all and may go: `endTap` finds out what that is worth. */
  Complete = 11,
}

/** How the cardholder is verified. */
export const enum Cvm {
  None = 0,
  OnlinePin = 1,
  /** Done on the phone. */
  OnDevice = 2,
}

export const enum TapStep {
  Ppse = 0,
  Select = 1,
  Options = 2,
  Records = 3,
  /** All records are read, and the cryptogram has not been asked for yet. */
  Ask = 4,
  Cryptogram = 5,
  Over = 6,
}

/** Takes answers of some steps. */
export interface TapPhase {
  onStep(t: Tap, status: number, body: string): TapOutcome;
}

export interface Tap {
  /**
   * Parameters, as a host sends them and with its check behind them: `APPS_AT` bytes of the terminal, then the applications that it takes.
   * Each has its AID behind a length (5 to 16 bytes; cards may have more behind them, Book 1 section 12.3.1), then `APP_BYTES`: kernel (1),
   * limit and CVM limit (4 each, minor units), terminal transaction qualifiers (4), version number (2).
   */
  params: string;
  amountMinor: number;
  step: TapStep;
  outcome: TapOutcome;
  /** The C-APDU that waits to be sent or answered. */
  command: string;
  /** Parts of an answer that came with 61xx; at the end the last answer, until `endTap` has read it. */
  part: string;
  commandCount: number;
  /** 6Cxx was answered to this command already. */
  isRepeated: boolean;
  /** AIDs on the card that the terminal takes, best first, and where in `params` the kernel of each stands. */
  aids: string[];
  apps: number[];
  at: number;
  /** Some application of the card was too dear, or blocked. */
  sawOverLimit: boolean;
  sawBlocked: boolean;
  /** What the next answer needs (`emv`). */
  phase: TapPhase | null;
  /** Whose it is; records and options have one. */
  phaseStep: TapStep;
  /** The terminal's data for this transaction (`emv-own`). */
  own: string;
  card: Tlvs;
  /** Application file locator: entries still to be read, and the next record of the first. */
  afl: string;
  record: number;
  cvm: Cvm;
  /** Track 2 as a stripe would have it, with sentinels; "" until `Online`. Never shown. */
  track2: string;
}

export const APPS_AT = 10;
export const APP_BYTES = 15;
/** Behind the last application. */
export const CHECK_BYTES = 4;
