/** The clock chips: bytes as the data sheets have them, then twins that run on. */
import { beforeEach, describe, expect, test } from "vitest";
import { ClockChip, Happening } from "../../src/board/board";
import {
  ANSWER_MS_MAX,
  onRtcI2c,
  onRtcTimer,
  openRtc,
  readRtc,
  type Rtc,
  RtcReport,
  setRtc,
} from "../../src/drivers/rtc";
import { RtcTwin } from "../../src/sim/twins/rtc";
import { BusDesk } from "./bus-desk";
import { fakeBoard, PROFILE } from "./fake-board";

const TIMER = 8;
const CHIPS = [
  { name: "ds3231", chip: ClockChip.Ds3231, read: 16, yearAt: 6 },
  { name: "pcf8563", chip: ClockChip.Pcf8563, read: 7, yearAt: 6 },
] as const;

let rtc: Rtc;

describe("bytes on the bus", () => {
  /** Transactions since the last call: address, bytes in hexadecimal, bytes wanted. */
  const sent = (calls: string[]) =>
    calls.splice(0).map((call) => {
      const [, address, bytes = "", count] = /^i2c (\d+) ([\s\S]*) (\d+)$/.exec(call) ?? [];
      return [Number(address), Buffer.from(bytes, "latin1").toString("hex"), Number(count)];
    });

  test("DS3231: registers 00h to 06h, 24 hours, then the oscillator stop flag", () => {
    const board = fakeBoard({ ...PROFILE, clockChip: ClockChip.Ds3231 });
    rtc = openRtc(board, TIMER);
    // 2028-02-29 is a Tuesday.
    expect(setRtc(rtc, "20280229235958")).toBe(true);
    expect(sent(board.calls)).toEqual([[0x68, "0058592303290228", 0]]);
    expect(onRtcI2c(rtc, true, "")).toBe(RtcReport.None);
    expect(sent(board.calls)).toEqual([[0x68, "0f00", 0]]);
    expect(onRtcI2c(rtc, true, "")).toBe(RtcReport.Set);
    expect(board.timers.size).toBe(0);
    readRtc(rtc);
    expect(sent(board.calls)).toEqual([[0x68, "00", 16]]);
    // Century bit set, alarms and control as after power-on.
    const registers = Buffer.from("58592303298228000000000000001c00", "hex").toString("latin1");
    expect(onRtcI2c(rtc, true, registers)).toBe(RtcReport.Time);
    expect(rtc.localTime).toBe("20280229235958");
  });

  test("PCF8563: control and registers 02h to 08h, the weekday behind the day", () => {
    const board = fakeBoard({ ...PROFILE, clockChip: ClockChip.Pcf8563 });
    rtc = openRtc(board, TIMER);
    expect(setRtc(rtc, "20280229235958")).toBe(true);
    expect(sent(board.calls)).toEqual([[0x51, "00000058592329020228", 0]]);
    expect(onRtcI2c(rtc, true, "")).toBe(RtcReport.Set);
    readRtc(rtc);
    expect(sent(board.calls)).toEqual([[0x51, "02", 7]]);
    // Bits that are not implemented read as anything.
    expect(onRtcI2c(rtc, true, "\x58\xd9\xe3\xe9\xfa\xe2\x28")).toBe(RtcReport.Time);
    expect(rtc.localTime).toBe("20280229235958");
  });

  test.each(CHIPS)("$name: what is no BCD, stands still, or is too short has no time", ({ chip, read }) => {
    rtc = openRtc(fakeBoard({ ...PROFILE, clockChip: chip }), TIMER);
    const isDs = chip === ClockChip.Ds3231;
    const good = isDs ? "\x58\x59\x23\x03\x29\x02\x28" : "\x58\x59\x23\x29\x02\x02\x28";
    const whole = good.padEnd(read, "\0");
    const put = (at: number, byte: number) => whole.slice(0, at) + String.fromCharCode(byte) + whole.slice(at + 1);
    const told = (bytes: string) => {
      readRtc(rtc);
      return onRtcI2c(rtc, true, bytes);
    };
    expect(told(whole)).toBe(RtcReport.Time);
    for (const at of [0, 1, 2, 5, 6]) {
      for (const byte of [0x0a, 0x1f, 0x2b]) expect(told(put(at, byte)), `register ${at}`).toBe(RtcReport.Unset);
    }
    expect(told(put(isDs ? 15 : 0, 0x88))).toBe(RtcReport.Unset);
    if (isDs) expect(told(put(2, 0x63))).toBe(RtcReport.Unset);
    for (let length = 0; length < read; length++) expect(told(whole.slice(0, length))).toBe(RtcReport.Missing);
  });

  test("nothing is asked of a board without a chip, and nothing twice at a time", () => {
    const board = fakeBoard();
    rtc = openRtc(board, TIMER);
    expect([readRtc(rtc), setRtc(rtc, "20260105120000")]).toEqual([false, false]);
    expect(board.calls).toEqual([]);
    rtc = openRtc(fakeBoard({ ...PROFILE, clockChip: ClockChip.Ds3231 }), TIMER);
    expect([readRtc(rtc), readRtc(rtc), setRtc(rtc, "20260105120000")]).toEqual([true, false, false]);
    expect(onRtcI2c(rtc, true, "")).toBe(RtcReport.Missing);
    expect(onRtcI2c(rtc, true, "")).toBe(RtcReport.None);
    expect(onRtcTimer(rtc)).toBe(RtcReport.None);
  });
});

describe.each(CHIPS)("a $name", ({ name, chip }) => {
  let desk: BusDesk;
  let twin: RtcTwin;
  let heard: RtcReport[];
  let isDeaf: boolean;
  beforeEach(() => {
    heard = [];
    isDeaf = false;
    desk = new BusDesk(
      (happening, value, text) => {
        let report: RtcReport = RtcReport.None;
        if (happening === Happening.Timer && value === TIMER) report = onRtcTimer(rtc);
        if (happening === Happening.I2c && !isDeaf) report = onRtcI2c(rtc, value > 0, text);
        if (report !== RtcReport.None) heard.push(report);
      },
      { ...PROFILE, clockChip: chip },
    );
    twin = new RtcTwin(name, () => desk.nowMs);
    desk.buses.i2cs.set(twin.address, twin);
    rtc = openRtc(desk.board, TIMER);
  });

  function ask(act: () => boolean): RtcReport | undefined {
    expect(act()).toBe(true);
    desk.runFor(ANSWER_MS_MAX);
    expect(desk.timers.size).toBe(0);
    return heard.splice(0)[0];
  }
  const read = () => ask(() => readRtc(rtc));
  const set = (localTime: string) => ask(() => setRtc(rtc, localTime));

  test("out of the box has no time; set, it runs on, over the leap day and the year", () => {
    expect(read()).toBe(RtcReport.Unset);
    for (const [from, seconds, to] of [
      ["20280228235959", 2, "20280229000001"],
      ["20260228235959", 2, "20260301000001"],
      ["20261231235950", 15, "20270101000005"],
      ["20000101000000", 86_400 * 400, "20010204000000"],
    ] as const) {
      expect(set(from)).toBe(RtcReport.Set);
      desk.runFor(seconds * 1000 - ANSWER_MS_MAX);
      expect(read()).toBe(RtcReport.Time);
      expect(rtc.localTime).toBe(to);
    }
  });

  test("whose battery was empty has no time until it is set", () => {
    set("20260105120000");
    twin.lose();
    expect(read()).toBe(RtcReport.Unset);
    expect(set("20260105130000")).toBe(RtcReport.Set);
    expect(read()).toBe(RtcReport.Time);
    expect(rtc.localTime).toBe("20260105130000");
  });

  test("that is not there is named, and works when it is", () => {
    twin.isPlugged = false;
    expect(read()).toBe(RtcReport.Missing);
    expect(set("20260105120000")).toBe(RtcReport.Missing);
    desk.buses.i2cs.clear();
    expect(read()).toBe(RtcReport.Missing);
    desk.buses.i2cs.set(twin.address, twin);
    twin.isPlugged = true;
    expect(set("20260105120000")).toBe(RtcReport.Set);
    expect(read()).toBe(RtcReport.Time);
  });

  test("on a bus that does not come back is named in a bounded time", () => {
    isDeaf = true;
    expect(read()).toBe(RtcReport.Silent);
    expect(set("20260105120000")).toBe(RtcReport.Silent);
    isDeaf = false;
    expect(set("20260105120000")).toBe(RtcReport.Set);
  });
});
