/**
 * A board on a desk: a driver under test, emulated devices on its buses, virtual time, all in this process. Happenings come one at a
 * time in the order of their time, never from inside a call.
 */
import type { Board, Handler, Profile } from "../../src/board/board";
import { Buses, type TextNow, textNow } from "../../src/sim/buses";
import { type FakeBoard, fakeBoard, PROFILE } from "./fake-board";

const TIMER = 1;

interface Planned {
  atMs: number;
  run: () => void;
}

export class BusDesk {
  nowMs = 0;
  /** Happenings so far. */
  turns = 0;
  readonly buses: Buses;
  readonly board: Board;
  readonly timers = new Map<number, Planned>();
  private planned: Planned[] = [];
  private readonly fake: FakeBoard;

  constructor(
    private readonly handler: Handler,
    profile: Profile = PROFILE,
  ) {
    this.fake = fakeBoard(profile);
    this.buses = new Buses((delayMs, happening, value, text) =>
      this.later(delayMs, () => this.turn(happening, value, text)),
    );
    this.board = {
      ...this.fake,
      nowMs: () => this.nowMs,
      timer: (id, delayMs) => this.timer(id, delayMs),
      uart: (port, text) => this.buses.perform(["u", port, text]),
      pins: (group, levels) => this.buses.perform(["p", group, levels]),
      readPins: (group) => this.buses.perform(["pr", group]),
      readMatrix: () => this.buses.perform(["pm"]),
      i2c: (address, text, readBytes) => this.buses.perform(["i", address, text, readBytes]),
      analog: () => this.buses.perform(["a"]),
    };
  }

  /** What the driver did that no bus carries, such as tones. */
  get calls(): string[] {
    return this.fake.calls;
  }

  later(delayMs: number, run: () => void): Planned {
    const planned = { atMs: this.nowMs + delayMs, run };
    const at = this.planned.findIndex((each) => each.atMs > planned.atMs);
    this.planned.splice(at < 0 ? this.planned.length : at, 0, planned);
    return planned;
  }

  runFor(delayMs: number): void {
    const untilMs = this.nowMs + delayMs;
    for (let next = this.planned[0]; next && next.atMs <= untilMs; next = this.planned[0]) {
      this.planned.shift();
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = untilMs;
  }

  private turn(happening: number, value: number, text: TextNow): void {
    const now = textNow(text);
    if (now === null) return;
    this.turns++;
    this.handler(happening, value, now);
  }

  private timer(id: number, delayMs: number): void {
    const armed = this.timers.get(id);
    if (armed && this.planned.includes(armed)) this.planned.splice(this.planned.indexOf(armed), 1);
    this.timers.delete(id);
    if (delayMs < 0) return;
    this.timers.set(
      id,
      this.later(delayMs, () => {
        this.timers.delete(id);
        this.turn(TIMER, id, "");
      }),
    );
  }
}
