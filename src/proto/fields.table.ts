/**
 * The ISO 8583:1987 fields in use, said once. Character form: numbers as ASCII digits, lengths as ASCII digits, the bitmap
 * binary. (Measured against BCD: 20 bytes more a request, a third of the instructions to pack on Espruino.)
 *
 * This file runs at build time; the bundle gets only the strings that it computes.
 */

export interface Field {
  readonly field: number;
  /** `n` digits, `a` text, both of fixed length; `2` and `3` text behind a length of two or three digits. */
  readonly kind: "n" | "a" | "2" | "3";
  /** Fixed or greatest length, characters. */
  readonly length: number;
  readonly name: string;
  /** Never shown: a log says only that it is there. */
  readonly isSecret?: boolean;
  readonly meaning: string;
}

export const FIELDS: readonly Field[] = [
  { field: 3, kind: "n", length: 6, name: "processingCode", meaning: "000000 sale" },
  { field: 4, kind: "n", length: 12, name: "amountMinor", meaning: "amount in minor units of field 49" },
  {
    field: 11,
    kind: "n",
    length: 6,
    name: "stan",
    meaning: "system trace audit number; a reversal carries the sale's",
  },
  { field: 12, kind: "n", length: 6, name: "localTime", meaning: "hhmmss, from the host" },
  { field: 13, kind: "n", length: 4, name: "localDate", meaning: "MMDD, from the host" },
  { field: 22, kind: "n", length: 3, name: "posEntryMode", meaning: "02 magnetic stripe; 1 PIN, 2 none" },
  { field: 25, kind: "n", length: 2, name: "conditionCode", meaning: "00 normal" },
  { field: 26, kind: "n", length: 2, name: "pinDigitsMax", meaning: "12, with a PIN only" },
  { field: 35, kind: "2", length: 37, name: "track2", isSecret: true, meaning: "track 2 without sentinels and LRC" },
  {
    field: 37,
    kind: "a",
    length: 12,
    name: "rrn",
    meaning: "retrieval reference number, the host's name of a transaction",
  },
  { field: 38, kind: "a", length: 6, name: "approvalCode", meaning: "only when approved" },
  {
    field: 39,
    kind: "a",
    length: 2,
    name: "responseCode",
    meaning: "answer; in a reversal the reason (98: no answer in time)",
  },
  { field: 41, kind: "a", length: 8, name: "tid", meaning: "terminal" },
  { field: 42, kind: "a", length: 15, name: "mid", meaning: "merchant" },
  { field: 49, kind: "a", length: 3, name: "currency", meaning: "ISO 4217 number" },
  {
    field: 52,
    kind: "a",
    length: 8,
    name: "pinBlock",
    isSecret: true,
    meaning: "8 bytes: PIN block of ISO 9564-1 format 0; format 4 is twice as long and goes into field 59",
  },
  {
    field: 53,
    kind: "n",
    length: 16,
    name: "security",
    meaning: "with a PIN: 2 (the PAN is in the block), cipher (6 two-key TDEA, 8 AES-128: ours), zeros",
  },
  {
    field: 59,
    kind: "3",
    length: 28,
    name: "pinKey",
    isSecret: true,
    meaning: "with a PIN: key serial number of AES DUKPT, 12 bytes; behind it a PIN block of format 4, 16 bytes",
  },
  {
    field: 60,
    kind: "3",
    length: 17,
    name: "batch",
    meaning:
      "kind (22: sale, 00: network), then the batch number, 6 digits; 0800 and 0810: what is asked (001 sign-on, 301 echo), then the " +
      "version of the parameters, 6 digits",
  },
  {
    field: 62,
    kind: "3",
    length: 64,
    name: "keys",
    isSecret: true,
    meaning:
      "bytes, 32 or 64: from the terminal two public keys, its own and the host's; from the host fresh ones, its key",
  },
  { field: 63, kind: "3", length: 4, name: "localYear", meaning: "YYYY, from the host: field 13 has no year" },
];

export interface MessageType {
  readonly mti: string;
  readonly name: string;
  readonly fields: readonly number[];
}

export const MESSAGE_TYPES: readonly MessageType[] = [
  { mti: "0200", name: "sale request", fields: [3, 4, 11, 22, 25, 26, 35, 41, 42, 49, 52, 53, 59, 60] },
  { mti: "0210", name: "sale answer", fields: [3, 4, 11, 12, 13, 37, 38, 39, 41, 42, 49, 60, 63] },
  { mti: "0400", name: "reversal request", fields: [3, 4, 11, 22, 25, 39, 41, 42, 49, 60] },
  { mti: "0410", name: "reversal answer", fields: [3, 4, 11, 12, 13, 37, 39, 41, 42, 49, 60, 63] },
  { mti: "0800", name: "sign-on or echo request", fields: [11, 41, 42, 60, 62] },
  { mti: "0810", name: "sign-on or echo answer", fields: [11, 12, 13, 39, 41, 42, 60, 62, 63] },
];

/** Four characters a field number: kind and length, or blanks where the number is not in use. */
function layout(): string {
  let text = "";
  for (let number = 0; number <= 64; number++) {
    const found = FIELDS.find((each) => each.field === number);
    text += found ? found.kind + String(found.length).padStart(3, "0") : "    ";
  }
  return text;
}

export const LAYOUT = layout();
