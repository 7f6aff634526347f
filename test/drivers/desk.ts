/** A driver and a twin on one desk: a board with virtual time and UARTs, without an engine between them. */
import type { Board, Port } from "../../src/board/board";
import type { UartDevice } from "../../src/sim/buses";
import { type FakeBoard, fakeBoard } from "./fake-board";

interface Planned {
  atMs: number;
  run: () => void;
}

export class Desk {
  nowMs = 0;
  readonly board: FakeBoard = fakeBoard();
  readonly devices = new Map<Port, UartDevice>();
  /** Who hears of timers and bytes: the driver under test. */
  onTimer: (id: number) => void = () => undefined;
  onBytes: (port: Port, bytes: string) => void = () => undefined;
  private planned: Planned[] = [];
  private readonly timers = new Map<number, Planned>();

  constructor() {
    const board: Board = this.board;
    const remember = { uart: board.uart, timer: board.timer };
    board.nowMs = () => this.nowMs;
    board.uart = (port, text) => {
      remember.uart(port, text);
      this.devices.get(port)?.feed(text);
    };
    board.timer = (id, delayMs) => {
      remember.timer(id, delayMs);
      this.arm(id, delayMs);
    };
  }

  later(delayMs: number, run: () => void): Planned {
    const planned = { atMs: this.nowMs + delayMs, run };
    const at = this.planned.findIndex((each) => each.atMs > planned.atMs);
    this.planned.splice(at < 0 ? this.planned.length : at, 0, planned);
    return planned;
  }

  say(port: Port, bytes: string): void {
    this.later(0, () => this.onBytes(port, bytes));
  }

  runFor(delayMs: number): void {
    const untilMs = this.nowMs + delayMs;
    for (let next = this.planned[0]; next && next.atMs <= untilMs; next = this.planned[0]) {
      this.planned.shift();
      this.nowMs = next.atMs;
      next.run();
    }
    this.nowMs = untilMs;
  }

  private arm(id: number, delayMs: number): void {
    const armed = this.timers.get(id);
    const at = armed ? this.planned.indexOf(armed) : -1;
    if (at >= 0) this.planned.splice(at, 1);
    this.timers.delete(id);
    if (delayMs < 0) return;
    const fire = () => {
      this.timers.delete(id);
      this.board.timers.delete(id);
      this.onTimer(id);
    };
    this.timers.set(id, this.later(delayMs, fire));
  }
}
