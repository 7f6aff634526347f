/**
 * A colour panel of 240 x 320 dots on SPI, after the data sheets of ILI9341 (V1.11) and ST7789V (V1.6): the commands of MIPI DCS that
 * both have, memory, window, what is on the glass. Stops the simulator at any other command and at dots outside the window.
 */
import type { SpiDevice } from "../buses";
import { readGlass } from "../glass";
import { TFT_FONTS } from "../glass-fonts";
import type { Picture, Rgb } from "../png";

export const TFT_WIDTH = 240;
export const TFT_HEIGHT = 320;

export type TftName = "ili9341" | "st7789";

/** How the glass of a common module is joined to the chip. */
const MODULES = {
  ili9341: { isMirrored: true, isBlueFirst: true, isInverted: false },
  st7789: { isMirrored: false, isBlueFirst: false, isInverted: true },
} as const;

/** Bytes that follow each command; the memory's data has no end. */
const COMMANDS: Record<number, number> = {
  0x00: 0,
  0x01: 0,
  0x0a: 0,
  0x10: 0,
  0x11: 0,
  0x13: 0,
  0x20: 0,
  0x21: 0,
  0x28: 0,
  0x29: 0,
  0x2a: 4,
  0x2b: 4,
  0x2c: Number.POSITIVE_INFINITY,
  0x36: 1,
  0x3a: 1,
};

/** As reset leaves it (ILI9341 8.2, defaults). */
function reset() {
  return {
    isAwake: false,
    isOn: false,
    isInverted: false,
    access: 0,
    bitsPerPixel: 0x66,
    columns: [0, TFT_WIDTH - 1] as [number, number],
    rows: [0, TFT_HEIGHT - 1] as [number, number],
  };
}

const DARK: Rgb = [18, 20, 22];

export class TftTwin implements SpiDevice {
  revision = 0;
  readonly isDrawnAtOnce = false;
  /** Dots written since the start. */
  writtenDots = 0;
  private state = reset();
  private readonly memory = new Uint16Array(TFT_WIDTH * TFT_HEIGHT);
  private isData = false;
  private isReset = true;
  private hasLight = false;
  private isThere = true;
  private command = 0;
  private values = "";
  /** Where the next dot goes, in the terms of the window. */
  private column = 0;
  private row = 0;

  constructor(private readonly name: TftName = "ili9341") {
    this.clear();
  }

  clear(): void {
    this.state = reset();
    this.memory.forEach((_, index) => {
      this.memory[index] = (index * 40503) & 0xffff;
    });
    this.isReset = true;
    this.hasLight = false;
    this.revision++;
  }

  set isPlugged(isPlugged: boolean) {
    if (isPlugged && !this.isThere) this.clear();
    this.isThere = isPlugged;
    // The wire has a pull-up.
    this.isReset = false;
    this.revision++;
  }

  /** Levels of data/command, reset and backlight. */
  pins(levels: string): void {
    if (!/^[01]{3}$/.test(levels)) throw new Error(`${this.name}: three pins, not ${levels}`);
    const [isData, isHigh, hasLight] = Array.from(levels, (level) => level === "1") as [boolean, boolean, boolean];
    if (hasLight !== this.hasLight) this.revision++;
    this.isData = isData;
    this.hasLight = hasLight;
    this.isReset = !isHigh;
    if (this.isReset) this.state = reset();
  }

  exchange(bytes: string): string {
    if (!this.isThere) return "\xff".repeat(bytes.length);
    if (this.isReset) throw new Error(`${this.name}: bytes while its reset is low`);
    if (!this.isData && bytes.charCodeAt(0) === 0x0a) return `\0${this.powerMode().repeat(bytes.length - 1)}`;
    for (const char of bytes) {
      if (this.isData) this.take(char);
      else this.begin(char.charCodeAt(0));
    }
    return "\0".repeat(bytes.length);
  }

  /** Booster, sleep out, normal mode, display on (RDDPM). */
  private powerMode(): string {
    return String.fromCharCode(0x08 | (this.state.isAwake ? 0x90 : 0) | (this.state.isOn ? 0x04 : 0));
  }

  private begin(command: number): void {
    const hex = command.toString(16);
    if (!(command in COMMANDS)) throw new Error(`${this.name}: ${hex} is no command`);
    const missing = (COMMANDS[this.command] ?? 0) - this.values.length;
    if (missing > 0 && Number.isFinite(missing))
      throw new Error(`${this.name}: ${this.command.toString(16)} cut short`);
    this.command = command;
    this.values = "";
    if (command === 0x01) this.state = reset();
    if (command === 0x10 || command === 0x11) this.state.isAwake = command === 0x11;
    if (command === 0x20 || command === 0x21) this.state.isInverted = command === 0x21;
    if (command === 0x28 || command === 0x29) this.state.isOn = command === 0x29;
    if (command === 0x2c) [this.column, this.row] = [this.state.columns[0], this.state.rows[0]];
    if (command !== 0x00) this.revision++;
  }

  private take(char: string): void {
    this.values += char;
    const wanted = COMMANDS[this.command] ?? 0;
    if (this.values.length > wanted) throw new Error(`${this.name}: data after ${this.command.toString(16)}`);
    if (this.command === 0x2c) this.takeDot();
    else if (this.values.length === wanted) this.set(Buffer.from(this.values, "latin1"));
  }

  private set(values: Buffer): void {
    const { state } = this;
    if (this.command === 0x36) state.access = values[0] as number;
    if (this.command === 0x3a) state.bitsPerPixel = values[0] as number;
    if (this.command !== 0x2a && this.command !== 0x2b) return;
    const [from, to] = [values.readUInt16BE(0), values.readUInt16BE(2)];
    const isColumns = this.command === 0x2a;
    const most = isColumns === this.isExchanged() ? TFT_HEIGHT : TFT_WIDTH;
    if (from > to || to >= most) throw new Error(`${this.name}: a window from ${from} to ${to} of ${most}`);
    if (isColumns) state.columns = [from, to];
    else state.rows = [from, to];
  }

  private isExchanged(): boolean {
    return (this.state.access & 0x20) !== 0;
  }

  private takeDot(): void {
    if (this.values.length < 2) return;
    if ((this.state.bitsPerPixel & 7) !== 5) throw new Error(`${this.name}: only 16 bits a dot are simulated`);
    if (this.row > this.state.rows[1]) throw new Error(`${this.name}: more dots than the window has`);
    const dot = (this.values.charCodeAt(0) << 8) | this.values.charCodeAt(1);
    this.values = "";
    const { access, columns } = this.state;
    // 9.3: with the exchange, columns lead to physical lines and rows to physical columns; each may be counted from the end.
    const [x, y] = this.isExchanged() ? [this.row, this.column] : [this.column, this.row];
    const line = access & 0x80 ? TFT_HEIGHT - 1 - y : y;
    this.memory[line * TFT_WIDTH + (access & 0x40 ? TFT_WIDTH - 1 - x : x)] = dot;
    this.writtenDots++;
    this.revision++;
    if (++this.column > columns[1]) {
      this.column = columns[0];
      this.row++;
    }
  }

  /** The colour of a dot of the glass, RGB565. */
  private dotAt(x: number, y: number): number {
    const { isMirrored, isBlueFirst, isInverted } = MODULES[this.name];
    let dot = this.memory[y * TFT_WIDTH + (isMirrored ? TFT_WIDTH - 1 - x : x)] as number;
    if (((this.state.access & 0x08) !== 0) !== isBlueFirst) dot = ((dot & 31) << 11) | (dot & 0x7e0) | (dot >> 11);
    return this.state.isInverted === isInverted ? dot : ~dot & 0xffff;
  }

  private isDark(): boolean {
    return !this.isThere || !this.hasLight || !this.state.isAwake || !this.state.isOn;
  }

  picture(): Picture {
    const isDark = this.isDark();
    return {
      width: TFT_WIDTH,
      height: TFT_HEIGHT,
      rgbAt: (x, y) => (isDark ? DARK : rgbOf(this.dotAt(x, y))),
    };
  }

  rows(): string[] {
    return this.texts(0, TFT_HEIGHT);
  }

  /** Texts between two lines of dots. */
  protected texts(top: number, bottom: number): string[] {
    if (this.isDark()) return [];
    const height = bottom - top;
    const dots = new Uint8Array(TFT_WIDTH * height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < TFT_WIDTH; x++) dots[y * TFT_WIDTH + x] = brightness(this.dotAt(x, top + y));
    const inkAt = (x: number, y: number) => dots[y * TFT_WIDTH + x] ?? 0;
    return readGlass({ width: TFT_WIDTH, height, inkAt }, TFT_FONTS());
  }
}

function rgbOf(dot: number): Rgb {
  const scale = (value: number, most: number) => Math.round((value * 255) / most);
  return [scale(dot >> 11, 31), scale((dot >> 5) & 63, 63), scale(dot & 31, 31)];
}

/** ITU-R BT.601. */
function brightness(dot: number): number {
  const [red, green, blue] = rgbOf(dot);
  return Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
}
