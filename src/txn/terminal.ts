/**
 * The terminal at work: happenings in, facts, a step of the machine, then what its row says in one fixed order: journal record,
 * screen, effects. While flash is being written and read back, events wait.
 */
import { type Board, Happening, type Natives, Port } from "../board/board";
import { beepError, beepKey, beepOk } from "../drivers/buzzer";
import { type Display, openDisplay, show } from "../drivers/display";
import { keyAt } from "../drivers/keypad";
import { decodeTrack } from "../drivers/magstripe";
import {
  onPrinterBytes,
  onPrinterTimer,
  openPrinter,
  pollPrinter,
  print,
  type Printer,
  PrinterReport,
} from "../drivers/printer";
import { unpack } from "../proto/iso8583";
import { answerKeyOf, frameOf, outcomeBody, saleBody } from "./book";
import { answerFact, cardFact, keyFact, printerFact } from "./facts";
import {
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
import { ask, endRequest, type Link, NetState, onLinkTimer, onNet, openLink, startLink } from "./link";
import { reversalRequest, saleRequest } from "./messages";
import { receiptLine } from "./receipt";
import { Record } from "./record";
import { loadJournal } from "./replay";
import { isJournalBusy, type Journal, openJournal } from "./ring";
import { screen } from "./screens";
import { sealRequest } from "./seal";
import { clockText, openSignOn, type SignOn } from "./signon";
import { Effect, Event, openTerminal, PrinterFault, State, type Terminal } from "./state";
import { rowEffects, rowRecord, step, waitMs } from "./step";

export const enum Timer {
  State = 0,
  Link = 1,
  Printer = 2,
  Swipe = 3,
  SignOn = 4,
  Rekey = 5,
}

/** A swipe is over when no further track came for this long. */
const SWIPE_WAIT_MS = 50;
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
  link: Link;
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

export function openWorks(board: Board, natives: Natives): Works {
  return {
    board: board,
    natives: natives,
    t: openTerminal(),
    journal: openJournal(board.flash, natives),
    link: openLink(board, natives, Timer.Link),
    signOn: openSignOn(),
    display: openDisplay(board),
    printer: openPrinter(board, Timer.Printer),
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
  } else {
    enqueue(works, happening, value, text);
  }
  while (works.queue.length > 0 && !isJournalBusy(works.journal)) {
    const next = works.queue.shift() as Waiting;
    take(works, next.happening, next.value, next.text);
  }
  if (isSignOnTime(works)) dispatch(works, Event.SignOn);
}

function enqueue(works: Works, happening: Happening, value: number, text: string): void {
  if (works.queue.length < QUEUE_MAX) works.queue.push({ happening: happening, value: value, text: text });
}

function take(works: Works, happening: Happening, value: number, text: string): void {
  const t = works.t;
  if (happening === Happening.Timer) onTimer(works, value);
  else if (happening === Happening.Net) onLink(works, value, text);
  else if (happening === Happening.Bits) onBits(works, value, text);
  else if (value === Port.Keypad) onKey(works, text);
  else if (value === Port.Printer) dispatch(works, printed(t, onPrinterBytes(works.printer, text)));
}

function onKey(works: Works, key: string): void {
  if (key === "") return;
  restRekey(works);
  const isTaken = dispatch(works, keyFact(works.t, key));
  if (isTaken) beepKey(works.board);
  else beepError(works.board);
}

function onTimer(works: Works, timer: number): void {
  const t = works.t;
  let event: Event = Event.Timeout;
  if (timer === Timer.Link) event = onLinkTimer(works.link);
  else if (timer === Timer.Printer) event = printed(t, onPrinterTimer(works.printer));
  else if (timer === Timer.Swipe) event = cardFact(t, works.track1, works.track2);
  else if (timer !== Timer.State) return onIdleTimer(works, timer);
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

function printed(t: Terminal, report: PrinterReport): Event {
  if (report === PrinterReport.None) return Event.None;
  const isOut = report === PrinterReport.PaperOut;
  const fault = isOut
    ? PrinterFault.PaperOut
    : report === PrinterReport.Silent
      ? PrinterFault.NoPrinter
      : PrinterFault.None;
  return printerFact(t, fault, report === PrinterReport.Done);
}

/** Steps the machine. False when the state has no use for the event. */
function dispatch(works: Works, event: Event): boolean {
  const row = event === Event.None ? 0 : step(works.t, event);
  if (!row) return false;
  if (works.t.state !== State.Idle) endSignOn(works);
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
  else journalOutcome(works, record);
  return true;
}

/** Seals request and reversal, and keeps the reversal: a power cut from here on ends in it. The card's data is gone then. */
function journalSale(works: Works): void {
  const t = works.t;
  const j = works.journal;
  const link = works.link;
  if (!t.settings || !t.txn) return;
  const tid = t.settings.tid;
  works.frame = sealRequest(works.natives, tid, j.chain, j.counter, saleRequest(t, t.settings, t.txn), link.answerKey);
  t.track2 = "";
  const undoKey = new Uint32Array(8);
  const undo = sealRequest(works.natives, tid, j.chain, j.counter + 1, reversalRequest(t, t.settings, t.txn), undoKey);
  j.counter += 2;
  append(j, t, Record.Sale, saleBody(t.txn, works.natives.toText(new Uint8Array(undoKey.buffer)), undo), true);
}

function journalOutcome(works: Works, record: string): void {
  const t = works.t;
  if (t.txn) append(works.journal, t, record, outcomeBody(t.txn, record), false);
}

function flashAnswered(works: Works, text: string): void {
  const j = works.journal;
  const isLoading = !works.t.settings || works.t.state === State.Boot;
  const event = onFlash(j, works.t, text);
  if (isJournalBusy(j)) return;
  if (isLoading && works.t.settings) startLink(works.link, works.t.settings);
  if (event !== Event.None) dispatch(works, event);
  else enter(works);
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
}

function send(works: Works): void {
  const s = works.signOn;
  const frame = works.frame;
  works.frame = "";
  s.isOut = works.t.state === State.Idle;
  ask(works.link, s.isOut ? s.frame : frame, s.isOut);
}

function reverse(works: Works): void {
  const saleRecordBody = works.journal.saleBody;
  works.natives.toBytes(answerKeyOf(saleRecordBody), works.link.answerKeyBytes, 0);
  ask(works.link, frameOf(saleRecordBody), true);
}

function printReceipt(works: Works): void {
  const t = works.t;
  print(works.printer, (index) => (t.settings && t.txn ? receiptLine(t, t.settings, t.txn, index) : ""));
}
