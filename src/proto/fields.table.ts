/**
 * The ISO 8583:1987 fields and messages in use, said once: packing, unpacking, the masked log, the bank's BCD form and `docs/protocol.md` all
 * come from here. On the link to the terminal numbers are ASCII digits, lengths too, the bitmap is binary. (Measured against
 * BCD there: 20 bytes more a request, a third of the instructions to pack on Espruino.)
 *
 * This file runs at build time; the bundle gets only the strings that it computes.
 */
/** `n` digits, `an` letters and digits and blanks, `ans` printable ASCII, `z` track (digits and `=`, or `D` for it), `b` bytes. */
export type Content = "n" | "an" | "ans" | "z" | "b";
/** What a log may show of a field: all, a masked PAN, or only that it is there. */
export type Shown = "all" | "masked" | "hidden";

export interface Field {
  readonly field: number;
  /** As ISO 8583 writes it: `n6` fixed, `ans..25` behind two digits of length, `b...255` behind three. One character at least. */
  readonly format: string;
  readonly content: Content;
  /** Digits of length in front, 0 when the length is fixed. */
  readonly prefixDigits: 0 | 2 | 3;
  /** Fixed or greatest length, in characters. */
  readonly length: number;
  readonly name: string;
  readonly meaning: string;
  readonly shown: Shown;
  /** In BCD an odd number of digits is filled up behind them (else in front). */
  readonly isLeft: boolean;
}

function field(number: number, format: string, name: string, meaning: string, shown: Shown = "all"): Field {
  const [, content, dots, length] = /^(n|ans?|z|b)(\.\.\.?|)([0-9]+)$/.exec(format) ?? [];
  if (!content) throw new Error(`field ${number}: what is ${format}?`);
  const prefixDigits = dots === "..." ? 3 : dots === ".." ? 2 : 0;
  return {
    field: number,
    format,
    content: content as Content,
    prefixDigits,
    length: Number(length),
    name,
    meaning,
    shown,
    // Seen so in public UnionPay-style messages: what varies in length, and field 22.
    isLeft: prefixDigits > 0 || number === 22,
  };
}

// prettier-ignore
export const FIELDS: readonly Field[] = [
  field(2, "n..19", "pan", "card number; keyed, or read from a chip", "masked"),
  field(3, "n6", "processingCode", "see the transactions: 000000 sale, 090000 with cash-back, 200000 void or refund or cancel, 030000 pre-authorisation, 310000 balance"),
  field(4, "n12", "amountMinor", "amount in minor units of field 49"),
  field(11, "n6", "stan", "system trace audit number; a reversal carries that of what it reverses"),
  field(12, "n6", "localTime", "hhmmss, from the host"),
  field(13, "n4", "localDate", "MMDD, from the host"),
  field(14, "n4", "expiry", "YYMM, of a card number that was keyed", "hidden"),
  field(15, "n4", "settlementDate", "MMDD"),
  field(22, "n3", "posEntryMode", "two digits: 01 keyed, 02 magnetic stripe, 03 code, 05 chip, 07 contactless, 80 stripe because the chip failed; then 1 PIN, 2 no PIN"),
  field(23, "n3", "cardSequence", "of a chip that has several cards of one number"),
  field(24, "n3", "nii", "network, where a bank asks for it"),
  field(25, "n2", "conditionCode", "00 normal, 06 pre-authorisation"),
  field(26, "n2", "pinDigitsMax", "12, with a PIN only"),
  field(32, "n..11", "acquirerId", "from the host"),
  field(35, "z..37", "track2", "track 2 without sentinels and LRC", "hidden"),
  field(36, "z...104", "track3", "track 3 without sentinels and LRC", "hidden"),
  field(37, "an12", "rrn", "retrieval reference number, the host's name of a transaction"),
  field(38, "an6", "approvalCode", "only when approved"),
  field(39, "an2", "responseCode", "in an answer: see the table of codes; in a reversal the reason: 98 no answer in time, 96 the terminal failed, A0 a bad seal, 06 any other"),
  field(41, "ans8", "tid", "terminal"),
  field(42, "ans15", "mid", "merchant"),
  field(44, "ans..25", "institutions", "issuer and acquirer, to be printed"),
  field(48, "n...322", "totals", "settlement: sum 12, count 3 of debits, then of credits, then in the answer 1 agreed or 2 not; else a tip 12"),
  field(49, "an3", "currency", "ISO 4217 number"),
  field(52, "b8", "pinBlock", "PIN block of ISO 9564-1 format 0; one of format 4 is twice as long and stands in field 59", "hidden"),
  field(53, "n16", "security", "with a PIN: 2 (the PAN is in the block), cipher (6 two-key TDEA; 8 AES-128, ours), 14 zeros"),
  field(54, "an...120", "balances", "account 2 (00), kind 2 (01 ledger, 02 available, 40 cash-back), currency 3, C or D, amount 12; each"),
  field(55, "b...255", "chipData", "BER-TLV (EMV book 3 annex B), never with card number or track", "hidden"),
  field(57, "ans...100", "terminalData", "a bank's own", "hidden"),
  field(58, "ans...100", "walletData", "a bank's own", "hidden"),
  field(59, "b...255", "pinKey", "with a PIN: key serial number of AES DUKPT, 12 bytes; behind it a PIN block of format 4, 16 bytes", "hidden"),
  field(60, "n...36", "batch", "kind 2, batch number 6, then for management, settlement and upload what is asked 3; in sign-on, echo and loading then version of the settings 6, of the parameters for taps 6, of the firmware where there are two slots 7 or, in the answer, 6, of the block list 6"),
  field(61, "n...29", "original", "batch number 6 and STAN 6 of what it is about, then its date MMDD"),
  field(62, "b...255", "parameters", "management: keys, parameters for taps, firmware, block list, or what is found; batch upload: the record's type 4, response code 2, approval code 6", "hidden"),
  field(63, "ans...163", "localYear", "in an answer YYYY of field 13, which has no year; in a request of management the operator 2"),
  field(64, "b8", "mac", "where a bank asks for one; the link has its seal"),
];

export interface MessageType {
  readonly mti: string;
  readonly name: string;
  readonly must: readonly number[];
  /** Fields that depend, and on what. */
  readonly may: readonly { readonly fields: readonly number[]; readonly when: string }[];
}

function when(condition: string, ...fields: number[]) {
  return { fields, when: condition };
}

/** How a card came in. */
const CARD = [
  when("keyed", 2, 14),
  when("swiped", 35),
  when("chip or contactless", 2, 23, 35, 55),
  when("with a PIN", 26, 52, 53, 59),
];
const ORIGINAL = when("about an earlier transaction", 37, 38, 61);
const BANK = when("from the bank", 15, 32, 44, 54, 55);

const REQUEST = [3, 4, 11, 22, 25, 41, 42, 49, 60];
const ANSWER = [3, 4, 11, 12, 13, 37, 39, 41, 42, 49, 60, 63];

export const MESSAGE_TYPES: readonly MessageType[] = [
  { mti: "0100", name: "pre-authorisation, or its cancel", must: REQUEST, may: [...CARD, ORIGINAL] },
  { mti: "0110", name: "answer to 0100", must: ANSWER, may: [when("approved", 38), BANK] },
  {
    mti: "0200",
    name: "sale, void, completion, balance",
    must: REQUEST,
    may: [...CARD, ORIGINAL, when("cash-back", 54)],
  },
  { mti: "0210", name: "answer to 0200", must: ANSWER, may: [when("approved", 38), BANK] },
  {
    mti: "0220",
    name: "refund, completion advice, offline sale, tip adjust, cash sale",
    must: REQUEST,
    may: [...CARD, when("tip", 48), ORIGINAL, when("approved by telephone", 38)],
  },
  { mti: "0230", name: "answer to 0220", must: ANSWER, may: [when("approved", 38), BANK] },
  { mti: "0320", name: "batch upload, one record", must: [...REQUEST, 61, 62], may: [] },
  { mti: "0330", name: "answer to 0320", must: ANSWER, may: [] },
  { mti: "0400", name: "reversal of 0100 or 0200", must: [...REQUEST, 39], may: [when("chip or contactless", 55)] },
  { mti: "0410", name: "answer to 0400", must: ANSWER, may: [] },
  { mti: "0420", name: "reversal of 0220", must: [...REQUEST, 39], may: [when("chip or contactless", 55)] },
  { mti: "0430", name: "answer to 0420", must: ANSWER, may: [] },
  { mti: "0500", name: "settlement", must: [11, 41, 42, 48, 49, 60], may: [] },
  {
    mti: "0510",
    name: "answer to 0500",
    must: [11, 12, 13, 39, 41, 42, 48, 49, 60, 63],
    may: [when("from the bank", 15)],
  },
  {
    mti: "0800",
    name: "sign-on, sign-off, echo, parameters, query",
    must: [11, 41, 42, 60],
    may: [when("query", 61), when("agreement of keys", 62)],
  },
  {
    mti: "0810",
    name: "answer to 0800",
    must: [11, 12, 13, 39, 41, 42, 60, 63],
    may: [when("sign-on, parameters, or found", 62)],
  },
].map((each) => ({ ...each, must: [...each.must].sort((a, b) => a - b) }));
