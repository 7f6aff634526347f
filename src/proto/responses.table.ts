/**
 * Answers of a host (ISO 8583 field 39) and what is to be done, after UnionPay practice: A approved, B the operator may try again,
 * C refused, do not try again, D the operator acts, E a fault of the system, not now. A code that is not here: refused.
 */

export interface Response {
  readonly code: string;
  readonly action: "A" | "B" | "C" | "D" | "E";
  readonly meaning: string;
}

// prettier-ignore
export const RESPONSES: readonly Response[] = [
  { code: "00", action: "A", meaning: "approved; of a reversal: undone" },
  { code: "01", action: "D", meaning: "call the bank" },
  { code: "03", action: "D", meaning: "merchant is not known" },
  { code: "04", action: "D", meaning: "keep the card" },
  { code: "05", action: "C", meaning: "refused by the bank" },
  { code: "10", action: "A", meaning: "approved in part: field 4 says how much" },
  { code: "11", action: "A", meaning: "approved, the operator is to look at it" },
  { code: "12", action: "C", meaning: "not a transaction that can be done; of a reversal: nothing to undo" },
  { code: "13", action: "C", meaning: "amount not accepted" },
  { code: "14", action: "C", meaning: "card is not known" },
  { code: "25", action: "C", meaning: "original not found; of a reversal: nothing to undo" },
  { code: "30", action: "E", meaning: "format" },
  { code: "38", action: "D", meaning: "too many wrong PINs, keep the card" },
  { code: "41", action: "D", meaning: "card is reported lost" },
  { code: "43", action: "D", meaning: "card is reported stolen" },
  { code: "51", action: "C", meaning: "not enough money" },
  { code: "54", action: "C", meaning: "card has expired" },
  { code: "55", action: "B", meaning: "wrong PIN" },
  { code: "57", action: "C", meaning: "not allowed for this card" },
  { code: "58", action: "C", meaning: "not allowed for this terminal, or not without a link" },
  { code: "61", action: "C", meaning: "above the card's or the terminal's limit, or more than is left" },
  { code: "62", action: "C", meaning: "card is on the block list" },
  { code: "63", action: "C", meaning: "PIN refused: its key is not known or was used" },
  { code: "64", action: "C", meaning: "amount differs from the original's" },
  { code: "65", action: "C", meaning: "too many payments on this day" },
  { code: "75", action: "C", meaning: "too many wrong PINs" },
  { code: "77", action: "B", meaning: "batch differs: sign on again" },
  { code: "81", action: "C", meaning: "no PIN in the PIN block" },
  { code: "86", action: "C", meaning: "card needs its PIN" },
  { code: "91", action: "E", meaning: "bank cannot be reached" },
  { code: "94", action: "C", meaning: "STAN was used for something else" },
  { code: "95", action: "B", meaning: "totals differ: upload the batch" },
  { code: "96", action: "E", meaning: "fault of the host" },
  { code: "97", action: "D", meaning: "terminal is not known" },
  { code: "98", action: "E", meaning: "no answer from the bank" },
  { code: "99", action: "B", meaning: "PIN block: sign on again" },
  { code: "A0", action: "B", meaning: "MAC: sign on again" },
];
