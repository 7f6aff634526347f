/** A board with one panel on it and nothing else: every transfer is answered at once, and time passes as the driver wants. */
import { type Board, ClockChip, Happening, type Handler, type Profile } from "../board/board";
import type { Panel } from "../drivers/screen";
import { openOled, Controller } from "../drivers/ssd1306";
import { openTft, TftChip } from "../drivers/tft";
import { OLED_GLYPHS } from "../glyphs/oled";
import { TFT_GLYPHS } from "../glyphs/tft";
import { plain } from "../proto/plain";
import { plainExpand } from "../proto/pixels";
import type { Picture } from "../sim/png";
import { OledTwin } from "../sim/twins/ssd1306";
import { TftTwin } from "../sim/twins/tft";

const TIMER = 0;
const PROFILE: Profile = {
  keys: "",
  keyColumns: 0,
  batteryPerVolt: 0,
  batteryMilliohm: 0,
  idleMilliamp: 0,
  printMilliamp: 0,
  clockChip: ClockChip.None,
};
/** A timer that runs longer than this is a poll: all is drawn. */
const DRAWN_MS = 3000;

/** Draws with a driver on its twin. */
export interface Easel {
  readonly panel: Panel;
  /** What is on the glass when all is drawn. */
  finish(): Picture;
}

function absent(): never {
  throw new Error("this board has a panel and nothing else");
}

function easel(
  open: (board: Board) => Panel,
  buses: Pick<Board, "pins" | "i2c" | "spi">,
  waiting: Parameters<Handler>[],
) {
  let delayMs = 0;
  const board: Board = {
    profile: PROFILE,
    natives: null,
    flash: { read: absent, write: absent, erase: absent },
    start: absent,
    restart: absent,
    nowMs: absent,
    timer: (_, ms) => {
      delayMs = ms;
    },
    uart: absent,
    readPins: absent,
    readMatrix: absent,
    analog: absent,
    netOpen: absent,
    netWrite: absent,
    netAsk: absent,
    netClose: absent,
    tone: absent,
    random: absent,
    ...buses,
  };
  const panel = open(board);
  const finish = () => {
    for (;;) {
      const next = waiting.shift();
      if (next) panel.on(...next);
      else if (delayMs > DRAWN_MS) return;
      else panel.on(Happening.Timer, TIMER, "");
    }
  };
  return { panel, finish };
}

export function oledEasel(): Easel {
  const twin = new OledTwin();
  const waiting: Parameters<Handler>[] = [];
  const i2c: Board["i2c"] = (address, text, readBytes) => {
    const isTaken = twin.write(text);
    waiting.push([Happening.I2c, isTaken ? address : -address, (readBytes > 0 && twin.read(readBytes)) || ""]);
  };
  const open = (board: Board) => openOled(board, plain, Controller.Ssd1306, OLED_GLYPHS, TIMER);
  const { panel, finish } = easel(open, { pins: absent, spi: absent, i2c }, waiting);
  return {
    panel,
    finish: () => {
      finish();
      return twin.picture();
    },
  };
}

export function tftEasel(): Easel {
  const twin = new TftTwin();
  const waiting: Parameters<Handler>[] = [];
  const spi: Board["spi"] = (device, text, isRead) => {
    const read = twin.exchange(text);
    if (isRead) waiting.push([Happening.Spi, device, read]);
  };
  const open = (board: Board) =>
    openTft(board, plain, plainExpand, TFT_GLYPHS, { chip: TftChip.Ili9341, timer: TIMER, pad: null });
  const { panel, finish } = easel(open, { pins: (_, levels) => twin.pins(levels), spi, i2c: absent }, waiting);
  return {
    panel,
    finish: () => {
      finish();
      return twin.picture();
    },
  };
}
