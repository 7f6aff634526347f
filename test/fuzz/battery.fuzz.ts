/** Voltages of any kind at any time: a percentage that is one, a level that belongs to it, and a next look that is armed. */
import {
  BatteryLevel,
  canPrint,
  measureBattery,
  onBatteryAnalog,
  onBatteryTimer,
  openBattery,
} from "../../src/drivers/battery";
import { fakeBoard, PROFILE } from "../drivers/fake-board";

let isArmed = false;
const profile = { ...PROFILE };
const board = {
  ...fakeBoard(profile),
  timer: (_: number, delayMs: number) => {
    isArmed = delayMs >= 0;
  },
  analog: () => undefined,
};

export function fuzz(random: (below: number) => number): void {
  Object.assign(profile, {
    batteryPerVolt: 1000 + random(4000),
    batteryMilliohm: random(500),
    printMilliamp: random(3000),
  });
  const battery = openBattery(board, 7);
  isArmed = false;
  measureBattery(battery, false);
  for (let step = 0; step < 12; step++) {
    const isPrinting = random(3) === 0;
    const was = battery.level;
    const cell = random(8) === 0 ? random(65536) : 3000 + random(1300);
    const pin = random(20) === 0 ? Number.NaN : Math.round((cell * 1000) / profile.batteryPerVolt);
    const isNews = random(3) === 0 ? onBatteryTimer(battery, isPrinting) : onBatteryAnalog(battery, pin);
    const { percent, level } = battery;
    if (!isArmed) throw new Error("no next look");
    if (!Number.isInteger(percent) || percent < -1 || percent > 100) throw new Error(`${percent} %`);
    if ((percent === -1) !== (level === BatteryLevel.Unknown)) throw new Error(`${percent} % at level ${level}`);
    if (percent >= 18 && level !== BatteryLevel.Good) throw new Error(`${percent} % is not good`);
    if (percent >= 0 && percent < 5 && canPrint(battery)) throw new Error(`${percent} % may print`);
    if (was !== level && !isNews) throw new Error("nobody was told");
  }
}
