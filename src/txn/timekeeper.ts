/** What time it is: from the clock chip at power-on, then from the host, which the chip follows. */
import { type Board, ClockChip } from "../board/board";
import { type Clock, localTime, openClock, secondsOff, setClock } from "../drivers/clock";
import { onRtcI2c, onRtcTimer, openRtc, readRtc, type Rtc, RtcReport, setRtc } from "../drivers/rtc";

/** The chip is set when it is off by more. */
const SECONDS_OFF_MAX = 2;

export interface Timekeeper {
  board: Board;
  clock: Clock;
  rtc: Rtc;
  /** How the chip is, as far as it was asked. */
  rtcState: RtcReport;
}

/** At power-on: asks the chip. */
export function openTimekeeper(board: Board, timer: number): Timekeeper {
  const rtc = openRtc(board, timer);
  readRtc(rtc);
  return { board: board, clock: openClock(), rtc: rtc, rtcState: RtcReport.None };
}

/** The host said at `atMs` what time it was (`YYYYMMDDhhmmss`); anything else is passed over. */
export function setTime(keeper: Timekeeper, hostTime: string, atMs: number): void {
  const clock = keeper.clock;
  const off = secondsOff(clock, hostTime, atMs);
  const state = keeper.rtcState;
  const isKept = state === RtcReport.Time || state === RtcReport.Set;
  if (!setClock(clock, hostTime, atMs) || (isKept && off >= 0 && off <= SECONDS_OFF_MAX)) return;
  if (keeper.board.profile.clockChip !== ClockChip.None) setRtc(keeper.rtc, localTime(clock, keeper.board.nowMs()));
}

/** An I2C exchange ended. */
export function onTimeI2c(keeper: Timekeeper, isAcknowledged: boolean, bytes: string): void {
  ticked(keeper, onRtcI2c(keeper.rtc, isAcknowledged, bytes));
}

export function onTimeTimer(keeper: Timekeeper): void {
  ticked(keeper, onRtcTimer(keeper.rtc));
}

function ticked(keeper: Timekeeper, report: RtcReport): void {
  if (report === RtcReport.None) return;
  const isWrong = report === RtcReport.Time && !setClock(keeper.clock, keeper.rtc.localTime, keeper.board.nowMs());
  keeper.rtcState = isWrong ? RtcReport.Unset : report;
}
