/**
 * The PN532 driver's state and its commands (NXP UM0701-02): 7.2.2 GetFirmwareVersion, 7.2.10 SAMConfiguration, 7.3.1
 * RFConfiguration, 7.3.5 InListPassiveTarget, 7.3.8 InDataExchange, 7.3.11 InRelease. `pn532` says what follows what.
 *
 * Part of: pn532.ts
 */
import type { Board, Natives } from "../board/board";
import { NfcBus } from "./pn532-bus";
import { busPart } from "./pn532-bus.lazy";
import { FRAME_BYTES_MAX } from "./pn532-frame";
import { ACK_MS, Await, command, type Link, Op } from "./pn532-link";
import { NfcReport } from "./pn532-report";

/** DataOut and DataIn of one InDataExchange (7.3.8); what is longer is chained. */
const PART_BYTES_MAX = 262;
/** An exchange of more parts, both ways together, has no end. */
const PARTS_MAX = 16;
/** In the number of the target: more parts follow. In the status: the card has more. */
export const MORE = 0x40;

/** While idle the device is asked for its version so often. */
const WATCH_MS = 3000;
/** A device that does not answer is set up anew so often. */
const RETRY_MS = 1000;
/** Two tries for up to two cards, with RATS. */
const LIST_MS = 500;
/** DESELECT to a card that may be gone. */
const RELEASE_MS = 500;
const TRIES = 3;

/** So much of an answer is read at first on I2C and SPI: of a short one, and of a list of cards with the usual ATS. */
const SHORT_BYTES = 20;
const LIST_BYTES = 64;

/** The first edge wakes the device, which then needs up to 2 ms (23 bytes) until it hears; the zeros are preamble. */
const WAKE = "\x55\x55" + "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
/** Normal mode, no SAM, no interrupt line. Also the way out of the low battery mode in which the device starts. */
const SAM_NORMAL = "\xd4\x14\x01\0\0";
export const VERSION = "\xd4\x02";
/** Item 5: one more try to activate a card. As delivered the device tries for ever. */
export const RETRIES = "\xd4\x32\x05\0\x01\x01";
/** Item 1: field off. Listing cards switches it on. */
export const FIELD_OFF = "\xd4\x32\x01\0";
/** Two cards at most; 106 kbit/s type A; type B, all application families. */
const LIST_A = "\xd4\x4a\x02\0";
const LIST_B = "\xd4\x4a\x02\x03\0";
const EXCHANGE = "\xd4\x40";
/** All targets. */
const RELEASE = "\xd4\x52\0";

export const enum Step {
  /** Not there; the timer sets it up again. */
  Down = 0,
  Sam = 1,
  Version = 2,
  Retries = 3,
  Idle = 4,
  /** Asked whether it is still there. */
  Watch = 5,
  /** Type B is looked for first: a card that is found stays in touch, and most are of type A. */
  FirstB = 6,
  TypeA = 7,
  /** Type B again, after none of type A was there. */
  SecondB = 8,
  Exchange = 9,
  Release = 10,
  FieldOff = 11,
  /** The field is off until cards have forgotten where they were. */
  Quiet = 12,
}

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

export interface Nfc {
  link: Link;
  step: Step;
  /** What follows a field that was off: a poll's step, or Idle with `pending` as the report. */
  next: Step;
  pending: NfcReport;
  /** A job that came while the device was being watched. */
  wish: Step;
  isSilent: boolean;
  /** A card of type B was found before type A was looked for. */
  isTypeBThere: boolean;
  /** The card of report `Card`; its `target` is 0 when none is held. */
  card: NfcCard;
  /** IC (32h), version, revision, support. */
  version: string;
  /** What of the APDU has not been sent yet. */
  unsent: string;
  answer: string;
  partsLeft: number;
}

/** Begins to set the device up: `Ready` or `Silent` follows. `timer` is the driver's alone. */
export function openNfc(board: Board, natives: Natives, timer: number, bus: NfcBus): Nfc {
  const n: Nfc = {
    link: {
      board: board,
      natives: natives,
      timer: timer,
      bus: bus,
      frames: { natives: natives, heard: "", needed: 0, data: "", isNoisy: false },
      wires: bus === NfcBus.Hsu ? null : busPart(),
      awaits: Await.Nothing,
      op: Op.None,
      sent: "",
      code: "",
      data: "",
      triesLeft: 0,
      nacksLeft: 0,
      answerMs: 0,
      untilMs: 0,
      answerBytes: 0,
    },
    step: Step.Down,
    next: Step.Idle,
    pending: NfcReport.None,
    wish: Step.Idle,
    isSilent: false,
    isTypeBThere: false,
    card: { isTypeB: false, target: 0, uid: "", atq: "", sak: 0, ats: "", takesApdus: false, answerMs: 0 },
    version: "",
    unsent: "",
    answer: "",
    partsLeft: 0,
  };
  setUp(n);
  return n;
}

/** Wakes the device and begins to set it up. SPI and I2C wake it by the first try, which it may miss. */
export function setUp(n: Nfc): void {
  n.step = Step.Sam;
  command(n.link, n.link.wires ? "" : WAKE, SAM_NORMAL, TRIES, ACK_MS, SHORT_BYTES);
}

/** A short command with a short answer. */
export function ask(n: Nfc, step: Step, data: string): NfcReport {
  n.step = step;
  command(n.link, "", data, TRIES, ACK_MS, SHORT_BYTES);
  return NfcReport.None;
}

/** A job, or a further step of a poll. */
export function start(n: Nfc, job: Step): NfcReport {
  // A card that is held does not answer a poll.
  const isPoll = job !== Step.Exchange && job !== Step.Release;
  if (isPoll && n.card.target !== 0) return fieldOff(n, NfcReport.None, job);
  n.step = job;
  if (job === Step.Exchange) {
    n.answer = "";
    n.partsLeft = PARTS_MAX;
    sendPart(n);
  } else if (job === Step.Release) command(n.link, "", RELEASE, TRIES, RELEASE_MS, SHORT_BYTES);
  else command(n.link, "", job === Step.TypeA ? LIST_A : LIST_B, TRIES, LIST_MS, LIST_BYTES);
  return NfcReport.None;
}

/** The next part of the APDU; when all of it was sent, an empty one, which asks for more of the answer. Once: see `pn532`. */
export function sendPart(n: Nfc): void {
  const part = n.unsent.substr(0, PART_BYTES_MAX);
  n.unsent = n.unsent.substr(PART_BYTES_MAX);
  const target = n.card.target | (n.unsent === "" ? 0 : MORE);
  n.step = Step.Exchange;
  n.partsLeft--;
  command(n.link, "", EXCHANGE + String.fromCharCode(target) + part, 1, n.card.answerMs, FRAME_BYTES_MAX);
}

/** Takes the field down, which lets all cards begin anew. Then `next`, or `report` when that is Idle. */
export function fieldOff(n: Nfc, report: NfcReport, next: Step): NfcReport {
  n.card.target = 0;
  n.pending = report;
  n.next = next;
  n.step = Step.FieldOff;
  command(n.link, "", FIELD_OFF, TRIES, ACK_MS, SHORT_BYTES);
  return NfcReport.None;
}

/** The job is over. */
export function settle(n: Nfc, report: NfcReport): NfcReport {
  n.step = Step.Idle;
  n.link.board.timer(n.link.timer, WATCH_MS);
  return report;
}

/** The device does not answer. Says so once, until it is back. */
export function down(n: Nfc): NfcReport {
  const report = n.isSilent ? NfcReport.None : NfcReport.Silent;
  n.isSilent = true;
  n.wish = Step.Idle;
  n.step = Step.Down;
  n.link.board.timer(n.link.timer, RETRY_MS);
  return report;
}
