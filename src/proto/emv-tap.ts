/** A contactless reading: its parameters, what is known of the card so far, and how it ends. Filled in by `emv`. */
import { noTlvs, setValue, type Tlvs } from "./tlv";

/** The kernels of EMVCo whose way of asking a card is followed. */
export const enum Kernel {
  /** Mastercard-like: records, then GENERATE AC. */
  Two = 2,
  /** Visa-like: the cryptogram comes with the processing options. */
  Three = 3,
  /** UnionPay-like: as three. */
  Seven = 7,
}

/** An application that the terminal takes. Amounts in minor units of the terminal's currency. */
export interface TapApp {
  /** 5 to 16 bytes; cards may have more behind them (Book 1 section 12.3.1). */
  aid: string;
  kernel: Kernel;
  /** More than this is not taken without contacts. */
  limitMinor: number;
  /** More than this needs the cardholder's verification. */
  cvmLimitMinor: number;
  /** Terminal transaction qualifiers (9F66), 4 bytes; kernels 3 and 7. */
  ttq: string;
  /** Application version number (9F09), 2 bytes. */
  version: string;
}

export interface TapParams {
  apps: TapApp[];
  /** What all applications get: 9F1A, 5F2A, 9F33, 9F35, 9F1E, 9F40 and the like. */
  data: Tlvs;
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
  Cryptogram = 4,
  Over = 5,
}

export interface Tap {
  params: TapParams;
  amountMinor: number;
  step: TapStep;
  outcome: TapOutcome;
  /** The C-APDU that waits to be sent or answered. */
  command: string;
  /** Parts of an answer that came with 61xx. */
  part: string;
  commandCount: number;
  /** 6Cxx was answered to this command already. */
  isRepeated: boolean;
  /** AIDs on the card that the terminal takes, best first, and the entry of `params.apps` for each. */
  aids: string[];
  apps: TapApp[];
  at: number;
  /** Some application of the card was too dear, or blocked. */
  sawOverLimit: boolean;
  sawBlocked: boolean;
  /** The terminal's data for this transaction. */
  own: Tlvs;
  card: Tlvs;
  /** Application file locator: entries still to be read, and the next record of the first. */
  afl: string;
  record: number;
  cvm: Cvm;
  /** Track 2 as a stripe would have it, with sentinels; "" until `Online`. Never shown. */
  track2: string;
}

/**
 * Ready before the card is there. `date` is YYMMDD in BCD, `amount` is `amountMinor` as 6 bytes BCD, `unpredictable` 4 fresh random bytes:
 * never the same ones for another reading.
 */
export function makeTap(
  params: TapParams,
  amountMinor: number,
  amount: string,
  date: string,
  unpredictable: string,
): Tap {
  const own = noTlvs();
  const data = params.data;
  for (let i = 0; i < data.tags.length; i++) setValue(own, data.tags[i], data.values[i]);
  setValue(own, 0x9f02, amount);
  setValue(own, 0x9f03, "\0\0\0\0\0\0");
  setValue(own, 0x9c, "\0");
  setValue(own, 0x9a, date);
  setValue(own, 0x9f37, unpredictable);
  setValue(own, 0x95, "\0\0\0\0\0");
  return {
    params: params,
    amountMinor: amountMinor,
    step: TapStep.Ppse,
    outcome: TapOutcome.None,
    command: "",
    part: "",
    commandCount: 0,
    isRepeated: false,
    aids: [],
    apps: [],
    at: -1,
    sawOverLimit: false,
    sawBlocked: false,
    own: own,
    card: noTlvs(),
    afl: "",
    record: 0,
    cvm: Cvm.None,
    track2: "",
  };
}
