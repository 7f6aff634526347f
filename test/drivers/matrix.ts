/** A key matrix on the desk: the driver, the circuit, and what the driver reported when. */
import { Group, Happening } from "../../src/board/board";
import {
  type KeypadMatrix,
  KeypadReport,
  onKeypadPins,
  onKeypadTimer,
  openKeypadMatrix,
  startKeypad,
} from "../../src/drivers/keypad-matrix";
import { KeypadTwin } from "../../src/sim/twins/keypad";
import { BusDesk } from "./bus-desk";
import { PROFILE } from "./fake-board";

export const LAYOUT_4X4 = ["123C", "456B", "789F", ":0.E"];
export const LAYOUT_4X5 = ["123CU", "456BD", "789F ", ":0.E "];
const TIMER = 4;

export interface Heard {
  atMs: number;
  report: KeypadReport;
  key: string;
}

export class Matrix {
  readonly desk: BusDesk;
  readonly twin: KeypadTwin;
  readonly pad: KeypadMatrix;
  readonly heard: Heard[] = [];
  /** The board does not answer any more. */
  isDeaf = false;

  constructor(layout: readonly string[] = LAYOUT_4X4) {
    this.desk = new BusDesk((happening, value, text) => this.happen(happening, value, text), {
      ...PROFILE,
      keys: layout.join(""),
      keyColumns: layout[0]?.length ?? 0,
    });
    const { buses } = this.desk;
    this.twin = new KeypadTwin(layout, {
      changed: () => buses.changed(Group.KeypadColumns),
      later: (delayMs, run) => this.desk.later(delayMs, run),
    });
    buses.inputs.set(Group.KeypadColumns, () => this.twin.columns());
    buses.matrix = () => this.twin.scan();
    this.pad = openKeypadMatrix(this.desk.board, TIMER);
  }

  /** Power on, and the first look at the keys. */
  start(): this {
    startKeypad(this.pad);
    this.desk.runFor(0);
    return this;
  }

  /** Reports since the last call: the key, or the name of what else it was. */
  taken(): string[] {
    return this.heard
      .splice(0)
      .map(({ report, key }) => (report === KeypadReport.Key ? key : `${NAMES[report]} ${key}`.trim()));
  }

  get isArmed(): boolean {
    return this.desk.timers.has(TIMER);
  }

  private happen(happening: Happening, value: number, text: string): void {
    let report: KeypadReport = KeypadReport.None;
    if (happening === Happening.Timer && value === TIMER) report = onKeypadTimer(this.pad);
    if (happening === Happening.Pins && !this.isDeaf) report = onKeypadPins(this.pad, text);
    if (report !== KeypadReport.None) {
      const isKey = report === KeypadReport.Key || report === KeypadReport.Long || report === KeypadReport.Stuck;
      this.heard.push({ atMs: this.desk.nowMs, report, key: isKey ? this.pad.key : "" });
    }
  }
}

const NAMES: Record<number, string> = {
  [KeypadReport.Long]: "long",
  [KeypadReport.Stuck]: "stuck",
  [KeypadReport.Line]: "line",
  [KeypadReport.Silent]: "silent",
};
