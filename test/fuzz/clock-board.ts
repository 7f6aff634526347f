/** A board with nothing on it but UARTs that remember the last bytes, timers and a clock: cheap enough for 100,000 of them. */
import type { Board } from "../../src/board/board";
import { PROFILE } from "../drivers/fake-board";
import { assert } from "./inputs";

const TIMERS = 8;
const NEVER = Number.POSITIVE_INFINITY;
/** A driver that arms timers without end in one moment has hung. */
const STEPS_MAX = 10_000;

export interface ClockBoard extends Board {
  /** The newest bytes written to any UART. */
  written: string;
  isArmed(timer: number): boolean;
  /** Lets time pass; `onTimer` hears of the timers that run out. */
  runFor(delayMs: number, onTimer: (timer: number) => void): void;
}

const nothing = () => undefined;

export function clockBoard(): ClockBoard {
  let clockMs = 0;
  const dueMs = new Array<number>(TIMERS).fill(NEVER);
  const board: ClockBoard = {
    written: "",
    profile: PROFILE,
    natives: null,
    flash: { read: nothing, write: nothing, erase: nothing },
    start: nothing,
    restart: nothing,
    nowMs: () => clockMs,
    timer: (id, delayMs) => {
      dueMs[id] = delayMs < 0 ? NEVER : clockMs + delayMs;
    },
    uart: (_, text) => {
      board.written = text;
    },
    pins: nothing,
    readPins: nothing,
    readMatrix: nothing,
    i2c: nothing,
    spi: nothing,
    analog: nothing,
    netOpen: nothing,
    netWrite: nothing,
    netAsk: nothing,
    netClose: nothing,
    tone: nothing,
    random: () => 0,
    isArmed: (timer) => dueMs[timer] !== NEVER,
    runFor: (delayMs, onTimer) => {
      const untilMs = clockMs + delayMs;
      let steps = 0;
      for (let next = Math.min(...dueMs); next <= untilMs; next = Math.min(...dueMs)) {
        assert(steps++ < STEPS_MAX, "timers without end");
        const timer = dueMs.indexOf(next);
        dueMs[timer] = NEVER;
        clockMs = next;
        onTimer(timer);
      }
      clockMs = untilMs;
    },
  };
  return board;
}
