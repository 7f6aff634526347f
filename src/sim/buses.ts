/** The buses of the handheld: which device is wired where, and the firmware's orders that reach it. See `board/board` for the other side. */
import type { Order } from "./engines/engine";

export interface UartDevice {
  feed(bytes: string): void;
}

export interface I2cDevice {
  /** START, address, bytes. False: a byte was not acknowledged. */
  write(bytes: string): boolean;
  /** START, address and so many bytes back. Null: the address was not acknowledged. */
  read(byteCount: number): string | null;
}

interface I2cTransaction {
  address: number;
  bytes: string;
  readBytes: number;
}

export interface SpiDevice {
  /** From select to release; gives as many bytes as it takes. */
  exchange(bytes: string): string;
}

/** As in `board/board`; the simulator is the other side of that line and repeats the numbers on purpose. */
const HAPPENING = { uart: 2, pins: 7, i2c: 8, spi: 9, analog: 10 } as const;

/** The matrix's columns, as a group of pins. */
const KEYPAD_COLUMNS = 1;

/** Bits on the wire for a byte (eight and the acknowledgement) at 400 kHz. */
const I2C_MS_PER_BYTE = 9 / 400;

/** What comes with a happening; a function is asked when it happens, and may say that it does not happen after all. */
export type TextNow = string | (() => string | null);

export function textNow(text: TextNow): string | null {
  return typeof text === "string" ? text : text();
}

/** Plans a happening of the firmware. */
export type Tell = (delayMs: number, happening: number, value: number, text: TextNow) => void;

export class Buses {
  readonly uarts = new Map<number, UartDevice>();
  /** By 7-bit address. Nothing there: no acknowledgement. */
  readonly i2cs = new Map<number, I2cDevice>();
  readonly spis = new Map<number, SpiDevice>();
  /** Groups of output pins. */
  readonly outputs = new Map<number, (levels: string) => void>();
  /** Groups of input pins. */
  readonly inputs = new Map<number, () => string>();
  /** Millivolts at the battery's pin. */
  analog: () => number = () => 2000;
  /** The key matrix: all rows, one after the other. */
  matrix: () => string = () => "";
  /** Levels of input groups that the firmware knows. */
  private readonly told = new Map<number, string>();
  /** The transaction on the bus, and those that wait for its end. */
  private i2cQueue: I2cTransaction[] = [];

  constructor(private readonly tell: Tell) {}

  /** Bytes from a device on a UART. */
  say(port: number, bytes: string, delayMs = 0): void {
    this.tell(delayMs, HAPPENING.uart, port, bytes);
  }

  /** A watched pin of the group may have changed. What went back at once is not told. */
  changed(group: number): void {
    this.tell(0, HAPPENING.pins, group, () => (this.levels(group) === this.told.get(group) ? null : this.known(group)));
  }

  private known(group: number): string {
    const levels = this.levels(group);
    this.told.set(group, levels);
    return levels;
  }

  /** Power went. */
  reset(): void {
    this.told.clear();
    this.i2cQueue = [];
  }

  /** True when the order was one for a bus. */
  perform([name, a, b, c]: Order): boolean {
    if (name === "u") this.uart(Number(a), String(b));
    else if (name === "p") this.found(this.outputs, "output group", Number(a))(String(b));
    else if (name === "pr") this.tell(0, HAPPENING.pins, Number(a), () => this.known(Number(a)));
    else if (name === "pm") this.tell(0, HAPPENING.pins, KEYPAD_COLUMNS, this.matrix());
    else if (name === "i") this.i2c({ address: Number(a), bytes: String(b), readBytes: Number(c) });
    else if (name === "s") this.spi(Number(a), String(b), c === 1);
    else if (name === "a") this.tell(0, HAPPENING.analog, this.analog(), "");
    else return false;
    return true;
  }

  private found<T>(devices: Map<number, T>, what: string, key: number): T {
    const device = devices.get(key);
    if (device === undefined) throw new Error(`nothing is wired to ${what} ${key}`);
    return device;
  }

  private levels(group: number): string {
    return this.found(this.inputs, "input group", group)();
  }

  private uart(port: number, bytes: string): void {
    this.found(this.uarts, "port", port).feed(bytes);
  }

  private i2c(transaction: I2cTransaction): void {
    this.i2cQueue.push(transaction);
    if (this.i2cQueue.length === 1) this.beginI2c(transaction);
  }

  private beginI2c({ address, bytes, readBytes }: I2cTransaction): void {
    const device = this.i2cs.get(address);
    const isTaken = device !== undefined && (bytes === "" || device.write(bytes));
    const read = isTaken && readBytes > 0 ? device.read(readBytes) : "";
    const delayMs = Math.ceil((bytes.length + readBytes) * I2C_MS_PER_BYTE);
    this.tell(delayMs, HAPPENING.i2c, isTaken && read !== null ? address : -address, () => {
      this.i2cQueue.shift();
      const [next] = this.i2cQueue;
      if (next) this.beginI2c(next);
      return read ?? "";
    });
  }

  private spi(which: number, bytes: string, isRead: boolean): void {
    const device = this.spis.get(which);
    // Nothing drives the line: it floats high.
    const read = device ? device.exchange(bytes) : "\xff".repeat(bytes.length);
    if (isRead) this.tell(0, HAPPENING.spi, which, read);
  }
}
