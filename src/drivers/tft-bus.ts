/**
 * The wires of a colour panel: commands and their data, windows, stripes of one colour. ILI9341 (V1.11, section 8.2), ST7789V (V1.6,
 * section 9.1).
 *
 * Part of: tft.ts
 */
import { type Board, Device, Group } from "../board/board";

/** Pixels of one or two bits (`depth`), the first in a byte's top bits, as their colours of 16 bits, high byte first. */
export type Expand = (pixels: string, depth: number, colours: Uint16Array) => string;

/** Levels of data/command and reset; the backlight's comes after them. */
const RESET_LEVELS = "00";
const COMMAND_LEVELS = "01";
const DATA_LEVELS = "11";

export const enum TftCommand {
  Nop = "\0",
  /** Answered with a byte. */
  ReadPowerMode = "\x0a",
  SleepOut = "\x11",
  InversionOff = "\x20",
  InversionOn = "\x21",
  DisplayOff = "\x28",
  DisplayOn = "\x29",
  Columns = "\x2a",
  Rows = "\x2b",
  Write = "\x2c",
  Access = "\x36",
  PixelFormat = "\x3a",
}

/** Dots of one colour in one string. */
export const STRIPE_DOTS = 480;

export interface TftBus {
  board: Board;
  expand: Expand;
  /** `0` until all is drawn. */
  backlight: string;
  /** Sixteen hexadecimal digits a palette: four shades of RGB565 from ground to ink. */
  palettes: () => string;
  /** The palette that `colours` are of. */
  palette: string;
  colours: Uint16Array;
  /** A string of STRIPE_DOTS of the ground of palette `stripePalette`. */
  stripe: string;
  stripePalette: string;
  /** The window's lines as they were last sent. */
  lines: string;
}

export function openTftBus(board: Board, expand: Expand, palettes: () => string): TftBus {
  return {
    board: board,
    expand: expand,
    backlight: "0",
    palettes: palettes,
    palette: "",
    colours: new Uint16Array(4),
    stripe: "",
    stripePalette: "",
    lines: "",
  };
}

export function reset(bus: TftBus): void {
  bus.backlight = "0";
  bus.lines = "";
  bus.board.pins(Group.Panel, RESET_LEVELS + bus.backlight);
}

export function awaitCommand(bus: TftBus): void {
  bus.board.pins(Group.Panel, COMMAND_LEVELS + bus.backlight);
}

export function write(bus: TftBus, command: TftCommand, data: string): void {
  awaitCommand(bus);
  bus.board.spi(Device.Panel, command, false);
  if (!data) return;
  bus.board.pins(Group.Panel, DATA_LEVELS + bus.backlight);
  bus.board.spi(Device.Panel, data, false);
}

/** The answer to a command without data says that the bus is free. */
export function ask(bus: TftBus, command: string): void {
  awaitCommand(bus);
  bus.board.spi(Device.Panel, command, true);
}

function range(from: number, count: number): string {
  const to = from + count - 1;
  return String.fromCharCode(from >> 8, from & 255, to >> 8, to & 255);
}

/**
 * The dots sent next go in here, column by column: with rows and columns exchanged, the chip's columns are lines of the glass. Its memory
 * goes on after a pause between two transfers.
 */
export function openWindow(bus: TftBus, x: number, y: number, width: number, height: number): void {
  const lines = range(y, height);
  if (lines !== bus.lines) write(bus, TftCommand.Columns, lines);
  bus.lines = lines;
  write(bus, TftCommand.Rows, range(x, width));
  write(bus, TftCommand.Write, "");
  bus.board.pins(Group.Panel, DATA_LEVELS + bus.backlight);
}

export function sendDots(bus: TftBus, dots: string): void {
  bus.board.spi(Device.Panel, dots, false);
}

/** Four shades from ground to ink. The last ones are kept: most of a row is of one palette. */
export function paletteOf(bus: TftBus, palette: string): Uint16Array {
  if (palette !== bus.palette) {
    const shades = bus.palettes().substr((palette.charCodeAt(0) - 48) * 16, 16);
    for (let i = 0; i < 4; i++) bus.colours[i] = parseInt(shades.substr(i * 4, 4), 16);
    bus.palette = palette;
  }
  return bus.colours;
}

export function fill(bus: TftBus, palette: string, x: number, y: number, width: number, height: number): void {
  if (bus.stripePalette !== palette) {
    bus.stripe = bus.expand("\0".repeat(STRIPE_DOTS / 8), 1, paletteOf(bus, palette));
    bus.stripePalette = palette;
  }
  openWindow(bus, x, y, width, height);
  let dotsLeft = width * height;
  for (; dotsLeft >= STRIPE_DOTS; dotsLeft -= STRIPE_DOTS) sendDots(bus, bus.stripe);
  if (dotsLeft > 0) sendDots(bus, bus.stripe.substr(0, dotsLeft * 2));
}
