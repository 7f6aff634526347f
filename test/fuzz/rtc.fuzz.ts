/** The clock chips with any registers, answers nobody asked for, and a timer: a time that is one, or a reason, and always an end. */
import { ClockChip } from "../../src/board/board";
import { localTime, openClock, setClock } from "../../src/drivers/clock";
import { onRtcI2c, onRtcTimer, openRtc, readRtc, RtcReport, setRtc } from "../../src/drivers/rtc";
import { fakeBoard, PROFILE } from "../drivers/fake-board";
import { assert, mutated, noise } from "./inputs";
import type { Random } from "./runner";

const CHIPS = [
  { chip: ClockChip.Ds3231, good: "\x58\x59\x23\x03\x29\x02\x28".padEnd(16, "\0") },
  { chip: ClockChip.Pcf8563, good: "\x58\x59\x23\x29\x02\x02\x28" },
];
let isArmed = false;
const boards = CHIPS.map(({ chip }) => ({
  ...fakeBoard({ ...PROFILE, clockChip: chip }),
  timer: (_: number, delayMs: number) => {
    isArmed = delayMs >= 0;
  },
  i2c: () => undefined,
}));

export function fuzz(random: Random): void {
  const which = random(2);
  const rtc = openRtc(boards[which] as (typeof boards)[0], 8);
  const { good } = CHIPS[which] as (typeof CHIPS)[0];
  isArmed = false;
  for (let step = 0; step < 6; step++) {
    const kind = random(6);
    let report: RtcReport = RtcReport.None;
    if (kind === 0) readRtc(rtc);
    else if (kind === 1) setRtc(rtc, "20280229235958");
    else if (kind === 2) report = onRtcTimer(rtc);
    else report = onRtcI2c(rtc, random(8) > 0, random(4) === 0 ? noise(random, 20) : mutated(random, good));
    if (kind === 2) isArmed = false;
    assert(rtc.isBusy === isArmed, "busy without a timer, or a timer for nothing", step, kind);
    if (report !== RtcReport.Time) continue;
    assert(/^20[0-9]{12}$/.test(rtc.localTime), "no digits", rtc.localTime);
    const clock = openClock();
    const isTime = !Number.isNaN(
      Date.parse(rtc.localTime.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6Z")),
    );
    if (setClock(clock, rtc.localTime, 0))
      assert(isTime && localTime(clock, 0) === rtc.localTime, "other time", rtc.localTime);
  }
}
