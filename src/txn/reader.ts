/**
 * The contactless reader while a card is asked for (`taps`): looks for cards, hands what one says to the reading (`tap`), which is in memory
 * only while a card is there, and tells the terminal what came of it.
 *
 * A card that answered all leaves with the field off; one that failed must leave before it is read again, unless it left too early:
 * that one may come back at once, to a new unpredictable number. Waits are the driver's, and the state's time bounds them all.
 */
import { Happening, Port } from "../board/board";
import { Signal, signal } from "../drivers/buzzer";
import { closeNfc, exchange, onNfcBytes, onNfcTimer, openNfc, pollCards, release } from "../drivers/pn532";
import { NfcBus } from "../drivers/pn532-bus";
import { NfcReport } from "../drivers/pn532-report";
import type { Nfc } from "../drivers/pn532-steps";
import { type Tap, TapOutcome } from "../proto/emv-tap";
import { enqueue } from "./queue";
import { NOTICE_OF_OUTCOME } from "./reader.table";
import { Event, State } from "./state";
import { tapPart } from "./tap.lazy";
import { Timer } from "./timers";
import type { Works } from "./works";

/** From one look for cards to the next. */
const PAUSE_MS = 100;

const enum Phase {
  /** The device is being set up, or is not there. */
  Down = 0,
  /** Looks for cards, or is between two looks. */
  Looking = 1,
  Reading = 2,
  /** A tap has ended, and the terminal is to look at it. */
  Told = 3,
}

export interface Reader {
  works: Works;
  nfc: Nfc;
  phase: Phase;
  /** While a card is read, and after that of a good one. */
  part: ReturnType<typeof tapPart> | null;
  tap: Tap | null;
  outcome: TapOutcome;
  isTwoCards: boolean;
  /** The card in the field has been read, and was not good. */
  mustLeave: boolean;
}

/** Begins to look for a card. */
export function openReader(works: Works): Reader {
  return {
    works: works,
    nfc: openNfc(works.board, works.natives, Timer.Nfc, NfcBus.Hsu),
    phase: Phase.Down,
    part: null,
    tap: null,
    outcome: TapOutcome.None,
    isTwoCards: false,
    mustLeave: false,
  };
}

/** The terminal has looked at what the last tap came to, and asks for a card still. */
export function lookAgain(r: Reader): void {
  if (r.phase === Phase.Told) pause(r);
}

/** No card is asked for any more: field off. */
export function closeReader(r: Reader): void {
  r.works.board.timer(Timer.Tap, -1);
  closeNfc(r.nfc);
}

/** Something happened at the reader. */
export function onReader(r: Reader, happening: Happening, value: number, text: string): void {
  const nfc = r.nfc;
  let report: NfcReport = NfcReport.None;
  if (happening === Happening.Uart) report = onNfcBytes(nfc, text);
  else if (value === Timer.Nfc) report = onNfcTimer(nfc);
  else if (r.phase === Phase.Looking) pollCards(nfc);
  if (report !== NfcReport.None) onReport(r, report);
}

function pause(r: Reader): void {
  r.phase = Phase.Looking;
  r.works.board.timer(Timer.Tap, PAUSE_MS);
}

function onReport(r: Reader, report: NfcReport): void {
  if (r.phase === Phase.Reading) onRead(r, report);
  else if (report === NfcReport.Card) onCard(r);
  else if (report === NfcReport.TwoCards && !r.isTwoCards) {
    // Said once, and not again until something changes.
    r.isTwoCards = true;
    tell(r, TapOutcome.None);
  } else if (r.phase !== Phase.Told) {
    if (report === NfcReport.NoCard) {
      r.mustLeave = false;
      r.isTwoCards = false;
    }
    if (report === NfcReport.Silent) r.phase = Phase.Down;
    else pause(r);
  }
}

function onCard(r: Reader): void {
  r.isTwoCards = false;
  if (r.mustLeave) {
    pause(r);
    return;
  }
  r.part = tapPart();
  r.tap = r.nfc.card.takesApdus ? r.part.beginTap(r.works) : null;
  r.phase = Phase.Reading;
  if (r.tap) exchange(r.nfc, r.tap.command);
  else tell(r, TapOutcome.OtherCard);
}

/** An exchange has ended. One that failed took the field down with it, and nothing was sent to anybody. */
function onRead(r: Reader, report: NfcReport): void {
  const tap = r.tap;
  if (!r.part || !tap) return;
  let outcome = TapOutcome.CardLost;
  if (report === NfcReport.Answer) outcome = r.part.onAnswer(tap, r.nfc.answer);
  else if (report === NfcReport.TooLong || report === NfcReport.Refused) outcome = TapOutcome.OtherCard;
  if (outcome === TapOutcome.None) {
    exchange(r.nfc, tap.command);
    return;
  }
  if (outcome === TapOutcome.Online) {
    // The card may go. All else can wait until this is said.
    signal(r.works.devices.buzzer, Signal.RemoveCard);
    release(r.nfc);
  }
  tell(r, outcome);
}

function tell(r: Reader, outcome: TapOutcome): void {
  if (outcome !== TapOutcome.Online) {
    r.part = null;
    r.tap = null;
  }
  r.phase = Phase.Told;
  r.outcome = outcome;
  r.mustLeave = outcome !== TapOutcome.None && outcome !== TapOutcome.CardLost;
  enqueue(r.works.queue, Happening.Uart, Port.Nfc, "");
}

/** What the tap came to, as an event for the machine. */
export function tapFact(r: Reader): Event {
  const t = r.works.t;
  const outcome = r.outcome;
  if (r.phase !== Phase.Told || t.state !== State.Card) return Event.None;
  t.notice = NOTICE_OF_OUTCOME.charCodeAt(outcome);
  if (r.part && r.tap) return r.part.takeTap(r.tap, t);
  const isBarred =
    outcome === TapOutcome.Blocked || outcome === TapOutcome.Expired || outcome === TapOutcome.NotAccepted;
  return isBarred ? Event.Barred : Event.Unread;
}
