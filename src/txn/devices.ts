/**
 * The small devices around the machine: keys, stripe readers, buzzer and lamps, battery, clock. They are served at once, also while the
 * journal is being written; what they have to tell is small and waits its turn.
 */
import { type Board, Happening, Port } from "../board/board";
import { type Battery, measureBattery, onBatteryAnalog, onBatteryTimer, openBattery } from "../drivers/battery";
import { type Buzzer, onBuzzerTimer, openBuzzer, Signal, signal } from "../drivers/buzzer";
import { type KeypadMatrix, KeypadReport, openKeypadMatrix, startKeypad } from "../drivers/keypad-matrix";
import type { Stripe } from "../drivers/magstripe";
import { stripePart } from "../drivers/magstripe.lazy";
import { type StripeReader, StripeReport } from "../drivers/magstripe-uart";
import { stripeReaderPart } from "../drivers/magstripe-uart.lazy";
import { toDigits } from "../proto/bytes";
import { enqueue, type Waiting } from "./queue";
import type { Timekeeper } from "./timekeeper";
import { timekeeperPart } from "./timekeeper.lazy";
import { Timer } from "./timers";

type TimePart = ReturnType<typeof timekeeperPart>;

export interface Devices {
  board: Board;
  /** Keys (as from a serial keypad; a small letter is a long press), cards and news of the battery go in here. */
  queue: Waiting[];
  keypad: KeypadMatrix;
  /** Of the head, from the first swipe on; and what decodes the swipe in hand. */
  stripe: Stripe | null;
  decoder: ReturnType<typeof stripePart> | null;
  /** A reader that decodes by itself, from its first byte on. */
  reader: { part: ReturnType<typeof stripeReaderPart>; own: StripeReader } | null;
  buzzer: Buzzer;
  battery: Battery;
  /** The printer's head draws its current. */
  isPrinting: boolean;
  timekeeper: Timekeeper | null;
  timePart: TimePart | null;
  /** What the host said last, and when; "" when it has been looked at. */
  hostTime: string;
  hostTimeAtMs: number;
}

export function openDevices(board: Board, queue: Waiting[]): Devices {
  return {
    board: board,
    queue: queue,
    keypad: openKeypadMatrix(board, Timer.Keypad),
    stripe: null,
    decoder: null,
    reader: null,
    buzzer: openBuzzer(board, Timer.Buzzer),
    battery: openBattery(board, Timer.Battery),
    isPrinting: false,
    timekeeper: null,
    timePart: null,
    hostTime: "",
    hostTimeAtMs: 0,
  };
}

/** Power is on. */
export function startDevices(devices: Devices): void {
  startKeypad(devices.keypad);
  measureBattery(devices.battery, false);
  const part = timekeeperPart();
  devices.timekeeper = part.openTimekeeper(devices.board, Timer.Clock);
  holdTime(devices, part);
}

/** False when it was for none of them. */
export function onDevice(devices: Devices, happening: Happening, value: number, text: string): boolean {
  if (happening === Happening.Timer) return value > Timer.Keypad && onDeviceTimer(devices, value);
  const part = devices.timePart;
  const keeper = devices.timekeeper;
  if (happening === Happening.Uart && value === Port.Stripe) onReader(devices, text);
  else if (happening === Happening.I2c && part && keeper) {
    part.onTimeI2c(keeper, value > 0, text);
    holdTime(devices, part);
  } else if (happening === Happening.Analog) measured(devices, onBatteryAnalog(devices.battery, value));
  else return false;
  return true;
}

function onDeviceTimer(devices: Devices, timer: number): boolean {
  const part = devices.timePart;
  const keeper = devices.timekeeper;
  const reader = devices.reader;
  if (timer === Timer.Stripe && reader) swiped(devices, reader.part.onStripeTimer(reader.own));
  else if (timer === Timer.Battery) measured(devices, onBatteryTimer(devices.battery, devices.isPrinting));
  else if (timer === Timer.Clock && part && keeper) {
    part.onTimeTimer(keeper);
    holdTime(devices, part);
  } else if (timer === Timer.Buzzer) onBuzzerTimer(devices.buzzer);
  else return false;
  return true;
}

/** The keypad reports something. What wants looking after, a stuck key or a loose line, calls for it. */
export function told(devices: Devices, report: KeypadReport): void {
  const key = devices.keypad.key;
  const isLong = report === KeypadReport.Long;
  const name = isLong ? key.toLowerCase() : key;
  if (!isLong && report !== KeypadReport.Key) signal(devices.buzzer, Signal.Attention);
  else if (!isLong || name !== key) enqueue(devices.queue, Happening.Uart, Port.Keypad, name);
}

/** A key of a touch glass, or "" when the glass does not answer. */
export function touched(devices: Devices, key: string): void {
  if (key === "") signal(devices.buzzer, Signal.Attention);
  else enqueue(devices.queue, Happening.Uart, Port.Keypad, key);
}

/** Text of a track that passed the head; "" when it could not be read. */
export function readStripe(devices: Devices, track: number, bits: string): string {
  const part = devices.decoder || stripePart();
  devices.decoder = part;
  if (!devices.stripe) devices.stripe = part.openStripe();
  return part.readTrack(devices.stripe, track, bits);
}

/** The swipe is over. */
export function endStripe(devices: Devices): void {
  devices.decoder = null;
}

function onReader(devices: Devices, bytes: string): void {
  if (!devices.reader) {
    const part = stripeReaderPart();
    devices.reader = { part: part, own: part.openStripeReader(devices.board, Timer.Stripe) };
  }
  const reader = devices.reader;
  swiped(devices, reader.part.onStripeBytes(reader.own, bytes));
}

function swiped(devices: Devices, report: StripeReport): void {
  const reader = devices.reader;
  if (report === StripeReport.None || !reader) return;
  enqueue(devices.queue, Happening.Uart, Port.Stripe, reader.own.track1 + "\n" + reader.own.track2);
}

function measured(devices: Devices, isNews: boolean): void {
  if (isNews) enqueue(devices.queue, Happening.Analog, 0, "");
}

/** Time of day, `hh:mm`, or "" when nobody knows. */
export function clockText(devices: Devices): string {
  const keeper = devices.timekeeper;
  if (!keeper || keeper.clock.days < 0) return "";
  const clock = keeper.clock;
  const minutes = Math.floor((clock.seconds + (devices.board.nowMs() - clock.setAtMs) / 1000) / 60);
  return toDigits(Math.floor(minutes / 60) % 24, 2) + ":" + toDigits(minutes % 60, 2);
}

/** Looks at what time the host said that it is, when nobody waits. False when there is nothing to do. */
export function keepTime(devices: Devices): boolean {
  const keeper = devices.timekeeper;
  if (devices.hostTime === "" || devices.timePart || !keeper) return false;
  const part = timekeeperPart();
  part.setTime(keeper, devices.hostTime, devices.hostTimeAtMs);
  devices.hostTime = "";
  holdTime(devices, part);
  return true;
}

/** While the chip answers, what hears it stays in memory. */
function holdTime(devices: Devices, part: TimePart): void {
  devices.timePart = devices.timekeeper && devices.timekeeper.rtc.isBusy ? part : null;
}
