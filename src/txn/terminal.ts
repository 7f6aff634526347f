/**
 * The terminal at work: happenings in, facts, a step of the machine, then what its row says in one fixed order: journal record,
 * screen, effects. While flash is being written and read back, events wait.
 */
import { Group, Happening, Port } from "../board/board";
import { canPrint } from "../drivers/battery";
import { beepKey, Signal, signal } from "../drivers/buzzer";
import { keyAt } from "../drivers/keypad";
import { KeypadReport, onKeypadPins, onKeypadTimer } from "../drivers/keypad-matrix";
import { onPrinterBytes, onPrinterTimer, pollPrinter, startPrinter } from "../drivers/printer";
import { PrinterReport } from "../drivers/status";
import { unpack } from "../proto/iso8583";
import { journal, printReceipt, repeat, send } from "./acts";
import { workAhead } from "./ahead";
import { deskPart } from "./desk.lazy";
import { clockText, endStripe, onDevice, readStripe, startDevices, told } from "./devices";
import { cardFact, keyFact, printerFact, unlessBlocked } from "./facts";
import { answered, endSignOn, lockIdle, onUpdate, restRekey } from "./idle";
import { onFlash } from "./journal";
import { closed, fingerFact, isOfFinger } from "./login-way";
import { endRequest, NetState, onLinkTimer, onNet, startLink } from "./link";
import { minutePart } from "./minute.lazy";
import { findPinKeys, isPinsBusy, onPinsFlash } from "./pins";
import { enqueue, type Waiting } from "./queue";
import { rekeyPart } from "./rekey.lazy";
import { replayPart } from "./replay.lazy";
import { isJournalBusy } from "./ring";
import { screen } from "./screens";
import { Effect, Event, PrinterFault, State } from "./state";
import { isLetGo, rowEffects, step, waitMs } from "./step";
import { holdTaps, onTaps } from "./taps";
import { Timer } from "./timers";
import { watchPart } from "./watch.lazy";
import { isFlashBusy, type Works } from "./works";

/** A swipe is over when no further track came for this long. */
const SWIPE_WAIT_MS = 50;
/** Work ahead (`ahead`) begins when a person paused for so long. */
const PAUSE_MS = 150;
/** For a PIN from its first digit to the green key, however many are taken back. */
const PIN_WAIT_MS = 60000;

/** Everything that happens on the board comes in here. A key comes in many small steps: they have the short way. */
export function onHappening(works: Works, happening: Happening, value: number, text: string): void {
  let report: KeypadReport = KeypadReport.None;
  if (happening === Happening.Pins && value === Group.KeypadColumns) {
    restRekey(works);
    report = onKeypadPins(works.devices.keypad, text);
    if (report === KeypadReport.None) return;
  } else if (happening === Happening.Timer && value === Timer.Keypad) {
    report = onKeypadTimer(works.devices.keypad);
    if (report === KeypadReport.None) return;
  } else if (happening === Happening.Uart && value === Port.Nfc && works.queue.length === 0 && !isFlashBusy(works)) {
    // A card in the field has the short way, too.
    dispatch(works, onTaps(works, happening, value, text));
    return;
  } else {
    onOther(works, happening, value, text);
  }
  if (report !== KeypadReport.None) told(works.devices, report);
  while (works.queue.length > 0 && !isFlashBusy(works)) {
    const next = works.queue.shift() as Waiting;
    take(works, next.happening, next.value, next.text);
  }
}

/** The panel draws on while flash is busy. */
function onOther(works: Works, happening: Happening, value: number, text: string): void {
  if (works.panel.on(happening, value, text)) return;
  if (happening === Happening.PowerOn) {
    works.t.slots = text;
    enter(works);
    startDevices(works.devices);
  } else if (happening === Happening.Flash) {
    flashAnswered(works, text);
  } else if (happening === Happening.Uart && value === Port.Keypad) {
    for (let i = 0; i < text.length; i++) enqueue(works.queue, happening, value, keyAt(text, i));
  } else if (happening === Happening.Timer && value === Timer.State && isFlashBusy(works)) {
    // A state's time that ends while flash works is of a state that is being left.
    return;
  } else if (!onDevice(works.devices, happening, value, text)) {
    enqueue(works.queue, happening, value, text);
  }
}

function take(works: Works, happening: Happening, value: number, text: string): void {
  if (isOfFinger(happening, value)) dispatch(works, fingerFact(works, happening, text));
  else if (happening === Happening.Timer && value === Timer.Printer) onPrinter(works, onPrinterTimer(works.printer));
  else if (happening === Happening.Timer) onTimer(works, value);
  else if (happening === Happening.Net) onLink(works, value, text);
  else if (happening === Happening.Bits) onBits(works, value, text);
  else if (happening === Happening.Analog) onBattery(works);
  else if (happening === Happening.Layers) dispatch(works, deskPart().onLayers(works, text));
  else if (value === Port.Keypad) onKey(works, text);
  else if (value === Port.Printer) onPrinter(works, onPrinterBytes(works.printer, text));
  else if (value === Port.Nfc) dispatch(works, onTaps(works, happening, value, text));
  else if (value === Port.Stripe) {
    // Tracks 1 and 2 from a reader with its own decoder.
    const at = text.indexOf("\n");
    restRekey(works);
    wake(works);
    dispatch(works, cardFact(works.t, text.substr(0, at), text.substr(at + 1)));
  }
}

function onKey(works: Works, key: string): void {
  if (key === "") return;
  restRekey(works);
  lockIdle(works);
  if (wake(works)) return;
  works.t.usedAtMs = works.board.nowMs();
  const isTaken = dispatch(works, keyFact(works.t, key));
  const buzzer = works.devices.buzzer;
  if (isTaken) beepKey(buzzer);
  else if (key < "a") signal(buzzer, Signal.Refused);
}

/** The first key or card finds the panel dark: it lights it up and does nothing else. */
function wake(works: Works): boolean {
  const t = works.t;
  if (!t.isDark) return false;
  t.isDark = false;
  t.usedAtMs = works.board.nowMs();
  beepKey(works.devices.buzzer);
  enter(works);
  return true;
}

/** The battery is another one than before. A receipt that waited for the charger goes on. */
function onBattery(works: Works): void {
  const t = works.t;
  const battery = works.devices.battery;
  t.batteryPercent = battery.percent;
  t.isBatteryLow = !canPrint(battery);
  const isBack = !t.isBatteryLow && t.printerFault === PrinterFault.BatteryLow;
  if (!isBack || !dispatch(works, printerFact(t, PrinterFault.None, false))) works.panel.show(screen(t));
}

function onTimer(works: Works, timer: number): void {
  if (timer === Timer.Update) return onUpdate(works);
  if (timer >= Timer.SignOn) {
    const s = works.signOn;
    const part = (s.rekey && s.rekey.part) || rekeyPart();
    const isMore = part.onIdleTimer(works, timer);
    if (s.rekey) s.rekey.part = isMore ? part : null;
    return;
  }
  let event: Event = Event.Timeout;
  if (timer === Timer.State) {
    lockIdle(works);
    if (works.t.state === State.Idle) minutePart().idleMinute(works);
  }
  if (timer === Timer.Link) event = onLinkTimer(works.link);
  else if (timer === Timer.Swipe) event = cardFact(works.t, works.track1, works.track2);
  else if (timer === Timer.Ahead) event = workAhead(works);
  else if (timer === Timer.Nfc || timer === Timer.Tap) event = onTaps(works, Happening.Timer, timer, "");
  else if (timer === Timer.Pin && works.t.state !== State.Pin) event = Event.None;
  dispatch(works, event);
  if (timer === Timer.Swipe) {
    works.track1 = "";
    works.track2 = "";
    endStripe(works.devices);
  }
}

function onBits(works: Works, track: number, bits: string): void {
  // One card at a time: should the swipe come to nothing, the reader is opened anew.
  holdTaps(works, false);
  restRekey(works);
  wake(works);
  const text = readStripe(works.devices, track, bits);
  if (track === 1) works.track1 = text;
  else if (track === 2) works.track2 = text;
  works.board.timer(Timer.Swipe, SWIPE_WAIT_MS);
}

function onLink(works: Works, state: NetState, bytes: string): void {
  const t = works.t;
  // While there is no connection the link tries at its own pace, and not for a sign-on.
  if (state === NetState.Closed) endSignOn(works);
  if (state === NetState.Open && (t.state === State.Idle || t.waiting !== "")) works.board.timer(Timer.Ahead, PAUSE_MS);
  const answer = onNet(works.link, state, bytes);
  const wasLinkUp = t.isLinkUp;
  const wasOnBackup = t.isOnBackup;
  t.isLinkUp = works.link.isOpen;
  t.isOnBackup = works.link.backAtMs > 0;
  const fields = answer === "" ? null : unpack(answer);
  const event = fields ? answered(works, fields) : Event.None;
  if (event !== Event.None) endRequest(works.link);
  const isTaken = dispatch(works, event);
  if (!isTaken && (wasLinkUp !== t.isLinkUp || wasOnBackup !== t.isOnBackup)) works.panel.show(screen(t));
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
    if (fault) t.isSlipBegun = printer.hasBegun;
    isTaken = dispatch(works, printerFact(t, fault, report === PrinterReport.Done));
  }
  if (!isTaken && (wasFault !== t.printerFault || wasLow !== t.isPaperLow)) works.panel.show(screen(t));
}

function mayBegin(event: Event): boolean {
  return event === Event.Enter || event === Event.Swiped || event === Event.Stored || event === Event.PinWanted;
}

/** Steps the machine. False when the state has no use for the event. */
function dispatch(works: Works, happened: Event): boolean {
  const t = works.t;
  const wasPin = t.state === State.Pin;
  const event = unlessBlocked(t, works.natives, happened);
  const desk = t.desk;
  const isCard = event === Event.Swiped || event === Event.PinSealed;
  const known = desk && isCard ? desk.part.cardTaken(t, desk, event) : event;
  const limits = mayBegin(known) ? t.limits : null;
  const row = known === Event.None ? "" : step(t, limits ? watchPart().watched(works, limits, known) : known);
  // Of what nobody has caused the screen tells, and the time of the state goes on.
  if (row === "" && known === Event.Heard) works.panel.show(screen(t));
  if (row === "") return false;
  const isPin = t.state === State.Pin;
  if (isPin !== wasPin) works.board.timer(Timer.Pin, isPin ? PIN_WAIT_MS : -1);
  holdTaps(works, t.state === State.Card && t.waiting === "");
  if (isLetGo(t, known, row)) {
    t.isOpen = false;
    endRequest(works.link);
  }
  if (t.state !== State.Idle) endSignOn(works);
  if (t.state >= State.Menu && !t.desk) {
    const part = deskPart();
    t.desk = part.openDesk(part, t);
  }
  works.effects = rowEffects(row);
  if (!journal(works, row.charAt(1))) enter(works);
  return true;
}

function flashAnswered(works: Works, text: string): void {
  const j = works.journal;
  const t = works.t;
  if (isPinsBusy(works.pins)) {
    dispatch(works, onPinsFlash(works.pins, t, text));
    return;
  }
  const update = works.signOn.update;
  if (update && update.isReading && update.part) {
    update.part.workUpdate(works, text);
    return;
  }
  const desk = t.desk;
  if (desk && desk.isReading) {
    dispatch(works, desk.part.onFind(j, t, desk, text));
    return;
  }
  const isLoading = !t.settings || t.state === State.Boot;
  const event = onFlash(j, t, text);
  if (isJournalBusy(j)) return;
  if (isLoading && t.settings) {
    startLink(works.link, t.settings);
    startPrinter(works.printer, t.settings.printer);
  }
  if (isLoading && t.settings && t.settings.pinFormat !== "") {
    t.found = event;
    findPinKeys(works.pins);
  } else if (event !== Event.None) dispatch(works, event);
  else enter(works);
}

/** The state has been entered and the journal knows: screen, timer, effects. */
function enter(works: Works): void {
  const t = works.t;
  const state = t.state;
  const effects = works.effects;
  const effect = effects - (effects & Effect.Beeps);
  works.effects = 0;
  if (state < State.Menu && state !== State.Amount && state !== State.Card && state !== State.Pin)
    t.desk = closed(t.desk);
  t.clock = clockText(works.devices);
  works.panel.show(screen(t));
  const wait = waitMs(state);
  works.board.timer(Timer.State, wait > 0 ? wait : -1);
  works.devices.isPrinting = effect === Effect.Print || effect === Effect.PrintSlip;
  if (effects & Effect.BeepOk) signal(works.devices.buzzer, Signal.Accepted);
  if (effects & Effect.BeepError) signal(works.devices.buzzer, Signal.Refused);
  if (effect === Effect.Load) replayPart().loadJournal(works.journal);
  else if (effect === Effect.Send) send(works);
  else if (effect === Effect.Repeat) repeat(works);
  else if (effect === Effect.Print) printReceipt(works);
  else if (effect === Effect.Poll) pollPrinter(works.printer);
  else if (effect !== Effect.None && t.desk) t.desk.part.deskAct(works, t.desk, effect);
  if (t.state !== State.Boot && t.state !== State.Dead) works.board.timer(Timer.Ahead, PAUSE_MS);
}
