/**
 * The terminal at work: happenings in, facts, a step of the machine, then what its row says in one fixed order: journal record,
 * screen, effects. While flash is being written and read back, events wait.
 */
import { type Board, Happening, type Natives, Port } from "../board/board";
import { beepError, beepKey, beepOk } from "../drivers/buzzer";
import { type Display, openDisplay, show } from "../drivers/display";
import { keyAt } from "../drivers/keypad";
import { decodeTrack } from "../drivers/magstripe";
import { hasBegun, onPrinterBytes, onPrinterTimer, openPrinter, pollPrinter } from "../drivers/printer";
import { print, type Printer, startPrinter } from "../drivers/printer";
import { PrinterReport } from "../drivers/status";
import { unpack } from "../proto/iso8583";
import { qrcodePart } from "../proto/qrcode.lazy";
import { answerKeyOf, frameOf, outcomeBody, saleBody } from "./book";
import { answerFact, cardFact, keyFact, mayAskPin, printerFact } from "./facts";
import {
  askSignOn,
  endSignOn,
  endSilence,
  isSignOnTime,
  journalChain,
  journalSignOn,
  onIdleTimer,
  restRekey,
  signOnAnswered,
} from "./idle";
import { append, onFlash } from "./journal";
import { ask, endRequest, type Link, NetState, onLinkTimer, onNet, openLink, prepareAnswer, startLink } from "./link";
import { reversalRequest, saleRequest } from "./messages";
import { sealPin, usePinKey } from "./pin";
import { hasPinKeys, isPinKeysBusy, loadPinKeys, onPinKeysFlash, openPinKeys, type PinKeys } from "./pinkeys";
import { receiptLine } from "./receipt";
import { Record } from "./record";
import { loadJournal } from "./replay";
import { isJournalBusy, type Journal, openJournal } from "./ring";
import { screen } from "./screens";
import { openSeals, prepare, sealRequest, type Seals } from "./seal";
import { clockText, openSignOn, type SignOn } from "./signon";
import { Effect, Event, openTerminal, PrinterFault, State, type Terminal } from "./state";
import { rowEffects, rowRecord, step, waitMs } from "./step";

export const enum Timer {
  State = 0,
  Link = 1,
  Printer = 2,
  Swipe = 3,
  /** Work that nobody waits for. */
  Ahead = 4,
  Pin = 5,
  SignOn = 6,
  Rekey = 7,
}

/** A swipe is over when no further track came for this long. */
const SWIPE_WAIT_MS = 50;
/** Work ahead begins when a person paused for so long, */
const PAUSE_MS = 150;
/** and leaves room for a key between two steps. */
const STEP_WAIT_MS = 10;
/** For a PIN from its first digit to the green key, however many are taken back. */
const PIN_WAIT_MS = 60000;
/** Happenings that wait while flash is busy; more than a person can cause in the time of an erase. */
const QUEUE_MAX = 32;

interface Waiting {
  happening: Happening;
  value: number;
  text: string;
}

export interface Works {
  board: Board;
  natives: Natives;
  t: Terminal;
  journal: Journal;
  pinKeys: PinKeys;
  link: Link;
  seals: Seals;
  signOn: SignOn;
  display: Display;
  printer: Printer;
  /** Text of tracks 1 and 2 of the swipe in hand. */
  track1: string;
  track2: string;
  /** The sealed request of the sale that is being journalled. */
  frame: string;
  /** Effects that wait for the journal. */
  effects: number;
  queue: Waiting[];
}

/** What the printer lacks is printed as `?`: so far no text goes beyond ASCII. */
function noGlyph(): string {
  return "";
}

export function openWorks(board: Board, natives: Natives): Works {
  const seals = openSeals(natives);
  return {
    board: board,
    natives: natives,
    t: openTerminal(),
    journal: openJournal(board.flash, natives),
    pinKeys: openPinKeys(board.flash, natives),
    link: openLink(board, natives, Timer.Link, seals.even.pad.powers),
    seals: seals,
    signOn: openSignOn(),
    display: openDisplay(board),
    printer: openPrinter(board, Timer.Printer, noGlyph, (text) => qrcodePart().qrCode(text)),
    track1: "",
    track2: "",
    frame: "",
    effects: 0,
    queue: [],
  };
}

/** Everything that happens on the board comes in here. */
export function onHappening(works: Works, happening: Happening, value: number, text: string): void {
  if (happening === Happening.PowerOn) {
    enter(works);
  } else if (happening === Happening.Flash) {
    flashAnswered(works, text);
  } else if (happening === Happening.Uart && value === Port.Keypad) {
    for (let i = 0; i < text.length; i++) enqueue(works, happening, value, keyAt(text, i));
  } else if (happening !== Happening.Timer || value !== Timer.State || !isFlashBusy(works)) {
    // A state's time that ends while flash works is of a state that is being left.
    enqueue(works, happening, value, text);
  }
  while (works.queue.length > 0 && !isFlashBusy(works)) {
    const next = works.queue.shift() as Waiting;
    take(works, next.happening, next.value, next.text);
  }
  if (isSignOnTime(works)) dispatch(works, Event.SignOn);
}

function isFlashBusy(works: Works): boolean {
  return isJournalBusy(works.journal) || isPinKeysBusy(works.pinKeys);
}

function enqueue(works: Works, happening: Happening, value: number, text: string): void {
  if (works.queue.length < QUEUE_MAX) works.queue.push({ happening: happening, value: value, text: text });
}

function take(works: Works, happening: Happening, value: number, text: string): void {
  if (happening === Happening.Timer) onTimer(works, value);
  else if (happening === Happening.Net) onLink(works, value, text);
  else if (happening === Happening.Bits) onBits(works, value, text);
  else if (value === Port.Keypad) onKey(works, text);
  else if (value === Port.Printer) onPrinter(works, onPrinterBytes(works.printer, text));
}

function onKey(works: Works, key: string): void {
  if (key === "") return;
  restRekey(works);
  const isTaken = dispatch(works, keyFact(works.t, key));
  if (isTaken) beepKey(works.board);
  else beepError(works.board);
}

function onTimer(works: Works, timer: number): void {
  if (timer === Timer.Printer) {
    onPrinter(works, onPrinterTimer(works.printer));
    return;
  }
  let event: Event = Event.Timeout;
  if (timer === Timer.Link) event = onLinkTimer(works.link);
  else if (timer === Timer.Swipe) event = cardFact(works.t, works.track1, works.track2);
  else if (timer === Timer.Ahead) event = workAhead(works);
  else if (timer === Timer.SignOn || timer === Timer.Rekey) event = onIdleTimer(works, timer);
  else if (timer === Timer.Pin && works.t.state !== State.Pin) event = Event.None;
  dispatch(works, event);
  if (timer === Timer.Swipe) {
    works.track1 = "";
    works.track2 = "";
  }
}

function onBits(works: Works, track: number, bits: string): void {
  restRekey(works);
  const text = decodeTrack(track, bits);
  if (track === 1) works.track1 = text;
  else if (track === 2) works.track2 = text;
  works.board.timer(Timer.Swipe, SWIPE_WAIT_MS);
}

function onLink(works: Works, state: NetState, bytes: string): void {
  const t = works.t;
  // While there is no connection the link tries at its own pace, and not for a sign-on.
  if (state === NetState.Closed) endSignOn(works);
  const answer = onNet(works.link, state, bytes);
  const wasLinkUp = t.isLinkUp;
  t.isLinkUp = works.link.isOpen;
  const event = answer === "" ? Event.None : answered(works, unpack(answer));
  if (event !== Event.None) {
    endRequest(works.link);
    endSilence(works);
  }
  const isTaken = dispatch(works, event);
  if (!isTaken && wasLinkUp !== t.isLinkUp) show(works.display, screen(t));
}

function answered(works: Works, fields: string[] | null): Event {
  return works.signOn.isOut ? signOnAnswered(works, fields) : answerFact(works.t, fields);
}

/** What the printer says, to the machine; and to the status row when the machine has no use for it. */
function onPrinter(works: Works, report: PrinterReport): void {
  const t = works.t;
  const printer = works.printer;
  const wasFault = t.printerFault;
  const wasLow = t.isPaperLow;
  t.isPaperLow = printer.isPaperLow;
  let isTaken = false;
  if (report !== PrinterReport.None) {
    const fault = report < PrinterReport.Done ? (report as number) : PrinterFault.None;
    if (fault) t.isSlipBegun = hasBegun(printer);
    isTaken = dispatch(works, printerFact(t, fault, report === PrinterReport.Done));
  }
  if (!isTaken && (wasFault !== t.printerFault || wasLow !== t.isPaperLow)) show(works.display, screen(t));
}

/** Steps the machine. False when the state has no use for the event. */
function dispatch(works: Works, event: Event): boolean {
  const t = works.t;
  const wasPin = t.state === State.Pin;
  const row = event === Event.None ? 0 : step(t, event);
  if (!row) return false;
  const isPin = t.state === State.Pin;
  if (isPin !== wasPin) works.board.timer(Timer.Pin, isPin ? PIN_WAIT_MS : -1);
  if (t.state !== State.Idle) endSignOn(works);
  works.effects = rowEffects(row);
  if (!journal(works, rowRecord(row))) enter(works);
  return true;
}

/** Begins to write what the row says. False when there is nothing to write. */
function journal(works: Works, record: string): boolean {
  if (record === Record.None) return false;
  if (record === Record.Key) return journalSignOn(works);
  if (record === Record.SignedOn) journalChain(works);
  else if (record === Record.Sale) journalSale(works);
  else if (record === Record.PinKeys && works.t.settings) usePinKey(works.pinKeys, works.t.settings);
  else journalOutcome(works, record);
  return true;
}

/**
 * Seals request and reversal, and keeps the reversal: a power cut from here on ends in it. PIN block and card data are gone then,
 * but for a card whose PIN the host may still ask for.
 */
function journalSale(works: Works): void {
  const t = works.t;
  const j = works.journal;
  const link = works.link;
  if (!t.settings || !t.txn) return;
  const seals = works.seals;
  const tid = t.settings.tid;
  works.frame = sealRequest(seals, tid, j.chain, j.counter, saleRequest(t, t.settings, t.txn), link.answer.sub);
  if (!mayAskPin(t)) t.track2 = "";
  const undoKey = new Uint32Array(8);
  const undo = sealRequest(seals, tid, j.chain, j.counter + 1, reversalRequest(t, t.settings, t.txn), undoKey);
  t.pinBlock = "";
  t.pinSerial = "";
  j.counter += 2;
  append(j, t, Record.Sale, saleBody(t.txn, works.natives.toText(new Uint8Array(undoKey.buffer)), undo), true);
}

function journalOutcome(works: Works, record: string): void {
  const t = works.t;
  if (t.txn) append(works.journal, t, record, outcomeBody(t.txn, record), false);
}

function flashAnswered(works: Works, text: string): void {
  const j = works.journal;
  const t = works.t;
  if (isPinKeysBusy(works.pinKeys)) return pinKeysAnswered(works, text);
  const isLoading = !t.settings || t.state === State.Boot;
  const event = onFlash(j, t, text);
  if (isJournalBusy(j)) return;
  if (isLoading && t.settings) {
    startLink(works.link, t.settings);
    startPrinter(works.printer, t.settings.printer);
  }
  if (isLoading && t.settings && t.settings.pinFormat !== "") {
    t.found = event;
    loadPinKeys(works.pinKeys);
  } else if (event !== Event.None) dispatch(works, event);
  else enter(works);
}

/** The keys for PINs: found at power-on, after the journal; or one of them is used up, and the PIN may go under it. */
function pinKeysAnswered(works: Works, text: string): void {
  const t = works.t;
  const k = works.pinKeys;
  onPinKeysFlash(k, text);
  if (isPinKeysBusy(k)) return;
  if (t.state === State.Boot) {
    t.canTakePin = hasPinKeys(k);
    dispatch(works, t.found);
  } else {
    dispatch(works, sealPin(t, k, works.board));
  }
}

/** The state has been entered and the journal knows: screen, timer, effects. */
function enter(works: Works): void {
  const t = works.t;
  const effects = works.effects;
  works.effects = 0;
  if (t.state === State.Idle && t.isSignedOn) t.clock = clockText(works.signOn, works.board.nowMs());
  show(works.display, screen(t));
  const wait = waitMs(t.state);
  works.board.timer(Timer.State, wait > 0 ? wait : -1);
  if (effects & Effect.BeepOk) beepOk(works.board);
  if (effects & Effect.BeepError) beepError(works.board);
  if (effects & Effect.Load) loadJournal(works.journal);
  if (effects & Effect.Send) send(works);
  if (effects & Effect.Reverse) reverse(works);
  if (effects & Effect.Print) printReceipt(works);
  if (effects & Effect.Poll) pollPrinter(works.printer);
  if (t.state !== State.Boot && t.state !== State.Dead) works.board.timer(Timer.Ahead, PAUSE_MS);
}

/** One step of what sealing or opening will need, while nothing else is to do; its timer runs until all is made. */
function workAhead(works: Works): Event {
  const t = works.t;
  const j = works.journal;
  const link = works.link;
  if (!t.settings || t.state === State.Print) return Event.None;
  const isMore = link.line === "" ? prepare(works.seals, t.settings.tid, j.chain, j.counter) : prepareAnswer(link);
  if (isMore) works.board.timer(Timer.Ahead, STEP_WAIT_MS);
  return Event.None;
}

function send(works: Works): void {
  const frame = works.frame;
  works.frame = "";
  if (works.t.state === State.Idle) askSignOn(works);
  else ask(works.link, frame, false);
}

function reverse(works: Works): void {
  const saleRecordBody = works.journal.saleBody;
  works.natives.toBytes(answerKeyOf(saleRecordBody), works.link.answer.subBytes, 0);
  ask(works.link, frameOf(saleRecordBody), true);
}

function printReceipt(works: Works): void {
  const t = works.t;
  const lines = (index: number) => (t.settings && t.txn ? receiptLine(t, t.settings, t.txn, index) : "");
  print(works.printer, lines, !t.isBatteryLow);
}
