/**
 * The contactless reader while a card is asked for (`taps`): looks for cards, hands what one says to the reading (`proto/emv`), which was begun
 * before the card came, and tells the terminal what came of it.
 *
 * A card that answered all leaves with the field off, before what it said is looked at; one that failed must leave before it is read again,
 * unless it left too early: that one may come back at once, to a new unpredictable number. Waits are the driver's, and the state's time
 * bounds them all.
 */
import { Happening } from "../board/board";
import { Signal, signal } from "../drivers/buzzer";
import { closeNfc, exchange, onNfcBytes, onNfcTimer, openNfc, pollCards, setUp } from "../drivers/pn532";
import { NfcBus } from "../drivers/pn532-bus";
import { NfcReport } from "../drivers/pn532-report";
import type { Nfc } from "../drivers/pn532-steps";
import { emvPart } from "../proto/emv.lazy";
import { Cvm, SELECT_DIRECTORY, type Tap, TapOutcome } from "../proto/emv-tap";
import { NOTICE_OF_OUTCOME } from "./reader.table";
import { Event, Kind } from "./state";
import { tapEndPart } from "./tap-end.lazy";
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
  /** A look is due. */
  Due = 6,
  /** The card's next command is due. */
  Talking = 2,
  Listening = 3,
  /** A look or a tap has ended. */
  Told = 4,
  /** The card has said all, and the field is off. */
  Complete = 5,
}

export interface Reader {
  works: Works;
  nfc: Nfc;
  phase: Phase;
  /** What the next reading begins with; "" when it has been used. */
  params: string;
  own: string;
  /** The reading under way, and what reads. */
  part: ReturnType<typeof emvPart> | null;
  tap: Tap | null;
  isTwoCards: boolean;
  /** The card in the field has been read, and was not good. */
  mustLeave: boolean;
}

/** Begins to look for a card. */
export function openReader(works: Works): Reader {
  const r: Reader = {
    works: works,
    nfc: openNfc(works.board, works.natives, Timer.Nfc, NfcBus.Hsu, null),
    phase: Phase.Down,
    params: "",
    own: "",
    part: null,
    tap: null,
    isTwoCards: false,
    mustLeave: false,
  };
  tapPart().prepareTap(works, r);
  return r;
}

/** The terminal has looked at what a tap came to, if there was one, and asks for a card still. Or it does not: field off. */
export function askReader(r: Reader, isAsked: boolean): void {
  if (r.phase !== Phase.Told && (isAsked || r.phase === Phase.Complete)) return;
  r.phase = Phase.Looking;
  r.works.board.timer(Timer.Tap, isAsked ? PAUSE_MS : -1);
  if (!isAsked) closeNfc(r.nfc);
  else if (r.own === "") tapPart().prepareTap(r.works, r);
}

/** Something happened at the reader. None unless a tap has failed. Then `goOn`. */
export function onReader(r: Reader, happening: Happening, timer: number, text: string): Event {
  const nfc = r.nfc;
  let report: NfcReport = NfcReport.None;
  if (happening === Happening.Uart) report = onNfcBytes(nfc, text);
  else if (timer === Timer.Nfc) report = onNfcTimer(nfc);
  else if (r.phase === Phase.Looking) r.phase = Phase.Due;
  if (report === NfcReport.None) return Event.None;
  if (r.phase === Phase.Listening) return onAnswered(r, report);
  if (report === NfcReport.TwoCards && !r.isTwoCards) {
    // Said once, and not again until something changes.
    r.isTwoCards = true;
    return failed(r, TapOutcome.None);
  }
  if (report !== NfcReport.TwoCards) r.isTwoCards = false;
  if (report === NfcReport.Card && !r.mustLeave) {
    if (r.params === "" || !nfc.card.takesApdus) return failed(r, TapOutcome.OtherCard);
    r.phase = Phase.Talking;
    return Event.None;
  }
  if (report === NfcReport.NoCard) r.mustLeave = false;
  r.phase = report === NfcReport.Silent ? Phase.Down : Phase.Told;
  askReader(r, true);
  return Event.None;
}

/** An exchange has ended. One that failed took the field down with it, and nothing was sent to anybody. */
function onAnswered(r: Reader, report: NfcReport): Event {
  const part = r.part;
  const tap = r.tap;
  let outcome = TapOutcome.CardLost;
  if (report === NfcReport.Answer && part && tap) outcome = part.onAnswer(tap, r.nfc.answer);
  else if (report === NfcReport.TooLong || report === NfcReport.Refused) outcome = TapOutcome.OtherCard;
  if (outcome !== TapOutcome.None && outcome !== TapOutcome.Complete) return failed(r, outcome);
  r.phase = outcome === TapOutcome.None ? Phase.Talking : Phase.Complete;
  return Event.None;
}

/** What is due, from where few calls stand above it. An event when the card has said all. */
export function goOn(r: Reader): Event {
  const tap = r.tap;
  if (r.phase === Phase.Due) {
    r.phase = Phase.Looking;
    pollCards(r.nfc);
  } else if (r.phase === Phase.Talking) {
    r.phase = Phase.Listening;
    exchange(r.nfc, tap ? tap.command : SELECT_DIRECTORY);
    // While the card works on it, what its answer needs is loaded.
    const part = r.part || emvPart();
    r.part = part;
    r.tap = tap || part.openTap(r.params, r.own, r.works.t.amountMinor);
    r.own = "";
    part.loadPhase(r.tap);
  } else if (tap && r.phase === Phase.Complete) {
    // The card may go. All else can wait until this is said.
    closeNfc(r.nfc);
    signal(r.works.devices.buzzer, Signal.RemoveCard);
    tap.phase = null;
    r.part = null;
    const outcome = tapEndPart().takeTap(tap, r.works.t);
    const desk = r.works.t.desk;
    // A refund takes no PIN, and no sale that the bank has approved by telephone.
    if (outcome === TapOutcome.Online)
      return tap.cvm === Cvm.OnlinePin && (!desk || desk.kind < Kind.Void) ? Event.PinWanted : Event.Swiped;
    setUp(r.nfc);
    const event = failed(r, outcome);
    r.phase = Phase.Down;
    return event;
  }
  return Event.None;
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
