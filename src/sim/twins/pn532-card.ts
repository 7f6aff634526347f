/** Cards for the field of the simulated contactless reader: what they say of themselves, and how they answer APDUs. */

export interface VirtualCard {
  type: "A" | "B";
  /** NFCID1 of type A (4, 7 or 10 bytes), PUPI of type B (4 bytes). */
  uid: string;
  /** Type A: SENS_RES, SEL_RES, and the ATS with its length byte ("" for a card without ISO/IEC 14443-4). */
  atqa: string;
  sak: number;
  ats: string;
  /** Type B: application data (4 bytes) and protocol info (3 bytes), which follow the PUPI in the ATQB. */
  atqbTail: string;
  /** Frame waiting time integer: the same as the card's ATS or ATQB says. */
  fwi: number;
  /** The answer to an APDU and how long the card works on it; it asks for more time by itself. Null: it falls silent. */
  answer(apdu: string): { text: string; workMs: number } | null;
}

const hex = (text: string): string => Buffer.from(text.replaceAll(" ", ""), "hex").toString("latin1");

/** PPSE of a card with one application (EMV Contactless Book B): `2PAY.SYS.DDF01`, one entry with AID and priority. */
export const PPSE_ANSWER = hex(
  "6F 23 84 0E 325041592E5359532E4444463031 A5 11 BF0C 0E 61 0C 4F 07 A0000000031010 87 01 01 9000",
);
const SELECT_PPSE = hex("00A404000E") + "2PAY.SYS.DDF01\0";
const INS_NOT_SUPPORTED = hex("6D00");
const WORK_MS = 5;

/** Knows its PPSE and nothing else. */
export function ppseCard(overrides: Partial<VirtualCard> = {}): VirtualCard {
  return typeACard({
    answer: (apdu) => ({ text: apdu === SELECT_PPSE ? PPSE_ANSWER : INS_NOT_SUPPORTED, workMs: WORK_MS }),
    ...overrides,
  });
}

/** Sends every APDU back. */
export function typeACard(overrides: Partial<VirtualCard> = {}): VirtualCard {
  return {
    type: "A",
    uid: hex("04 16 C6 C2 D7 38 81"),
    atqa: hex("00 44"),
    sak: 0x20,
    ats: hex("06 75 77 81 02 80"),
    atqbTail: "",
    fwi: 8,
    answer: (apdu) => ({ text: apdu, workMs: WORK_MS }),
    ...overrides,
  };
}

export function typeBCard(overrides: Partial<VirtualCard> = {}): VirtualCard {
  return {
    type: "B",
    uid: hex("E8 25 3E EC"),
    atqa: "",
    sak: 0,
    ats: "",
    atqbTail: hex("00 00 00 11 00 81 85"),
    fwi: 8,
    answer: (apdu) => ({ text: apdu, workMs: WORK_MS }),
    ...overrides,
  };
}
