/**
 * Real-time clock chip. Read once after power-on, written when the host's time is another. A chip whose oscillator stood still (DS3231:
 * OSF in 0Fh; PCF8563: VL in 02h), that counts in 12 hours, or that holds no date has no time to give. BCD, years 2000 to 2099.
 * Units: ms. A chip that is missing or silent is a named outcome, and is tried again the next time that it is to be read or set.
 *
 * Part: Maxim DS3231, NXP PCF8563
 * Bus: I2C
 * Document: Maxim 19-5170 rev 10, figure 1; NXP PCF8563 rev 11, 8.4
 * Pins: SDA, SCL, VCC, GND, a cell
 * Slowest: 100 ms, a bus that does not come back
 */
import { type Board, ClockChip } from "../board/board";
import { weekday } from "./clock";

export const ANSWER_MS_MAX = 100;
const DS3231_ADDRESS = 0x68;
const PCF8563_ADDRESS = 0x51;
/** DS3231: seconds to years are 00h to 06h, control and status 0Eh and 0Fh. */
const DS3231_STATUS = 0x0f;
/** PCF8563: control 00h and 01h, seconds to years 02h to 08h. */
const PCF8563_SECONDS = 0x02;
/** DS3231 OSF, PCF8563 VL: the time is not to be believed. */
const STOPPED = 0x80;
/** DS3231, hours: the chip counts to twelve. */
const TWELVE_HOURS = 0x40;

export const enum RtcReport {
  None = 0,
  /** `localTime` is the chip's. */
  Time = 1,
  /** The chip is there, and has no time yet. */
  Unset = 2,
  /** The chip took the time. */
  Set = 3,
  /** Nothing answers at its address. */
  Missing = 4,
  /** The bus did not come back. */
  Silent = 5,
}

/** What the transaction on the bus is. */
const enum Phase {
  Read = 0,
  /** The time is being written. */
  Write = 1,
  /** DS3231: the oscillator stop flag is being cleared. */
  Clear = 2,
}

export interface Rtc {
  board: Board;
  timer: number;
  isDs3231: boolean;
  /** A transaction on the bus is this driver's. */
  isBusy: boolean;
  phase: Phase;
  localTime: string;
}

export function openRtc(board: Board, timer: number): Rtc {
  const isDs3231 = board.profile.clockChip === ClockChip.Ds3231;
  return { board: board, timer: timer, isDs3231: isDs3231, isBusy: false, phase: Phase.Read, localTime: "" };
}

/** Asks for the time. False when the board has no chip, or the chip is busy. */
export function readRtc(rtc: Rtc): boolean {
  if (rtc.board.profile.clockChip === ClockChip.None || rtc.isBusy) return false;
  if (rtc.isDs3231) exchange(rtc, Phase.Read, "\0", DS3231_STATUS + 1);
  else exchange(rtc, Phase.Read, String.fromCharCode(PCF8563_SECONDS), 7);
  return true;
}

/** Sets the chip to `YYYYMMDDhhmmss`, which must be a time (`clock`). False as above. */
export function setRtc(rtc: Rtc, localTime: string): boolean {
  if (rtc.board.profile.clockChip === ClockChip.None || rtc.isBusy) return false;
  const day = bcd(localTime, 6);
  const ofWeek = weekday(localTime);
  // DS3231: day of the week 1 to 7 before the date; PCF8563: 0 to 6 behind it, and control registers that start the oscillator.
  const isDs = rtc.isDs3231;
  const middle = isDs ? String.fromCharCode(ofWeek + 1) + day : day + String.fromCharCode(ofWeek);
  const time = bcd(localTime, 12) + bcd(localTime, 10) + bcd(localTime, 8);
  exchange(rtc, Phase.Write, (isDs ? "\0" : "\0\0\0") + time + middle + bcd(localTime, 4) + bcd(localTime, 2), 0);
  return true;
}

function exchange(rtc: Rtc, phase: Phase, bytes: string, readBytes: number): void {
  rtc.phase = phase;
  rtc.isBusy = true;
  rtc.board.i2c(rtc.isDs3231 ? DS3231_ADDRESS : PCF8563_ADDRESS, bytes, readBytes);
  rtc.board.timer(rtc.timer, ANSWER_MS_MAX);
}

/** A transaction ended. */
export function onRtcI2c(rtc: Rtc, isAcknowledged: boolean, bytes: string): RtcReport {
  const phase = rtc.phase;
  if (!rtc.isBusy) return RtcReport.None;
  rtc.isBusy = false;
  rtc.board.timer(rtc.timer, -1);
  if (!isAcknowledged) return RtcReport.Missing;
  if (phase === Phase.Read) return take(rtc, bytes);
  if (phase === Phase.Clear || !rtc.isDs3231) return RtcReport.Set;
  exchange(rtc, Phase.Clear, String.fromCharCode(DS3231_STATUS, 0), 0);
  return RtcReport.None;
}

/** The bus did not come back in time. */
export function onRtcTimer(rtc: Rtc): RtcReport {
  if (!rtc.isBusy) return RtcReport.None;
  rtc.isBusy = false;
  return RtcReport.Silent;
}

function take(rtc: Rtc, bytes: string): RtcReport {
  const isDs = rtc.isDs3231;
  if (bytes.length !== (isDs ? DS3231_STATUS + 1 : 7)) return RtcReport.Missing;
  const flags = bytes.charCodeAt(isDs ? DS3231_STATUS : 0);
  if (flags & STOPPED || (isDs && bytes.charCodeAt(2) & TWELVE_HOURS)) return RtcReport.Unset;
  const text =
    "20" +
    digits(bytes, 6, 0xff) +
    digits(bytes, 5, 0x1f) +
    digits(bytes, isDs ? 4 : 3, 0x3f) +
    digits(bytes, 2, 0x3f) +
    digits(bytes, 1, 0x7f) +
    digits(bytes, 0, 0x7f);
  if (text.length !== 14) return RtcReport.Unset;
  rtc.localTime = text;
  return RtcReport.Time;
}

/** Two digits of `text` as a BCD byte. */
function bcd(text: string, at: number): string {
  return String.fromCharCode(parseInt(text.substr(at, 2), 16));
}

/** A BCD byte as two digits; "" when it is none. */
function digits(bytes: string, at: number, mask: number): string {
  const value = bytes.charCodeAt(at) & mask;
  if ((value & 15) > 9 || value > 0x99) return "";
  return String.fromCharCode(0x30 + (value >> 4), 0x30 + (value & 15));
}
