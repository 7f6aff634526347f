/** The battery's percentage: true under load, steady, and unknown rather than wrong. */
import { beforeEach, describe, expect, test } from "vitest";
import { Happening } from "../../src/board/board";
import {
  ANSWER_MS_MAX,
  type Battery,
  BatteryLevel,
  canPrint,
  CRITICAL_PERCENT,
  HYSTERESIS_PERCENT,
  LOW_PERCENT,
  measureBattery,
  onBatteryAnalog,
  onBatteryTimer,
  openBattery,
  percentOf,
  PERIOD_MS,
} from "../../src/drivers/battery";
import { BatteryTwin } from "../../src/sim/twins/battery";
import { BusDesk } from "./bus-desk";
import { PROFILE } from "./fake-board";

const TIMER = 7;
let desk: BusDesk;
let battery: Battery;
let twin: BatteryTwin;
let isPrinting: boolean;
let news: number;

function build(profile = PROFILE): void {
  news = 0;
  isPrinting = false;
  desk = new BusDesk((happening, value) => {
    let isNews = false;
    if (happening === Happening.Timer && value === TIMER) isNews = onBatteryTimer(battery, isPrinting);
    if (happening === Happening.Analog) isNews = onBatteryAnalog(battery, value);
    if (isNews) news++;
  }, profile);
  twin = new BatteryTwin(() => (isPrinting ? PROFILE.idleMilliamp + PROFILE.printMilliamp : PROFILE.idleMilliamp));
  desk.buses.analog = () => twin.pinMillivolt();
  battery = openBattery(desk.board, TIMER);
}
beforeEach(() => build());

/** After so many readings of a cell at this voltage. */
function at(openMillivolt: number, readings = 30): Battery {
  twin.openMillivolt = openMillivolt;
  measureBattery(battery, isPrinting);
  desk.runFor(readings * PERIOD_MS);
  return battery;
}

describe("the curve", () => {
  // Maxim application note 4189, tenths of charge; the points themselves are not read from the driver's table.
  const POINTS = [3306, 3687, 3741, 3775, 3793, 3821, 3884, 3945, 4008, 4086, 4190];

  test("goes through its points, straight between them, and ends at 0 and 100", () => {
    POINTS.forEach((millivolt, tenth) => expect(percentOf(millivolt)).toBe(tenth * 10));
    for (let i = 1; i < POINTS.length; i++) {
      const middle = ((POINTS[i - 1] ?? 0) + (POINTS[i] ?? 0)) / 2;
      expect(percentOf(middle)).toBe(i * 10 - 5);
    }
    expect([percentOf(0), percentOf(3305), percentOf(4191), percentOf(9999)]).toEqual([0, 0, 100, 100]);
  });

  test("never falls", () => {
    for (let millivolt = 2400; millivolt < 4600; millivolt++) {
      expect(percentOf(millivolt + 1)).toBeGreaterThanOrEqual(percentOf(millivolt));
    }
  });
});

test("the first reading counts whole", () => {
  measureBattery(battery, false);
  desk.runFor(0);
  expect(battery.percent).toBe(percentOf(4000));
  expect(battery.level).toBe(BatteryLevel.Good);
  expect(news).toBe(1);
});

test("the percentage is the same with the printer's head on and off", () => {
  for (const millivolt of [3500, 3700, 3800, 4000, 4150]) {
    build();
    const idle = at(millivolt, 1).percent;
    build();
    isPrinting = true;
    const printing = at(millivolt, 1).percent;
    expect(Math.abs(printing - idle), `${millivolt} mV`).toBeLessThanOrEqual(1);
    expect(Math.abs(idle - percentOf(millivolt))).toBeLessThanOrEqual(1);
  }
});

test("a reading with the wrong load does not throw it about", () => {
  at(3800);
  const before = battery.percent;
  isPrinting = true;
  measureBattery(battery, false);
  desk.runFor(0);
  expect(battery.percent).toBeLessThan(before);
  expect(before - battery.percent).toBeLessThan(30);
  isPrinting = false;
  desk.runFor(20 * PERIOD_MS);
  expect(Math.abs(battery.percent - before)).toBeLessThanOrEqual(2);
});

test("another battery, or a charger, is seen at once", () => {
  at(3500);
  twin.openMillivolt = 4100;
  desk.runFor(PERIOD_MS);
  expect(battery.percent).toBe(percentOf(4100));
});

describe("levels", () => {
  /** The lowest voltage with so many percent. */
  const voltageOf = (percent: number) => {
    let millivolt = 3000;
    while (percentOf(millivolt) < percent) millivolt++;
    return millivolt;
  };
  /** Smoothing and whole millivolts may be off by a few. */
  const CLEAR_MV = 6;

  test("low and critical are entered below their marks, and left above the hysteresis", () => {
    const steps: [number, BatteryLevel][] = [
      [voltageOf(LOW_PERCENT) + CLEAR_MV, BatteryLevel.Good],
      [voltageOf(LOW_PERCENT) - CLEAR_MV, BatteryLevel.Low],
      [voltageOf(LOW_PERCENT + HYSTERESIS_PERCENT) - CLEAR_MV, BatteryLevel.Low],
      [voltageOf(CRITICAL_PERCENT) + CLEAR_MV, BatteryLevel.Low],
      [voltageOf(CRITICAL_PERCENT) - CLEAR_MV, BatteryLevel.Critical],
      [voltageOf(CRITICAL_PERCENT + HYSTERESIS_PERCENT) - CLEAR_MV, BatteryLevel.Critical],
      [voltageOf(CRITICAL_PERCENT + HYSTERESIS_PERCENT) + CLEAR_MV, BatteryLevel.Low],
      [voltageOf(LOW_PERCENT + HYSTERESIS_PERCENT) + CLEAR_MV, BatteryLevel.Good],
    ];
    for (const [millivolt, level] of steps) {
      expect(at(millivolt).level, `${millivolt} mV`).toBe(level);
      expect(canPrint(battery)).toBe(level !== BatteryLevel.Critical);
    }
  });

  test("do not flicker around a mark", () => {
    at(voltageOf(LOW_PERCENT) - CLEAR_MV);
    const levels = new Set<BatteryLevel>();
    for (let i = 0; i < 200; i++) {
      twin.openMillivolt = voltageOf(LOW_PERCENT) + (i % 2 ? 5 : -5);
      desk.runFor(PERIOD_MS);
      levels.add(battery.level);
    }
    expect([...levels]).toEqual([BatteryLevel.Low]);
  });

  test("a print that may begin leaves the cell above its cut-off", () => {
    const underPrint = voltageOf(CRITICAL_PERCENT) - (PROFILE.printMilliamp * PROFILE.batteryMilliohm) / 1000;
    expect(underPrint).toBeGreaterThan(3000);
  });
});

describe("what cannot be measured is unknown", () => {
  const expectUnknown = () => {
    expect(battery.percent).toBe(-1);
    expect(battery.level).toBe(BatteryLevel.Unknown);
    expect(canPrint(battery)).toBe(true);
  };

  test.each([0, 1, 1249, 2251, 4095, 65535, -1, Number.NaN])("%d mV at the pin is no cell", (pinMillivolt) => {
    at(3400);
    expect(canPrint(battery)).toBe(false);
    desk.buses.analog = () => pinMillivolt;
    desk.runFor(PERIOD_MS);
    expectUnknown();
    desk.buses.analog = () => twin.pinMillivolt();
    desk.runFor(PERIOD_MS);
    expect(battery.percent).toBe(percentOf(3400));
  });

  test("a board that does not answer is asked again", () => {
    at(4000);
    const perform = desk.buses.perform.bind(desk.buses);
    let isDeaf = true;
    desk.buses.perform = (order) => (isDeaf && order[0] === "a" ? true : perform(order));
    desk.runFor(PERIOD_MS + ANSWER_MS_MAX);
    expectUnknown();
    expect(desk.timers.has(TIMER)).toBe(true);
    isDeaf = false;
    desk.runFor(PERIOD_MS);
    expect(battery.percent).toBe(percentOf(4000));
  });

  test("nor is a battery without a divider asked", () => {
    build({ ...PROFILE, batteryPerVolt: 0 });
    measureBattery(battery, false);
    expect(desk.timers.size).toBe(0);
    expectUnknown();
  });

  test("nor does a voltage that nobody asked for count", () => {
    expect(onBatteryAnalog(battery, 2000)).toBe(false);
    expectUnknown();
  });
});
