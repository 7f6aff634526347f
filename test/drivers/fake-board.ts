/** A board that only remembers what a driver asked of it. */
import { type Board, ClockChip, type Profile } from "../../src/board/board";

export interface FakeBoard extends Board {
  /** Bytes written, by port. */
  written: string[];
  /** The delay of each armed timer. */
  timers: Map<number, number>;
  calls: string[];
}

export const PROFILE: Profile = {
  keys: "123C456B789F:0.E",
  keyColumns: 4,
  batteryPerVolt: 2000,
  batteryMilliohm: 150,
  idleMilliamp: 100,
  printMilliamp: 1500,
  clockChip: ClockChip.None,
};

export function fakeBoard(profile = PROFILE): FakeBoard {
  const written: string[] = ["", "", "", "", "", "", ""];
  const timers = new Map<number, number>();
  const calls: string[] = [];
  return {
    written,
    timers,
    calls,
    profile,
    natives: null,
    flash: {
      read: (address, byteCount) => calls.push(`read ${address} ${byteCount}`),
      write: (address, text) => calls.push(`write ${address} ${text.length}`),
      erase: (address) => calls.push(`erase ${address}`),
    },
    start: () => undefined,
    restart: () => calls.push("restart"),
    nowMs: () => 0,
    timer: (id, delayMs) => {
      if (delayMs < 0) timers.delete(id);
      else timers.set(id, delayMs);
    },
    uart: (port, text) => {
      written[port] += text;
    },
    pins: (group, levels) => calls.push(`pins ${group} ${levels}`),
    readMatrix: () => calls.push("read matrix"),
    readPins: (group) => calls.push(`read pins ${group}`),
    i2c: (address, text, readBytes) => calls.push(`i2c ${address} ${text} ${readBytes}`),
    spi: (device, text, isRead) => calls.push(`spi ${device} ${text} ${isRead}`),
    analog: () => calls.push("analog"),
    netOpen: () => calls.push("open"),
    netWrite: (text) => calls.push(`net ${text}`),
    netAsk: (host) => calls.push(`ask ${host}`),
    netClose: () => calls.push("close"),
    tone: (frequencyHz, durationMs) => calls.push(`tone ${frequencyHz} ${durationMs}`),
    random: () => 0,
  };
}
