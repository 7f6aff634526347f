/** The beginning of a reading, before the card is there: the terminal's data, and the first command. */
import { toDigits } from "./bytes";
import { packDigits } from "./emv-digits";
import { Cvm, type Tap, TapOutcome, TapStep } from "./emv-tap";
import { noTlvs } from "./tlv";

/** SELECT of the directory. */
const COMMAND = "\x00\xa4\x04\x00\x0e2PAY.SYS.DDF01\0";
/** The other amount (none) and the kind, a sale; a TVR without a finding, and what the application will say. */
const NONE_AND_SALE = "\0\0\0\0\0\0\0";
const LATER = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/**
 * Begins a reading. `params` have been checked; `serial` are the terminal's 8 characters (9F1E), `date` is YYMMDD; `unpredictable` are 4
 * fresh random bytes, never used for another reading.
 */
export function openTap(params: string, serial: string, amountMinor: number, date: string, unpredictable: string): Tap {
  // In the order of `emv-own.table`; the first of them stand in the parameters alike.
  const sale = packDigits(toDigits(amountMinor, 12)) + NONE_AND_SALE + packDigits(date) + unpredictable;
  return {
    params: params,
    amountMinor: amountMinor,
    step: TapStep.Ppse,
    outcome: TapOutcome.None,
    command: COMMAND,
    part: "",
    commandCount: 1,
    isRepeated: false,
    aids: [],
    apps: [],
    at: -1,
    sawOverLimit: false,
    sawBlocked: false,
    phase: null,
    phaseStep: TapStep.Ppse,
    own: params.substr(2, 8) + serial + sale + LATER,
    card: noTlvs(),
    afl: "",
    record: 0,
    cvm: Cvm.None,
    track2: "",
  };
}
