/** The application of a reading, as the terminal's parameters have it. */
import { fromBigEndian } from "./bytes";
import type { Kernel, Tap } from "./emv-tap";

/** CVM results (9F34): "no CVM", successful; and as kernel 2 marks on-device verification. The issuer gets the same from all kernels. */
export const NO_CVM = "\x3f\0\x02";
export const DONE_ON_DEVICE = "\x01\0\x02";

export function kernelOf(t: Tap): Kernel {
  return t.params.charCodeAt(t.apps[t.at]);
}

/** Terminal transaction qualifiers (9F66) of the chosen application; kernels 3 and 7. */
export function qualifiersOf(t: Tap): string {
  return t.params.substr(t.apps[t.at] + 9, 4);
}

/** More than the limit up to which nobody is verified. */
export function needsCvm(t: Tap): boolean {
  return t.amountMinor > fromBigEndian(t.params, t.apps[t.at] + 5, 4);
}
