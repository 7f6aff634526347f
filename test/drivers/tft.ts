/** The TFT driver on a board whose SPI bus has the twin on it; time moves by hand. */
import { Device, Group, Happening } from "../../src/board/board";
import type { Panel } from "../../src/drivers/screen";
import { openTft, TftChip } from "../../src/drivers/tft";
import { TFT_GLYPHS } from "../../src/glyphs/tft";
import { plain } from "../../src/proto/plain";
import { plainExpand } from "../../src/proto/pixels";
import { type TftName, TftTwin } from "../../src/sim/twins/tft";
import { type FakeBoard, fakeBoard } from "./fake-board";

export const TIMER = 4;

export interface TftBench {
  panel: Panel;
  twin: TftTwin;
  board: FakeBoard;
  /** Answers one question; false when there is none. */
  step(): boolean;
  /** Answers questions, and lets the times of a set-up pass, until it rests; gives how many pieces there were. */
  run(): number;
  /** The panel's timer runs out. */
  fire(): void;
  /** Bytes of the greatest piece so far. */
  greatest: () => number;
}

export function tftBench(name: TftName = "ili9341"): TftBench {
  const twin = new TftTwin(name);
  const board = fakeBoard();
  const waiting: string[] = [];
  let pieceBytes = 0;
  let greatestBytes = 0;
  board.pins = (group, levels) => {
    if (group !== Group.Panel) throw new Error("other pins");
    twin.pins(levels);
  };
  board.spi = (device, text, isRead) => {
    if (device !== Device.Panel || waiting.length > 0) throw new Error("bytes while an answer is awaited");
    const read = twin.exchange(text);
    pieceBytes += text.length;
    greatestBytes = Math.max(greatestBytes, pieceBytes);
    if (!isRead) return;
    waiting.push(read);
    pieceBytes = 0;
  };
  const panel = openTft(board, plain, plainExpand, TFT_GLYPHS, {
    chip: name === "st7789" ? TftChip.St7789 : TftChip.Ili9341,
    timer: TIMER,
    pad: null,
  });
  const step = () => {
    const read = waiting.shift();
    if (read !== undefined) panel.on(Happening.Spi, Device.Panel, read);
    return read !== undefined;
  };
  const fire = () => {
    if (!board.timers.delete(TIMER)) throw new Error("no timer is armed");
    panel.on(Happening.Timer, TIMER, "");
  };
  return {
    panel,
    twin,
    board,
    step,
    fire,
    run: () => {
      let count = 0;
      for (;;) {
        while (step()) count++;
        if ((board.timers.get(TIMER) ?? 5000) >= 1000) return count;
        fire();
      }
    },
    greatest: () => greatestBytes,
  };
}
