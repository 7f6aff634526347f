/**
 * The contactless reader while a card is asked for (`taps`): looks for cards, hands what one says to the reading (`tap`), which is in memory
 * only while a card is there, and tells the terminal what came of it.
 *
 * A card that answered all leaves with the field off; one that failed must leave before it is read again, unless it left too early:
 * that one may come back at once, to a new unpredictable number. Waits are the driver's, and the state's time bounds them all.
 */
import { Happening } from "../board/board";
import { Signal, signal } from "../drivers/buzzer";
import { closeNfc, exchange, onNfcBytes, onNfcTimer, openNfc, pollCards } from "../drivers/pn532";
import { NfcBus } from "../drivers/pn532-bus";
import { NfcReport } from "../drivers/pn532-report";
import type { Nfc } from "../drivers/pn532-steps";
import { type Tap, TapOutcome } from "../proto/emv-tap";
import { NOTICE_OF_OUTCOME } from "./reader.table";
import { Event } from "./state";
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
  /** A look or a tap has ended. */
  Told = 3,
}

export interface Reader {
  works: Works;
  nfc: Nfc;
  phase: Phase;
  /** The reading under way. */
  part: ReturnType<typeof tapPart> | null;
  tap: Tap | null;
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
    isTwoCards: false,
    mustLeave: false,
  };
}

/** The terminal has looked at what a tap came to, if there was one, and asks for a card still. Or it does not: field off. */
export function askReader(r: Reader, isAsked: boolean): void {
  if (isAsked && r.phase !== Phase.Told) return;
  r.phase = Phase.Looking;
  r.works.board.timer(Timer.Tap, isAsked ? PAUSE_MS : -1);
  if (!isAsked) closeNfc(r.nfc);
}

/** Something happened at the reader. None until a tap comes to an end. */
export function onReader(r: Reader, happening: Happening, timer: number, text: string): Event {
  const nfc = r.nfc;
  let report: NfcReport = NfcReport.None;
  if (happening === Happening.Uart) report = onNfcBytes(nfc, text);
  else if (timer === Timer.Nfc) report = onNfcTimer(nfc);
  else if (r.phase === Phase.Looking) pollCards(nfc);
  if (report === NfcReport.None) return Event.None;
  if (r.phase === Phase.Reading) return onRead(r, report);
  if (report === NfcReport.TwoCards && !r.isTwoCards) {
    // Said once, and not again until something changes.
    r.isTwoCards = true;
    return failed(r, TapOutcome.None);
  }
  if (report !== NfcReport.TwoCards) r.isTwoCards = false;
  if (report === NfcReport.Card && !r.mustLeave) {
    r.part = tapPart();
    r.tap = nfc.card.takesApdus ? r.part.beginTap(r.works) : null;
    if (!r.tap) return failed(r, TapOutcome.OtherCard);
    r.phase = Phase.Reading;
    exchange(nfc, r.tap.command);
    return Event.None;
  }
  if (report === NfcReport.NoCard) r.mustLeave = false;
  r.phase = report === NfcReport.Silent ? Phase.Down : Phase.Told;
  askReader(r, true);
  return Event.None;
}

/** An exchange has ended. One that failed took the field down with it, and nothing was sent to anybody. */
function onRead(r: Reader, report: NfcReport): Event {
  const part = r.part;
  const tap = r.tap;
  if (!part || !tap) return Event.None;
  let outcome = TapOutcome.CardLost;
  if (report === NfcReport.Answer) outcome = part.onAnswer(tap, r.nfc.answer);
  else if (report === NfcReport.TooLong || report === NfcReport.Refused) outcome = TapOutcome.OtherCard;
  if (outcome === TapOutcome.None) {
    exchange(r.nfc, tap.command);
    return Event.None;
  }
  if (outcome !== TapOutcome.Online) return failed(r, outcome);
  // The card may go. All else can wait until this is said.
  closeNfc(r.nfc);
  signal(r.works.devices.buzzer, Signal.RemoveCard);
  r.phase = Phase.Told;
  return part.takeTap(tap, r.works.t);
}

function failed(r: Reader, outcome: TapOutcome): Event {
  r.part = null;
  r.tap = null;
  r.phase = Phase.Told;
  r.mustLeave = outcome !== TapOutcome.None && outcome !== TapOutcome.CardLost;
  r.works.t.notice = NOTICE_OF_OUTCOME.charCodeAt(outcome);
  const isBarred =
    outcome === TapOutcome.Blocked || outcome === TapOutcome.Expired || outcome === TapOutcome.NotAccepted;
  return isBarred ? Event.Barred : Event.Unread;
}
