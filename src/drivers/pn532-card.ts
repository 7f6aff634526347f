/**
 * Cards in an answer to InListPassiveTarget (UM0701-02 section 7.3.5) and how long they may take to answer: ISO/IEC 14443-4 clause
 * 5.2.5 (ATS, type A), ISO/IEC 14443-3 clause 7.9.4 (ATQB, type B). Pure; no wait; every length is checked against the answer's.
 *
 * Part of: pn532.ts
 */

export interface NfcCard {
  isTypeB: boolean;
  /** Its number at the device. */
  target: number;
  /** NFCID1 (4, 7 or 10 bytes), or the PUPI (4 bytes) of type B. */
  uid: string;
  /** SENS_RES (2 bytes), or the ATQB (12 bytes) of type B. */
  atq: string;
  /** SEL_RES; 0 for type B. */
  sak: number;
  /** ATS with its length byte, or the answer to ATTRIB of type B. */
  ats: string;
  /** True when it takes APDUs (ISO/IEC 14443-4). */
  takesApdus: boolean;
  /** The bound of an exchange. */
  answerMs: number;
}

/** FWI when the card names none, or the one that is reserved (ISO/IEC 14443-4 clause 7.2). */
const FWI_DEFAULT = 4;
const FWI_RESERVED = 15;
/** The device asks a silent card again after each frame waiting time: four of them, and no more than this. */
const SILENCE_MS_MAX = 2500;
/** For cards that ask for more time (S(WTX), which the device grants by itself), and for the way there and back. */
const EXTENSION_MS = 2200;
const ATQB_BYTES = 12;

export function noCard(): NfcCard {
  return { isTypeB: false, target: 0, uid: "", atq: "", sak: 0, ats: "", takesApdus: false, answerMs: 0 };
}

/** How many cards the answer holds (0 to 2), or -1 when it is none. A single one goes into `card`. */
export function readCards(card: NfcCard, answer: string, isTypeB: boolean): number {
  const count = answer.charCodeAt(0);
  if (answer === "" || count > 2) return -1;
  if (count !== 1) return count;
  card.isTypeB = isTypeB;
  card.target = answer.charCodeAt(1);
  if (card.target !== 1 && card.target !== 2) return -1;
  return (isTypeB ? readTypeB(card, answer) : readTypeA(card, answer)) ? 1 : -1;
}

/** Number, SENS_RES, SEL_RES, length of the NFCID1, NFCID1, and the ATS of a card that gave one. */
function readTypeA(card: NfcCard, answer: string): boolean {
  const uidBytes = answer.charCodeAt(5);
  const atsAt = 6 + uidBytes;
  if (answer.length < atsAt || (uidBytes !== 4 && uidBytes !== 7 && uidBytes !== 10)) return false;
  card.atq = answer.substr(2, 2);
  card.sak = answer.charCodeAt(4);
  card.uid = answer.substr(6, uidBytes);
  const atsBytes = answer.length === atsAt ? 0 : answer.charCodeAt(atsAt);
  if (answer.length !== atsAt + atsBytes) return false;
  card.ats = answer.substr(atsAt, atsBytes);
  card.takesApdus = atsBytes > 0;
  card.answerMs = answerMs(fwiOfAts(card.ats));
  return true;
}

/** TL, T0 (which of the next are there), TA, TB (FWI in the high half), TC. */
function fwiOfAts(ats: string): number {
  const t0 = ats.charCodeAt(1);
  const tb = ats.charCodeAt(t0 & 0x10 ? 3 : 2);
  return ats.length > 1 && t0 & 0x20 && tb >= 0 ? tb >> 4 : FWI_DEFAULT;
}

/** Number, ATQB (50h, PUPI, application data, protocol info), length of the answer to ATTRIB, that answer. */
function readTypeB(card: NfcCard, answer: string): boolean {
  const attribAt = 3 + ATQB_BYTES;
  const attribBytes = answer.charCodeAt(attribAt - 1);
  if (answer.length < attribAt || answer.length !== attribAt + attribBytes) return false;
  if (answer.charAt(2) !== "P") return false;
  card.atq = answer.substr(2, ATQB_BYTES);
  card.sak = 0;
  card.uid = answer.substr(3, 4);
  card.ats = answer.substr(attribAt);
  // Protocol info: bit rates; frame size and protocol type; FWI, ADC and FO.
  card.takesApdus = (answer.charCodeAt(12) & 1) === 1;
  card.answerMs = answerMs(answer.charCodeAt(13) >> 4);
  return true;
}

/** The frame waiting time is 2^FWI * 4096 / 13.56 MHz, or 0.302 ms * 2^FWI. */
function answerMs(fwi: number): number {
  const silenceMs = ((4 * 309) << (fwi === FWI_RESERVED ? FWI_DEFAULT : fwi)) >> 10;
  return (silenceMs < SILENCE_MS_MAX ? silenceMs : SILENCE_MS_MAX) + EXTENSION_MS;
}
