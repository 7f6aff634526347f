/**
 * A panel of 128 x 64 dots on I2C, after the data sheets of SSD1306 (rev 1.5) and SH1106 (v2.3): control bytes, commands, memory,
 * what is on the glass. Stops the simulator at a command that the chip does not have, and at data past the memory's edge.
 */
import type { I2cDevice } from "../buses";
import type { Picture } from "../png";
import { readGlass } from "../glass";
import { OLED_FONTS } from "../glass-fonts";

export const OLED_ADDRESS = 0x3c;
export const OLED_WIDTH = 128;
export const OLED_HEIGHT = 64;

export type Chip = "ssd1306" | "sh1106";

interface Traits {
  readonly columns: number;
  /** Column of the memory that is the glass's first. */
  readonly firstColumn: number;
  /** First command byte of a range, last one, and the bytes that follow. */
  readonly commands: readonly (readonly [number, number, number])[];
  /** Command and value that turn the voltage for the dots on. */
  readonly pump: readonly [number, number];
  readonly isPumpOnAtReset: boolean;
  readonly id: number;
}

const BOTH = [
  ...([
    [0x00, 0x1f, 0],
    [0x40, 0x7f, 0],
    [0x81, 0x81, 1],
    [0xa0, 0xa1, 0],
    [0xa4, 0xa7, 0],
    [0xa8, 0xa8, 1],
  ] as const),
  ...([
    [0xae, 0xaf, 0],
    [0xb0, 0xb7, 0],
    [0xc0, 0xcf, 0],
    [0xd3, 0xd3, 1],
    [0xd5, 0xd5, 1],
    [0xd9, 0xdb, 1],
  ] as const),
  [0xe3, 0xe3, 0] as const,
];

const CHIPS: Record<Chip, Traits> = {
  ssd1306: {
    columns: 128,
    firstColumn: 0,
    commands: [...BOTH, [0x20, 0x20, 1], [0x21, 0x22, 2], [0x2e, 0x2e, 0], [0x8d, 0x8d, 1]],
    pump: [0x8d, 0x14],
    isPumpOnAtReset: false,
    id: 0x03,
  },
  sh1106: {
    columns: 132,
    firstColumn: 2,
    commands: [...BOTH, [0x30, 0x33, 0], [0xad, 0xad, 1], [0xe0, 0xe0, 0], [0xee, 0xee, 0]],
    pump: [0xad, 0x8b],
    isPumpOnAtReset: true,
    id: 0x08,
  },
};

/** The registers as a reset leaves them. */
function reset(traits: Traits) {
  return {
    page: 0,
    column: 0,
    startLine: 0,
    offset: 0,
    isLit: false,
    isAllOn: false,
    isInverse: false,
    isTurnedX: false,
    isTurnedY: false,
    isPumpOn: traits.isPumpOnAtReset,
    addressing: 2,
    rows: 64,
    /** Control byte of the last write: what a read gives. */
    isDataNext: false,
  };
}

export class OledTwin implements I2cDevice {
  /** Counts changes of what is on the glass. */
  revision = 0;
  readonly isDrawnAtOnce = false;
  /** Bytes written to the memory since the start. */
  writtenBytes = 0;
  private readonly traits: Traits;
  private state: ReturnType<typeof reset>;
  private readonly memory: Uint8Array;
  private isThere = true;

  constructor(private readonly chip: Chip = "ssd1306") {
    this.traits = CHIPS[chip];
    this.state = reset(this.traits);
    this.memory = new Uint8Array(8 * this.traits.columns);
    this.clear();
  }

  /** Power came on (again): registers reset, the memory holds anything. */
  clear(): void {
    this.state = reset(this.traits);
    this.memory.forEach((_, index) => {
      this.memory[index] = (index * 167 + (index >> 3)) & 255;
    });
    this.revision++;
  }

  get isPlugged(): boolean {
    return this.isThere;
  }

  set isPlugged(isPlugged: boolean) {
    if (isPlugged && !this.isThere) this.clear();
    this.isThere = isPlugged;
    this.revision++;
  }

  write(bytes: string): boolean {
    if (!this.isThere) return false;
    let rest = bytes;
    while (rest !== "") {
      const control = rest.charCodeAt(0);
      if (control & 0x3f) throw new Error(`${this.chip}: ${control.toString(16)} is no control byte`);
      const isLast = (control & 0x80) === 0;
      const taken = isLast ? rest.slice(1) : rest.slice(1, 2);
      this.state.isDataNext = (control & 0x40) !== 0;
      if (this.state.isDataNext) this.data(taken);
      else this.commands(taken);
      rest = isLast ? "" : rest.slice(2);
    }
    return true;
  }

  /** The status: bit 6 is set while the display is off. */
  read(byteCount: number): string | null {
    if (!this.isThere) return null;
    if (this.state.isDataNext) throw new Error(`${this.chip}: reading its memory is not simulated`);
    return String.fromCharCode((this.state.isLit ? 0 : 0x40) | this.traits.id).repeat(byteCount);
  }

  /** What a person sees: 1 for a lit dot. */
  dots(): Uint8Array {
    const { isLit, isPumpOn, isTurnedX, isTurnedY, isInverse, isAllOn, startLine, offset } = this.state;
    const dots = new Uint8Array(OLED_WIDTH * OLED_HEIGHT);
    if (!this.isThere || !isLit || !isPumpOn) return dots;
    return dots.map((_, index) => {
      const [x, y] = [index % OLED_WIDTH, Math.floor(index / OLED_WIDTH)];
      // Panels are mounted so that both turned is upright.
      const column = this.traits.firstColumn + (isTurnedX ? x : OLED_WIDTH - 1 - x);
      const row = ((isTurnedY ? y : OLED_HEIGHT - 1 - y) + startLine + offset) % OLED_HEIGHT;
      const bit = ((this.memory[(row >> 3) * this.traits.columns + column] as number) >> (row & 7)) & 1;
      return isAllOn || bit === (isInverse ? 0 : 1) ? 1 : 0;
    });
  }

  picture(): Picture {
    const dots = this.dots();
    return {
      width: OLED_WIDTH,
      height: OLED_HEIGHT,
      rgbAt: (x, y) => (dots[y * OLED_WIDTH + x] ? [214, 240, 255] : [8, 10, 14]),
    };
  }

  /** The text on the glass, row by row. */
  rows(): string[] {
    const dots = this.dots();
    return readGlass(
      { width: OLED_WIDTH, height: OLED_HEIGHT, inkAt: (x, y) => dots[y * OLED_WIDTH + x] ?? 0 },
      OLED_FONTS,
    );
  }

  private data(bytes: string): void {
    if (this.state.addressing !== 2) throw new Error(`${this.chip}: only page addressing is simulated`);
    for (const char of bytes) {
      if (this.state.column >= this.traits.columns) throw new Error(`${this.chip}: data past the end of a page`);
      this.memory[this.state.page * this.traits.columns + this.state.column++] = char.charCodeAt(0);
      this.writtenBytes++;
    }
    this.revision++;
  }

  private commands(bytes: string): void {
    for (let at = 0; at < bytes.length;) {
      const code = bytes.charCodeAt(at);
      const known = this.traits.commands.find(([first, last]) => code >= first && code <= last);
      const hex = code.toString(16);
      if (!known) throw new Error(`${this.chip}: ${hex} is no command`);
      if (at + known[2] >= bytes.length) throw new Error(`${this.chip}: command ${hex} without its value`);
      this.perform(code, bytes.charCodeAt(at + 1));
      at += 1 + known[2];
    }
    this.revision++;
  }

  private perform(code: number, value: number): void {
    const state = this.state;
    if (code <= 0x0f) state.column = (state.column & 0xf0) | code;
    else if (code <= 0x1f) state.column = (state.column & 0x0f) | ((code & 15) << 4);
    else if (code === 0x20) state.addressing = value & 3;
    else if (code >= 0x40 && code <= 0x7f) state.startLine = code & 63;
    else if (code === this.traits.pump[0]) state.isPumpOn = value === this.traits.pump[1];
    else if (code === 0xa8) state.rows = (value & 63) + 1;
    else if (code >= 0xb0 && code <= 0xb7) state.page = code & 7;
    else if (code >= 0xc0 && code <= 0xcf) state.isTurnedY = (code & 8) !== 0;
    else if (code === 0xd3) state.offset = value & 63;
    else this.performSwitch(code & 0xfe, (code & 1) !== 0);
  }

  /** Commands whose last bit says on or off. */
  private performSwitch(code: number, isOn: boolean): void {
    if (code === 0xa0) this.state.isTurnedX = isOn;
    else if (code === 0xa4) this.state.isAllOn = isOn;
    else if (code === 0xa6) this.state.isInverse = isOn;
    else if (code === 0xae) this.state.isLit = isOn;
    // The others set voltages and clocks: nothing to be seen.
  }
}
