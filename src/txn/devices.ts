/**
 * The small devices around the machine: keys, stripe readers, buzzer and lamps, battery, clock. They are served at once, also while the
 * journal is being written; what they have to tell is small and waits its turn.
 */
import { type Board, Happening, Port } from "../board/board";
import { type Battery, measureBattery, onBatteryAnalog, onBatteryTimer, openBattery } from "../drivers/battery";
import { type Buzzer, onBuzzerTimer, openBuzzer, Signal, signal } from "../drivers/buzzer";
import { type Clock, openClock, secondsOff, setClock } from "../drivers/clock";
import { type KeypadMatrix, KeypadReport, openKeypadMatrix, startKeypad } from "../drivers/keypad-matrix";
import { openStripe, type Stripe } from "../drivers/magstripe";
import {
  onStripeBytes,
  onStripeTimer,
  openStripeReader,
  type StripeReader,
  StripeReport,
} from "../drivers/magstripe-uart";
import { onRtcI2c, onRtcTimer, openRtc, readRtc, type Rtc, RtcReport, setRtc } from "../drivers/rtc";
import { enqueue, type Waiting } from "./queue";
import { Timer } from "./timers";

/** The chip is set when it is off by more. */
const SECONDS_OFF_MAX = 2;

export interface Devices {
  board: Board;
  /** Keys (as from a serial keypad; a small letter is a long press), cards and news of the battery go in here. */
  queue: Waiting[];
  keypad: KeypadMatrix;
  stripe: Stripe;
  reader: StripeReader;
  buzzer: Buzzer;
  battery: Battery;
  /** The printer's head draws its current. */
  isPrinting: boolean;
  clock: Clock;
  rtc: Rtc;
  /** How the chip is, as far as it was asked. */
  rtcState: RtcReport;
}

export function openDevices(board: Board, queue: Waiting[]): Devices {
  return {
    board: board,
    queue: queue,
    keypad: openKeypadMatrix(board, Timer.Keypad),
    stripe: openStripe(),
    reader: openStripeReader(board, Timer.Stripe),
    buzzer: openBuzzer(board, Timer.Buzzer),
    battery: openBattery(board, Timer.Battery),
    isPrinting: false,
    clock: openClock(),
    rtc: openRtc(board, Timer.Clock),
    rtcState: RtcReport.None,
  };
}

/** Power is on. */
export function startDevices(devices: Devices): void {
  startKeypad(devices.keypad);
  measureBattery(devices.battery, false);
  readRtc(devices.rtc);
}

/** False when it was for none of them. */
export function onDevice(devices: Devices, happening: Happening, value: number, text: string): boolean {
  if (happening === Happening.Timer) return value > Timer.Keypad && onDeviceTimer(devices, value);
  if (happening === Happening.Uart && value === Port.Stripe) swiped(devices, onStripeBytes(devices.reader, text));
  else if (happening === Happening.I2c && devices.rtc.isBusy) ticked(devices, onRtcI2c(devices.rtc, value === 1, text));
  else if (happening === Happening.Analog) measured(devices, onBatteryAnalog(devices.battery, value));
  else return false;
  return true;
}

function onDeviceTimer(devices: Devices, timer: number): boolean {
  if (timer === Timer.Stripe) swiped(devices, onStripeTimer(devices.reader));
  else if (timer === Timer.Battery) measured(devices, onBatteryTimer(devices.battery, devices.isPrinting));
  else if (timer === Timer.Clock) ticked(devices, onRtcTimer(devices.rtc));
  else if (timer === Timer.Buzzer) onBuzzerTimer(devices.buzzer);
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

function swiped(devices: Devices, report: StripeReport): void {
  const reader = devices.reader;
  if (report === StripeReport.None) return;
  enqueue(devices.queue, Happening.Uart, Port.Stripe, reader.track1 + "\n" + reader.track2);
}

function measured(devices: Devices, isNews: boolean): void {
  if (isNews) enqueue(devices.queue, Happening.Analog, 0, "");
}

function ticked(devices: Devices, report: RtcReport): void {
  if (report === RtcReport.None) return;
  const nowMs = devices.board.nowMs();
  const isWrong = report === RtcReport.Time && !setClock(devices.clock, devices.rtc.localTime, nowMs);
  devices.rtcState = isWrong ? RtcReport.Unset : report;
}

/** The host says what time it is (`YYYYMMDDhhmmss`); anything else is passed over. The chip follows. */
export function setTime(devices: Devices, localTime: string): void {
  const nowMs = devices.board.nowMs();
  const off = secondsOff(devices.clock, localTime, nowMs);
  const state = devices.rtcState;
  const isKept = state === RtcReport.Time || state === RtcReport.Set;
  if (!setClock(devices.clock, localTime, nowMs) || (isKept && off >= 0 && off <= SECONDS_OFF_MAX)) return;
  setRtc(devices.rtc, localTime);
}
