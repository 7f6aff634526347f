/** Battery, clock, clock chip and buzzer on the bench. Commands: 1 measure, 2 set the clock, 3 tell it, 4 set the chip, 5 read it, 6 a pattern. */
import { Happening } from "../../src/board/board";
import { board } from "../../src/board/console";
import { measureBattery, onBatteryAnalog, onBatteryTimer, openBattery } from "../../src/drivers/battery";
import { beepKey, onBuzzerTimer, openBuzzer, Signal, signal } from "../../src/drivers/buzzer";
import { localTime, openClock, secondsOff, setClock, weekday } from "../../src/drivers/clock";
import { onRtcI2c, onRtcTimer, openRtc, readRtc, RtcReport, setRtc } from "../../src/drivers/rtc";

declare const io: { tx(line: string): void };

const battery = openBattery(board, 7);
const clock = openClock();
const rtc = openRtc(board, 8);
const buzzer = openBuzzer(board, 6);

function tell(values: (string | number)[]): void {
  io.tx(JSON.stringify(["x"].concat(values as string[])));
}

function command(value: number, text: string): void {
  const nowMs = board.nowMs();
  if (value === 1) measureBattery(battery, text === "printing");
  else if (value === 2) tell([setClock(clock, text, nowMs) ? 1 : 0]);
  else if (value === 3) tell([localTime(clock, nowMs), secondsOff(clock, text, nowMs), weekday(text)]);
  else if (value === 4) setRtc(rtc, text);
  else if (value === 5) readRtc(rtc);
  else if (value === 6) signal(buzzer, text === "refused" ? Signal.Refused : Signal.RemoveCard);
  else beepKey(buzzer);
}

board.start((happening, value, text) => {
  let isNews = false;
  let report: RtcReport = RtcReport.None;
  if (happening === Happening.Analog) isNews = onBatteryAnalog(battery, value);
  else if (happening === Happening.I2c) report = onRtcI2c(rtc, value > 0, text);
  else if (happening === Happening.Timer && value === 6) onBuzzerTimer(buzzer);
  else if (happening === Happening.Timer && value === 7) isNews = onBatteryTimer(battery, false);
  else if (happening === Happening.Timer && value === 8) report = onRtcTimer(rtc);
  else if ((happening as number) === 20) command(value, text);
  if (isNews) tell([battery.percent, battery.level]);
  if (report !== RtcReport.None) tell([report, rtc.localTime]);
});
