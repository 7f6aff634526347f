/**
 * A card at the contactless reader, from the first look for it to the data of a request. In memory while a card is asked for (`taps`).
 *
 * The reader looks for cards every PAUSE_MS; what the next tap says is made ready meanwhile. A card that answered all leaves with the
 * field off; one that failed must leave before it is read again, unless it left too early: that one may come back at once, to a new
 * unpredictable number. Waits are the driver's, and the state's time bounds them all.
 */
import { type Board, Happening, Port } from "../board/board";
import { Signal, signal } from "../drivers/buzzer";
import { exchange, onNfcBytes, onNfcSpi, onNfcTimer, openNfc, pollCards, release } from "../drivers/pn532";
import { NfcBus } from "../drivers/pn532-bus";
import { NfcReport } from "../drivers/pn532-report";
import type { Nfc } from "../drivers/pn532-steps";
import { nextCommand, onAnswer, onCardLost, openTap } from "../proto/emv";
import { chipData, packDigits, unpackDigits } from "../proto/emv-card";
import { Cvm, type Tap, TapOutcome, type TapParams } from "../proto/emv-tap";
import { valueOf } from "../proto/tlv";
import { maskPan } from "../proto/track";
import { beginSale } from "./facts";
import type { Devices } from "./devices";
import { enqueue } from "./queue";
import { Event, Notice, type Settings, State, type Terminal } from "./state";
import { readTapParams } from "./tap-params";
import { TAP_RECORD } from "./tap.table";
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
  /** No card is asked for any more. */
  Ending = 4,
  Over = 5,
}

export interface Reader {
  devices: Devices;
  nfc: Nfc;
  phase: Phase;
  params: TapParams;
  amountMinor: number;
  /** YYMMDD in BCD. */
  date: string;
  tap: Tap;
  outcome: TapOutcome;
  isTwoCards: boolean;
  /** The card in the field has been read, and was not good. */
  mustLeave: boolean;
}

/** Four bytes that nobody can foretell. */
function unpredictable(board: Board): string {
  const high = board.random();
  const low = board.random();
  return String.fromCharCode(high >> 8, high & 255, low >> 8, low & 255);
}

function newTap(board: Board, params: TapParams, amountMinor: number, date: string): Tap {
  return openTap(params, amountMinor, date, unpredictable(board));
}

/** Begins to look for a card; null when the parameters are not good for this terminal. `date` is YYMMDD. */
export function openReader(works: Works, settings: Settings, date: string): Reader | null {
  const t = works.t;
  const board = works.board;
  const natives = works.natives;
  const params = readTapParams(TAP_RECORD, settings, t.canTakePin, natives.crc32);
  if (!params) return null;
  const today = packDigits(date);
  return {
    devices: works.devices,
    nfc: openNfc(board, natives, Timer.Nfc, settings.tap === "spi" ? NfcBus.Spi : NfcBus.Hsu),
    phase: Phase.Down,
    params: params,
    amountMinor: t.amountMinor,
    date: today,
    tap: newTap(board, params, t.amountMinor, today),
    outcome: TapOutcome.None,
    isTwoCards: false,
    mustLeave: false,
  };
}

/** The terminal has looked at what the last tap came to, and asks for a card still. False: this reader was about to end. */
export function lookAgain(r: Reader): boolean {
  if (r.phase === Phase.Told) {
    r.tap = newTap(r.devices.board, r.params, r.amountMinor, r.date);
    pause(r);
  }
  return r.phase !== Phase.Ending;
}

/** No card is asked for any more. True when nothing is left to be done: else `onReader` says so in the end. */
export function endReader(r: Reader): boolean {
  r.devices.board.timer(Timer.Tap, -1);
  if (r.nfc.isSilent) {
    r.devices.board.timer(Timer.Nfc, -1);
    return true;
  }
  r.phase = Phase.Ending;
  // When a job runs, its report comes first.
  release(r.nfc);
  return false;
}

/** Something happened at the reader. True when all is over. */
export function onReader(r: Reader, happening: Happening, value: number, text: string): boolean {
  const nfc = r.nfc;
  if (happening === Happening.Uart) onReport(r, onNfcBytes(nfc, text));
  else if (happening === Happening.Spi) onReport(r, onNfcSpi(nfc, text));
  else if (value === Timer.Nfc) onReport(r, onNfcTimer(nfc));
  else look(r);
  return r.phase === Phase.Over;
}

function pause(r: Reader): void {
  r.phase = Phase.Looking;
  r.devices.board.timer(Timer.Tap, PAUSE_MS);
}

function look(r: Reader): void {
  if (r.phase === Phase.Looking) pollCards(r.nfc);
}

function onReport(r: Reader, report: NfcReport): void {
  if (report === NfcReport.None) return;
  if (r.phase === Phase.Ending) onEnding(r, report);
  else if (report === NfcReport.Answer) onCardAnswer(r);
  else if (r.phase === Phase.Reading) onFailed(r, report);
  else if (report === NfcReport.Card) onCard(r);
  else if (report === NfcReport.TwoCards) onTwoCards(r);
  else if (r.phase !== Phase.Told) {
    if (report === NfcReport.NoCard) {
      r.mustLeave = false;
      r.isTwoCards = false;
    }
    if (report === NfcReport.Silent) r.phase = Phase.Down;
    else pause(r);
  }
}

function onEnding(r: Reader, report: NfcReport): void {
  const isDone = report === NfcReport.Released || report === NfcReport.Silent || report === NfcReport.Ready;
  if (!isDone && release(r.nfc)) return;
  r.phase = Phase.Over;
  r.devices.board.timer(Timer.Nfc, -1);
}

function onCard(r: Reader): void {
  r.isTwoCards = false;
  if (r.mustLeave) pause(r);
  else if (!r.nfc.card.takesApdus) tell(r, TapOutcome.OtherCard);
  else {
    r.phase = Phase.Reading;
    exchange(r.nfc, nextCommand(r.tap));
  }
}

/** Said once, and not again until something changes. */
function onTwoCards(r: Reader): void {
  if (r.isTwoCards) {
    pause(r);
    return;
  }
  r.isTwoCards = true;
  tell(r, TapOutcome.None);
}

function onCardAnswer(r: Reader): void {
  const outcome = onAnswer(r.tap, r.nfc.answer);
  if (outcome === TapOutcome.None) {
    exchange(r.nfc, nextCommand(r.tap));
    return;
  }
  if (outcome === TapOutcome.Online) {
    // The card may go. All else can wait until this is said.
    signal(r.devices.buzzer, Signal.RemoveCard);
    release(r.nfc);
  }
  tell(r, outcome);
}

/** The exchange failed, and the driver has taken the field down. Nothing was sent to anybody. */
function onFailed(r: Reader, report: NfcReport): void {
  onCardLost(r.tap);
  const isOdd = report === NfcReport.TooLong || report === NfcReport.Refused;
  tell(r, isOdd ? TapOutcome.OtherCard : TapOutcome.CardLost);
  if (report === NfcReport.Silent) r.nfc.isSilent = true;
}

function tell(r: Reader, outcome: TapOutcome): void {
  r.phase = Phase.Told;
  r.outcome = outcome;
  r.mustLeave = outcome !== TapOutcome.None && outcome !== TapOutcome.CardLost;
  enqueue(r.devices.queue, Happening.Uart, Port.Nfc, "");
}

/** What the tap came to, as an event for the machine. */
export function tapFact(r: Reader, t: Terminal): Event {
  if (r.phase !== Phase.Told || t.state !== State.Card) return Event.None;
  const outcome = r.outcome;
  if (outcome === TapOutcome.Online) return takeTap(r.tap, t);
  t.notice = noticeOf(outcome);
  const isBarred =
    outcome === TapOutcome.Blocked || outcome === TapOutcome.Expired || outcome === TapOutcome.NotAccepted;
  return isBarred ? Event.Barred : Event.Unread;
}

function noticeOf(outcome: TapOutcome): Notice {
  if (outcome === TapOutcome.None) return Notice.OneCard;
  if (outcome === TapOutcome.OtherCard) return Notice.OtherCard;
  if (outcome === TapOutcome.NoMagstripe) return Notice.UseStripe;
  if (outcome === TapOutcome.Blocked) return Notice.CardBlocked;
  if (outcome === TapOutcome.Expired) return Notice.CardExpired;
  if (outcome === TapOutcome.NotAccepted) return Notice.CardRefuses;
  if (outcome === TapOutcome.OverLimit) return Notice.TooMuch;
  return outcome === TapOutcome.SeePhone ? Notice.SeePhone : Notice.TapAgain;
}

/** A good card: what it told becomes a sale. */
function takeTap(tap: Tap, t: Terminal): Event {
  const track2 = tap.track2.substr(1, tap.track2.length - 2);
  const sequence = unpackDigits(valueOf(tap.card, 0x5f34));
  t.notice = Notice.None;
  t.track2 = track2;
  t.chipData = chipData(tap);
  t.pinTries = 0;
  const entry = "" + tap.cvm + (sequence === "" ? "   " : sequence.padStart(3, "0")) + tap.aids[tap.at];
  beginSale(t, maskPan(track2.substr(0, track2.indexOf("="))), entry);
  return tap.cvm === Cvm.OnlinePin ? Event.PinWanted : Event.Swiped;
}
