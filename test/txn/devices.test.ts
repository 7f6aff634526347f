/** The small devices at the terminal: what of them gets into the queue, and what time it is. */
import { beforeEach, describe, expect, test } from "vitest";
import { ClockChip, Group, Happening, Port } from "../../src/board/board";
import { localTime } from "../../src/drivers/clock";
import { KeypadReport, onKeypadPins, onKeypadTimer, STUCK_MS } from "../../src/drivers/keypad-matrix";
import { RtcReport } from "../../src/drivers/rtc";
import { BatteryTwin } from "../../src/sim/twins/battery";
import { KeypadTwin } from "../../src/sim/twins/keypad";
import { asciiFrame } from "../../src/sim/twins/magstripe";
import { RtcTwin } from "../../src/sim/twins/rtc";
import { type Devices, onDevice, openDevices, keepTime, startDevices, told } from "../../src/txn/devices";
import type { Waiting } from "../../src/txn/queue";
import type { Timekeeper } from "../../src/txn/timekeeper";
import { Timer } from "../../src/txn/timers";
import { BusDesk } from "../drivers/bus-desk";
import { PROFILE } from "../drivers/fake-board";

const T1 = "%B4761739001010010^TEST/CARD ONE^28122011143800000000?";
const T2 = ";4761739001010010=28122011143800000000?";

let desk: BusDesk;
let devices: Devices;
let queue: Waiting[];
let foreign: number;
let keypad: KeypadTwin;
let rtc: RtcTwin;
let battery: BatteryTwin;

function setTime(hostTime: string): void {
  devices.hostTime = hostTime;
  devices.hostTimeAtMs = devices.board.nowMs();
  expect(keepTime(devices)).toBe(hostTime !== "");
}

/** Power on, with the same things on the buses as before. */
function powerOn(): void {
  queue = [];
  devices = openDevices(desk.board, queue);
  startDevices(devices);
  desk.runFor(1);
}

beforeEach(() => {
  foreign = 0;
  desk = new BusDesk(
    (happening, value, text) => {
      let report: KeypadReport = KeypadReport.None;
      if (happening === Happening.Pins && value === Group.KeypadColumns) report = onKeypadPins(devices.keypad, text);
      else if (happening === Happening.Timer && value === Timer.Keypad) report = onKeypadTimer(devices.keypad);
      else if (!onDevice(devices, happening, value, text)) foreign++;
      if (report !== KeypadReport.None) told(devices, report);
    },
    { ...PROFILE, clockChip: ClockChip.Ds3231 },
  );
  const { buses } = desk;
  keypad = new KeypadTwin(["123C", "456B", "789F", ":0.E"], {
    changed: () => buses.changed(Group.KeypadColumns),
    later: (delayMs, run) => desk.later(delayMs, run),
  });
  buses.inputs.set(Group.KeypadColumns, () => keypad.columns());
  buses.matrix = () => keypad.scan();
  buses.outputs.set(Group.Led, () => undefined);
  rtc = new RtcTwin("ds3231", () => desk.nowMs);
  buses.i2cs.set(rtc.address, rtc);
  battery = new BatteryTwin(() => 0);
  buses.analog = () => battery.pinMillivolt();
  powerOn();
});

const taken = () => queue.splice(0).map(({ happening, value, text }) => [happening, value, text]);
const tones = () => desk.calls.splice(0).filter((call) => call.startsWith("tone"));

describe("keys", () => {
  beforeEach(() => void taken());

  test("come as from a serial keypad, long ones of letters as small letters", () => {
    keypad.tap("7");
    keypad.tap(":");
    keypad.tap("F", 900);
    keypad.tap("5", 900);
    desk.runFor(5000);
    const keys = taken();
    expect(keys.every(([happening, port]) => happening === Happening.Uart && port === Port.Keypad)).toBe(true);
    expect(keys.map(([, , key]) => key)).toEqual(["7", ":", "F", "f", "5"]);
  });

  test("that are stuck call for attention and type nothing more", () => {
    keypad.press("5");
    desk.runFor(STUCK_MS + 100);
    expect(taken().map(([, , key]) => key)).toEqual(["5"]);
    expect(tones()).toEqual(["tone 1200 100"]);
    desk.runFor(STUCK_MS);
    expect(taken().filter(([happening]) => happening === Happening.Uart)).toEqual([]);
  });
});

test("a card from a reader with a UART brings both tracks; a bad one brings none", () => {
  taken();
  desk.buses.say(Port.Stripe, asciiFrame({ t1: T1, t2: T2 }));
  desk.buses.say(Port.Stripe, ";47617", 500);
  desk.buses.say(Port.Stripe, "\xff", 1000);
  desk.runFor(2000);
  expect(taken()).toEqual([
    [Happening.Uart, Port.Stripe, `${T1}\n${T2}`],
    [Happening.Uart, Port.Stripe, "\n"],
  ]);
});

test("the battery is news when it changes, and only then", () => {
  expect(taken()).toEqual([[Happening.Analog, 0, ""]]);
  desk.runFor(300_000);
  expect(taken()).toEqual([]);
  battery.openMillivolt = 3400;
  desk.runFor(31_000);
  expect(taken()).toEqual([[Happening.Analog, 0, ""]]);
});

describe("time", () => {
  const now = () => localTime((devices.timekeeper as Timekeeper).clock, desk.nowMs);
  const rtcState = () => devices.timekeeper?.rtcState;

  test("is not known before the host has said it, and then goes on", () => {
    expect([now(), rtcState()]).toEqual(["", RtcReport.Unset]);
    setTime("20261231235958");
    desk.runFor(3000);
    expect(now()).toBe("20270101000001");
    expect(rtcState()).toBe(RtcReport.Set);
  });

  test("comes from the chip after the power was gone", () => {
    setTime("20260105120000");
    desk.runFor(1000);
    desk.runFor(3_600_000);
    powerOn();
    expect(now()).toBe("20260105130001");
    expect(rtcState()).toBe(RtcReport.Time);
  });

  test("of the chip is set again only when it is wrong", () => {
    setTime("20260105120000");
    desk.runFor(1000);
    const writes: number[] = [];
    const write = rtc.write.bind(rtc);
    rtc.write = (bytes) => {
      if (bytes.length > 1) writes.push(desk.nowMs);
      return write(bytes);
    };
    setTime("20260105120003");
    desk.runFor(1000);
    expect(writes).toEqual([]);
    setTime("20260105120010");
    desk.runFor(1000);
    expect(writes).toHaveLength(2);
    expect(now()).toBe("20260105120011");
    powerOn();
    expect(now()).toBe("20260105120011");
  });

  test.each(["", "undefinedundefinedundefined", "20261399000000"])("%j from a host changes nothing", (wrong) => {
    setTime("20260105120000");
    desk.runFor(1000);
    setTime(wrong);
    expect(now()).toBe("20260105120001");
  });

  test("goes on without a chip, which is named and set when it is back", () => {
    rtc.isPlugged = false;
    powerOn();
    expect(rtcState()).toBe(RtcReport.Missing);
    setTime("20260105120000");
    desk.runFor(1000);
    expect([now(), rtcState()]).toEqual(["20260105120001", RtcReport.Missing]);
    rtc.isPlugged = true;
    setTime("20260105120001");
    desk.runFor(1000);
    expect(rtcState()).toBe(RtcReport.Set);
  });

  test("that the chip makes up is not believed", () => {
    setTime("20260105120000");
    desk.runFor(1000);
    rtc.registers[4] = 0x31;
    rtc.registers[5] = 0x02;
    const read = rtc.read.bind(rtc);
    rtc.read = (count) => `${read(count)?.slice(0, 4)}\x31\x02\x26${"\0".repeat(9)}`.slice(0, count);
    powerOn();
    expect([now(), rtcState()]).toEqual(["", RtcReport.Unset]);
  });
});

test("what belongs to others is left to them", () => {
  desk.buses.say(Port.Printer, "\x12");
  desk.buses.say(Port.Keypad, "1");
  desk.runFor(10);
  expect(foreign).toBe(2);
  expect(onDevice(devices, Happening.I2c, 1, "x")).toBe(false);
  expect(onDevice(devices, Happening.Timer, Timer.Link, "")).toBe(false);
  expect(onDevice(devices, Happening.Timer, 99, "")).toBe(false);
  expect(onDevice(devices, Happening.Net, 1, "")).toBe(false);
});
