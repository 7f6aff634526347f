/**
 * Panels of 240 x 320 dots on SPI with a wire for data or command: ILI9341 (Ilitek, V1.11, commands section 8.2) and ST7789V
 * (Sitronix, V1.6, section 9.1). 16 bits a dot. Both write down a column first (MADCTL's row/column exchange), so that a
 * glyph and the one behind it are one stream into one window.
 *
 * Nothing is acknowledged. After each piece, which is some glyphs or a stripe of ground and below 6 M instructions on Espruino, a NOP
 * is exchanged and its answer begins the next piece; ANSWER_MS without one counts as an answer. At rest the power mode is read
 * every POLL_MS (0Ah): 9Ch is a panel that is on, FFh and 00h no panel or no wire back, anything else one that lost power and
 * is set up anew and drawn whole. Dark (28h, and no backlight) it keeps what it shows, and its power mode is 98h.
 *
 * Part: 240 x 320 dots in colour, Ilitek ILI9341 or Sitronix ST7789V
 * Bus: SPI, mode 0
 * Document: ILI9341 V1.11, section 8.2; ST7789V V1.6, section 9.1
 * Pins: SCK, MOSI, MISO, select, data/command, reset, backlight, 3.3 V, GND
 * Slowest: 1 s, a bus that does not come back; 250 ms from power to the first dot
 */
import { type Board, Device, Happening, type Natives } from "../board/board";
import { type Panel, Role } from "./screen";
import { ask, awaitCommand, type Expand, reset, TftCommand, write } from "./tft-bus";
import { beginRow, type Brush, drawPiece, NO_ROW, openBrush, type TftPad } from "./tft-draw";
import { AMOUNT_ROW, HINT_ROW, TFT_ROWS, TFT_TOPS, type TftGlyphs, tftRows } from "./tft-rows";

export const enum TftChip {
  Ili9341 = 0,
  St7789 = 1,
}

const ANSWER_MS = 1000;
const POLL_MS = 5000;
/** Reset low for 10 us; 120 ms until sleep out may follow, and as long after it (ILI9341 15.4, 8.2.12). */
const RESET_MS = 10;
const WAKE_MS = 120;

/** 16 bits a pixel on both interfaces. */
const RGB565 = "\x55";
/** Exchange (20h); an ILI9341's glass counts columns from the right (40h) and has blue first (08h). */
const ACCESS_ILI9341 = "\x68";
const ACCESS_ST7789 = "\x20";

const POWER_MODE_ON = 0x9c;
const POWER_MODE_DARK = 0x98;

const enum Phase {
  /** Nothing shown yet. */
  New = 0,
  Reset = 1,
  /** Out of reset, then out of sleep. */
  Wake = 2,
  Woken = 3,
  Draw = 4,
  Rest = 5,
  Poll = 6,
}

export interface TftOptions {
  chip: TftChip;
  timer: number;
  /** Keys on a touch glass, below the screen. */
  pad: TftPad | null;
}

interface Tft {
  board: Board;
  brush: Brush;
  chip: TftChip;
  timer: number;
  phase: Phase;
  /** It is to be dark; and it was told so. */
  isDark: boolean;
  isOff: boolean;
  /** Words for the rows as they should be, and as they stand on the glass; null is not known. */
  wanted: string[];
  shown: (string | null)[];
  /** Keys on the glass, and their palettes as they stand there. */
  pad: TftPad | null;
  keys: string[];
  /** The key being drawn, with its palette, and its next line. */
  key: string;
  line: number;
}

function askFor(t: Tft, phase: Phase, command: string): void {
  t.phase = phase;
  t.board.timer(t.timer, ANSWER_MS);
  ask(t.brush.bus, command);
}

function waitFor(t: Tft, phase: Phase, waitMs: number): void {
  t.phase = phase;
  t.board.timer(t.timer, waitMs);
}

function setUp(t: Tft): void {
  t.brush.row = NO_ROW;
  for (let i = 0; i < TFT_ROWS; i++) t.shown[i] = null;
  t.keys = [];
  t.key = "";
  if (t.pad) t.pad.isStale = true;
  reset(t.brush.bus);
  waitFor(t, Phase.Reset, RESET_MS);
}

function configure(t: Tft): void {
  const isSt7789 = t.chip === TftChip.St7789;
  write(t.brush.bus, TftCommand.PixelFormat, RGB565);
  write(t.brush.bus, TftCommand.Access, isSt7789 ? ACCESS_ST7789 : ACCESS_ILI9341);
  write(t.brush.bus, isSt7789 ? TftCommand.InversionOn : TftCommand.InversionOff, "");
  write(t.brush.bus, TftCommand.DisplayOn, "");
  t.isOff = false;
}

/** What it shows stays in its memory. */
function darken(t: Tft): void {
  const bus = t.brush.bus;
  t.isOff = t.isDark;
  write(bus, t.isOff ? TftCommand.DisplayOff : TftCommand.DisplayOn, "");
  bus.backlight = t.isOff ? "0" : "1";
  awaitCommand(bus);
}

/** Another symbol, or none any more: all that it covers is drawn again. */
function changeQr(t: Tft, qr: string): void {
  const brush = t.brush;
  brush.qr = qr;
  for (let row = AMOUNT_ROW; row < TFT_ROWS; row++) {
    if (row === HINT_ROW) continue;
    t.shown[row] = null;
    if (brush.row === row) brush.row = NO_ROW;
  }
}

/** Draws a key that looks otherwise than it should: a finger waits for it. */
function drawKey(t: Tft): boolean {
  const pad = t.pad;
  if (!pad || !pad.isStale || t.brush.row !== NO_ROW) return false;
  for (let i = 0; i < pad.wanted.length; i++) {
    const palette = pad.wanted[i];
    if (palette === "" || palette === t.keys[i]) continue;
    const key = palette + i;
    t.line = pad.draw(t.brush, i, palette, key === t.key ? t.line : 0);
    t.key = t.line > 0 ? key : "";
    if (t.line === 0) t.keys[i] = palette;
    return true;
  }
  pad.isStale = false;
  return false;
}

/** One piece of work, or rest when there is none. */
function next(t: Tft): void {
  const brush = t.brush;
  if (t.isDark !== t.isOff) darken(t);
  if (drawKey(t)) {
    askFor(t, Phase.Draw, TftCommand.Nop);
    return;
  }
  for (let row = 0; brush.row === NO_ROW && row < TFT_ROWS; row++) {
    if (t.shown[row] !== t.wanted[row]) {
      beginRow(brush, row, t.shown[row], t.wanted[row]);
      t.shown[row] = null;
    }
  }
  if (brush.row === NO_ROW) {
    rest(t);
    return;
  }
  if (drawPiece(brush)) {
    t.shown[brush.row] = brush.word;
    brush.row = NO_ROW;
  }
  askFor(t, Phase.Draw, TftCommand.Nop);
}

function rest(t: Tft): void {
  if (t.brush.bus.backlight === "0" && !t.isOff) {
    t.brush.bus.backlight = "1";
    awaitCommand(t.brush.bus);
  }
  waitFor(t, Phase.Rest, POLL_MS);
}

function onPolled(t: Tft, text: string): void {
  const mode = text.charCodeAt(1);
  const isThere = mode !== 0xff && mode !== 0 && text.length === 2;
  if (isThere && mode !== (t.isOff ? POWER_MODE_DARK : POWER_MODE_ON)) setUp(t);
  else next(t);
}

function onTimer(t: Tft): void {
  const phase = t.phase;
  if (phase === Phase.Reset) {
    awaitCommand(t.brush.bus);
    waitFor(t, Phase.Wake, WAKE_MS);
  } else if (phase === Phase.Wake) {
    write(t.brush.bus, TftCommand.SleepOut, "");
    waitFor(t, Phase.Woken, WAKE_MS);
  } else if (phase === Phase.Woken) {
    configure(t);
    next(t);
  } else if (phase === Phase.Rest) {
    askFor(t, Phase.Poll, TftCommand.ReadPowerMode + "\0");
  } else if (phase === Phase.Draw || phase === Phase.Poll) {
    next(t);
  }
}

export function openTft(board: Board, natives: Natives, expand: Expand, glyphs: TftGlyphs, options: TftOptions): Panel {
  const pad = options.pad;
  const timer = options.timer;
  const tops = pad ? pad.tops : TFT_TOPS;
  const t: Tft = {
    board: board,
    brush: openBrush(board, natives, expand, glyphs, tops),
    chip: options.chip,
    timer: timer,
    phase: Phase.New,
    isDark: false,
    isOff: false,
    wanted: [],
    shown: [],
    pad: pad,
    keys: [],
    key: "",
    line: 0,
  };
  return {
    show: (screen) => {
      t.isDark = screen.role === Role.Dark;
      if (!t.isDark) t.wanted = tftRows(screen, tops);
      if (!t.isDark && t.brush.qr !== screen.qr) changeQr(t, screen.qr);
      if (t.phase === Phase.New) setUp(t);
      else if (t.phase === Phase.Rest) next(t);
    },
    on: (happening, value, text) => {
      if (happening === Happening.Spi && value === Device.Panel) {
        if (t.phase === Phase.Draw) next(t);
        else if (t.phase === Phase.Poll) onPolled(t, text);
      } else if (happening === Happening.Timer && value === timer) {
        onTimer(t);
      } else {
        if (!pad || !pad.on(happening, value, text)) return false;
        if (t.phase === Phase.Rest && pad.isStale) next(t);
      }
      return true;
    },
  };
}
