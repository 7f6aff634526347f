/** The touch glass's driver and its twin on a desk. */
import { Device, Group } from "../../src/board/board";
import { glass } from "../../src/board/profiles/cyd";
import { onTouchPins, onTouchSpi, onTouchTimer, openTouch, startTouch, TouchReport } from "../../src/drivers/xpt2046";
import { TouchTwin } from "../../src/sim/twins/xpt2046";
import { Desk } from "./desk";

const TIMER = 3;

export class Glass {
  readonly desk = new Desk();
  readonly twin: TouchTwin;
  readonly touch;
  /** What was told, without the looks that told the same place again. */
  readonly heard: { atMs: number; report: TouchReport; x: number; y: number }[] = [];
  lookCount = 0;
  /** Spoils the bytes of a look. */
  spoil: (bytes: string) => string = (bytes) => bytes;
  /** The board gives no answers. */
  isMute = false;
  private told = "";

  constructor() {
    const { desk } = this;
    this.touch = openTouch(desk.board, TIMER, glass);
    this.twin = new TouchTwin(() => desk.later(0, () => this.pins(false)));
    desk.board.readPins = (group) => {
      if (group !== Group.Touch) throw new Error("other pins");
      if (!this.isMute) desk.later(0, () => this.pins(true));
    };
    desk.board.spi = (device, bytes) => {
      if (device !== Device.Touch) throw new Error("another device");
      this.lookCount++;
      const read = this.spoil(this.twin.exchange(bytes));
      if (!this.isMute) desk.later(0, () => this.hear(onTouchSpi(this.touch, read)));
    };
    desk.onTimer = () => this.hear(onTouchTimer(this.touch));
  }

  start(): this {
    startTouch(this.touch);
    this.desk.runFor(50);
    return this;
  }

  get isArmed(): boolean {
    return this.desk.board.timers.has(TIMER);
  }

  /** Reports since the last time. */
  taken(): TouchReport[] {
    return this.heard.splice(0).map(({ report }) => report);
  }

  /** A watched pin is told when it changed; asked for, in any case. */
  private pins(isAsked: boolean): void {
    const level = this.twin.level();
    if (!isAsked && level === this.told) return;
    this.told = level;
    this.hear(onTouchPins(this.touch, level));
  }

  private hear(report: TouchReport): void {
    const { x, y } = this.touch;
    const last = this.heard.at(-1);
    if (report === TouchReport.None || (last?.report === report && last.x === x && last.y === y)) return;
    this.heard.push({ atMs: this.desk.nowMs, report, x, y });
  }
}
