/** The OLED driver on a board whose I2C bus has the twin on it; time moves by hand. */
import { Controller, openOled } from "../../src/drivers/ssd1306";
import type { Panel } from "../../src/drivers/screen";
import { OLED_GLYPHS } from "../../src/glyphs/oled";
import { plain } from "../../src/proto/plain";
import { type Chip, OLED_ADDRESS, OledTwin } from "../../src/sim/twins/ssd1306";
import { Happening } from "../../src/board/board";
import { type FakeBoard, fakeBoard } from "./fake-board";

export const TIMER = 4;

export interface OledBench {
  panel: Panel;
  twin: OledTwin;
  board: FakeBoard;
  /** Answers one transfer; false when there is none. */
  step(): boolean;
  /** Answers transfers until there are none; gives how many there were. */
  run(): number;
  /** The panel's timer runs out. */
  fire(): void;
}

export function oledBench(chip: Chip = "ssd1306"): OledBench {
  const twin = new OledTwin(chip);
  const board = fakeBoard();
  const waiting: { isTaken: boolean; read: string }[] = [];
  board.i2c = (address, text, readBytes) => {
    if (address !== OLED_ADDRESS || waiting.length > 0) throw new Error("two transfers at once");
    const isTaken = twin.write(text);
    waiting.push({ isTaken, read: (isTaken && readBytes > 0 && twin.read(readBytes)) || "" });
  };
  const controller = chip === "sh1106" ? Controller.Sh1106 : Controller.Ssd1306;
  const panel = openOled(board, plain, controller, OLED_GLYPHS, TIMER);
  const step = () => {
    const answer = waiting.shift();
    if (answer) panel.on(Happening.I2c, answer.isTaken ? OLED_ADDRESS : -OLED_ADDRESS, answer.read);
    return answer !== undefined;
  };
  return {
    panel,
    twin,
    board,
    step,
    run: () => {
      let count = 0;
      while (step()) count++;
      return count;
    },
    fire: () => {
      if (!board.timers.delete(TIMER)) throw new Error("no timer is armed");
      panel.on(Happening.Timer, TIMER, "");
    },
  };
}
