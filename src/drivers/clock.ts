/**
 * Wall clock: the local time that the host gave last, carried on by the board's milliseconds. Gregorian calendar, years 2000 to 2099,
 * no time zones: the host's local time is the terminal's. Until it is set nobody knows the time. Pure; no wait.
 *
 * Part of: rtc.ts
 */

export interface Clock {
  /** Days since 2000-01-01 and seconds of that day, when the board's clock said `setAtMs`. Days below 0: not set. */
  days: number;
  seconds: number;
  setAtMs: number;
}

const DAY_SECONDS = 86400;
/** From 2000-01-01 (a Saturday) to the end of 2099. */
const DAYS = 36525;
/** Days before each month of a common year, three digits each. */
const BEFORE_MONTH = "000031059090120151181212243273304334365";

export function openClock(): Clock {
  return { days: -1, seconds: 0, setAtMs: 0 };
}

/** Sets the clock to `YYYYMMDDhhmmss`. False, and nothing happens, when that is no time. */
export function setClock(clock: Clock, localTime: string, nowMs: number): boolean {
  const days = daysOf(localTime);
  const seconds = number(localTime, 8, 2) * 3600 + number(localTime, 10, 2) * 60 + number(localTime, 12, 2);
  if (days < 0 || !isTimeOfDay(localTime)) return false;
  clock.days = days;
  clock.seconds = seconds;
  clock.setAtMs = nowMs;
  return true;
}

/** `YYYYMMDDhhmmss`, or "" when nobody knows. */
export function localTime(clock: Clock, nowMs: number): string {
  if (clock.days < 0) return "";
  const seconds = clock.seconds + Math.floor((nowMs - clock.setAtMs) / 1000);
  const rest = seconds % DAY_SECONDS;
  const days = clock.days + (seconds - rest) / DAY_SECONDS;
  if (days >= DAYS) return "";
  const second = rest % 60;
  const minute = ((rest - second) / 60) % 60;
  return dateText(days) + two((rest - second - minute * 60) / 3600) + two(minute) + two(second);
}

/** How many seconds the clock is off from a time that is true now; -1 when either is no time. */
export function secondsOff(clock: Clock, trueTime: string, nowMs: number): number {
  const other = openClock();
  if (clock.days < 0 || !setClock(other, trueTime, nowMs)) return -1;
  const off = (other.days - clock.days) * DAY_SECONDS + other.seconds - clock.seconds;
  const elapsed = Math.floor((nowMs - clock.setAtMs) / 1000);
  return off > elapsed ? off - elapsed : elapsed - off;
}

/** 0 is Sunday; of a time that is one. */
export function weekday(localTime: string): number {
  return (daysOf(localTime) + 6) % 7;
}

function number(text: string, at: number, digits: number): number {
  return parseInt(text.substr(at, digits), 10);
}

function two(value: number): string {
  return value < 10 ? "0" + value : "" + value;
}

function isTimeOfDay(text: string): boolean {
  return number(text, 8, 2) < 24 && number(text, 10, 2) < 60 && number(text, 12, 2) < 60;
}

/** Days before a month, 1 to 13; the leap day belongs to the year's months from March on. */
function daysBefore(month: number, isLeap: boolean): number {
  return number(BEFORE_MONTH, month * 3 - 3, 3) + (isLeap && month > 2 ? 1 : 0);
}

/** Days since 2000-01-01, or -1 when the text is no date. 2000 is a leap year, and so is every fourth one to 2096. */
function daysOf(text: string): number {
  if (text.length !== 14 || !/^[0-9]+$/.test(text)) return -1;
  const year = number(text, 0, 4) - 2000;
  const month = number(text, 4, 2);
  const day = number(text, 6, 2);
  if (year < 0 || year > 99 || month < 1 || month > 12 || day < 1) return -1;
  const isLeap = year % 4 === 0;
  const before = daysBefore(month, isLeap);
  if (day > daysBefore(month + 1, isLeap) - before) return -1;
  return year * 365 + ((year + 3) >> 2) + before + day - 1;
}

/** `YYYYMMDD` */
function dateText(days: number): string {
  const year = (days / 365.25) | 0;
  const left = days - year * 365 - ((year + 3) >> 2);
  const isLeap = year % 4 === 0;
  let month = 1;
  while (month < 12 && daysBefore(month + 1, isLeap) <= left) month++;
  return "" + (2000 + year) + two(month) + two(left - daysBefore(month, isLeap) + 1);
}
