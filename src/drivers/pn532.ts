/**
 * Contactless reader: finds cards of type A and B and exchanges APDUs with them.
 *
 * Part: NXP PN532, firmware 1.6
 * Bus: UART (HSU), 115200 baud, 8N1; I2C, address 24h; SPI, mode 0, least significant bit first
 * Document: NXP UM0701-02, PN532 User Manual, rev. 02
 * Pins: TX, RX or SDA, SCL or SCK, MISO, MOSI, NSS; reset, 3.3 V, GND
 * Slowest: a poll on a disturbed line, 12 s (undisturbed 0.1 s)
 *
 * The device itself does anti-collision, RATS, and the blocks of ISO/IEC 14443-4 with their repeats and waiting times. Leaves out: card emulation,
 * peer to peer, FeliCa, MIFARE commands, the interrupt line.
 *
 * A job (poll, exchange, release) ends as a report. An APDU is sent to the device once: an exchange that fails is never tried again
 * by itself, it takes the field down instead, so that the card begins anew. While idle the device is watched; one that does
 * not answer is set up anew until it does.
 *
 * Longest waits in seconds, with a line so disturbed that every frame needs all its tries: poll 12 (undisturbed 0.1), release 4.5,
 * exchange 7 and 5.6 more for each further part (262 bytes) of APDU or answer, since a card may ask for more time. With a
 * device that is dead from its start a job ends within 0.6. `Silent` comes 4.4 after a device died while idle, `Ready` 1.7
 * after it is back. A call to I2C or SPI that never ends adds 1.5.
 */
import { Port } from "../board/board";
import { cardPart } from "./pn532-card.lazy";
import { ACK, buildFrame } from "./pn532-frame";
import { onLinkBus, onLinkBytes, onLinkTimer } from "./pn532-hear";
import { Await, LinkReport } from "./pn532-link";
import { NfcReport } from "./pn532-report";
import {
  ask,
  down,
  FIELD_OFF,
  fieldOff,
  MORE,
  type Nfc,
  RETRIES,
  sendPart,
  settle,
  setUp,
  start,
  Step,
  VERSION,
} from "./pn532-steps";
import { END_OF_STATUS } from "./pn532.table";

export { openNfc } from "./pn532-steps";

/** The longest APDU to a card, and the longest answer. Short APDUs have at most 261 and 258 bytes (ISO/IEC 7816-3 clause 12.1). */
export const APDU_BYTES_MAX = 1024;
/** A card forgets where it was after 5.1 ms without a field (EMV Contactless Book D, tRESET). */
const FIELD_OFF_MS = 6;
/** The answer to a look for cards when there is none. */
const NO_CARDS = "\0";
/** Bits 0 and 1 of the version's last byte: types A and B. */
const TYPES_A_AND_B = 3;

/** Looks for cards: `NoCard`, `Card` or `TwoCards` follows. False: another job runs, or the device is not there. */
export function pollCards(n: Nfc): boolean {
  return begin(n, Step.FirstB, "");
}

/** Sends an APDU to the card: `Answer`, or how it failed, follows. False: as above, or no card that takes it. */
export function exchange(n: Nfc, apdu: string): boolean {
  if (n.card.target === 0 || !n.card.takesApdus || apdu === "" || apdu.length > APDU_BYTES_MAX) return false;
  return begin(n, Step.Exchange, apdu);
}

/** Lets the card go and switches the field off: `Released` follows. False: another job runs, or the device is not there. */
export function release(n: Nfc): boolean {
  return begin(n, Step.Release, "");
}

/** Breaks off what runs and switches the field off, without a report and without a wait: who wants the device again opens it anew. HSU only. */
export function closeNfc(n: Nfc): void {
  const link = n.link;
  link.board.timer(link.timer, -1);
  link.board.uart(Port.Nfc, ACK + buildFrame(link.natives, FIELD_OFF));
}

function begin(n: Nfc, job: Step, apdu: string): boolean {
  const isWatched = n.step === Step.Watch && n.wish === Step.Idle;
  if (!isWatched && n.step !== Step.Idle) return false;
  n.unsent = apdu;
  if (isWatched) n.wish = job;
  else start(n, job);
  return true;
}

/** Bytes on the reader's UART. The rest of a long frame comes in many pieces, and must cost little. */
export function onNfcBytes(n: Nfc, bytes: string): NfcReport {
  const frames = n.link.frames;
  frames.heard += bytes;
  if (frames.heard.length < frames.needed) return NfcReport.None;
  return onLink(n, onLinkBytes(n.link));
}

/** A call on I2C ended. */
export function onNfcI2c(n: Nfc, isDone: boolean, text: string): NfcReport {
  return onLink(n, onLinkBus(n.link, isDone, text));
}

/** A call on SPI ended. */
export function onNfcSpi(n: Nfc, text: string): NfcReport {
  return onLink(n, onLinkBus(n.link, true, text));
}

export function onNfcTimer(n: Nfc): NfcReport {
  if (n.link.awaits !== Await.Nothing) return onLink(n, onLinkTimer(n.link));
  if (n.step === Step.Quiet) {
    // The field was off for long enough.
    if (n.next !== Step.Idle) return start(n, n.next);
    if (n.pending === NfcReport.Ready) n.isSilent = false;
    return settle(n, n.pending);
  }
  if (n.step === Step.Down) setUp(n);
  else if (n.step === Step.Idle) ask(n, Step.Watch, VERSION);
  return NfcReport.None;
}

function onLink(n: Nfc, report: LinkReport): NfcReport {
  const step = n.step;
  const answer = n.link.data;
  if (report === LinkReport.None) return NfcReport.None;
  if (report !== LinkReport.Answer) {
    if (step !== Step.Exchange) return down(n);
    // Field off also finds out whether the device is still there.
    if (report === LinkReport.Silent) return fieldOff(n, NfcReport.CardLost, Step.Idle);
    return fieldOff(n, report === LinkReport.Garbled ? NfcReport.CardGarbled : NfcReport.Refused, Step.Idle);
  }
  if (step === Step.Exchange) return onExchanged(n, answer);
  if (step === Step.FirstB || step === Step.TypeA || step === Step.SecondB) return onListed(n, answer);
  if (step === Step.Release) return fieldOff(n, NfcReport.Released, Step.Idle);
  if (step === Step.FieldOff) {
    n.step = Step.Quiet;
    n.link.board.timer(n.link.timer, FIELD_OFF_MS);
    return NfcReport.None;
  }
  if (step === Step.Watch) {
    const wish = n.wish;
    n.wish = Step.Idle;
    return wish === Step.Idle ? settle(n, NfcReport.None) : start(n, wish);
  }
  // Setting up: SAM, version, retries, field off.
  if (step === Step.Sam) return ask(n, Step.Version, VERSION);
  if (step === Step.Retries) return fieldOff(n, NfcReport.Ready, Step.Idle);
  if (answer.length !== 4 || (answer.charCodeAt(3) & TYPES_A_AND_B) !== TYPES_A_AND_B) return down(n);
  n.version = answer;
  return ask(n, Step.Retries, RETRIES);
}

function onListed(n: Nfc, answer: string): NfcReport {
  const isFirst = n.step === Step.FirstB;
  const isTypeA = n.step === Step.TypeA;
  const count = answer === NO_CARDS ? 0 : cardPart().readCards(n.card, answer, !isTypeA);
  if (count < 0) return fieldOff(n, NfcReport.CardGarbled, Step.Idle);
  if (isFirst) n.isTypeBThere = count > 0;
  if (count === 2 || (isTypeA && count === 1 && n.isTypeBThere)) return fieldOff(n, NfcReport.TwoCards, Step.Idle);
  // Out of the way of type A, and back.
  if (isFirst && count === 1) return fieldOff(n, NfcReport.None, Step.TypeA);
  if (isTypeA && n.isTypeBThere) return fieldOff(n, NfcReport.None, Step.SecondB);
  if (count === 1) return settle(n, NfcReport.Card);
  if (!isFirst) return settle(n, NfcReport.NoCard);
  return start(n, Step.TypeA);
}

/** Status (bit 6: more follows; bits 0 to 5: 7.1) and DataIn. */
function onExchanged(n: Nfc, answer: string): NfcReport {
  const status = answer.charCodeAt(0);
  if (answer === "") return fieldOff(n, NfcReport.CardGarbled, Step.Idle);
  if (status & 63) return fieldOff(n, END_OF_STATUS.charCodeAt(status & 63), Step.Idle);
  n.answer += answer.substr(1);
  if (n.answer.length > APDU_BYTES_MAX || n.partsLeft === 0) return fieldOff(n, NfcReport.TooLong, Step.Idle);
  if (n.unsent === "" && !(status & MORE)) return settle(n, NfcReport.Answer);
  sendPart(n);
  return NfcReport.None;
}
