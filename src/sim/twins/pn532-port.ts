/**
 * The interfaces of the simulated PN532: HSU (UM0701-02, 6.2.3), I2C (6.2.4) and SPI (6.2.5), with what can go wrong on the way. Plugged
 * in, the chip sleeps (low battery mode); the first edge wakes it, and on HSU and SPI the bytes of the next 2 ms are lost.
 */
import type { I2cDevice, SpiDevice, UartDevice } from "../buses";
import { type Later, Pn532Chip, takeFrames } from "./pn532";

const WAKE_MS = 2;
/** 115200 baud, ten bits a byte. */
const HSU_MS_PER_BYTE = 10 / 115.2;
/** The engines give a UART's bytes in pieces. */
const HSU_CHUNK_BYTES = 32;
/** 1 MHz. */
const SPI_MS_PER_BYTE = 8 / 1000;
const I2C_READY = "\x01";
const I2C_BUSY = "\x00";

/** Changes bytes on their way: a flipped bit, a lost byte, nothing. */
export type Wire = (bytes: string) => string;

abstract class Port {
  readonly chip: Pn532Chip;
  isPlugged = true;
  toChip: Wire = (bytes) => bytes;
  toHost: Wire = (bytes) => bytes;
  protected isAwake = false;
  protected stream = "";
  /** Counts the times it was unplugged: nothing that was on its way then arrives. */
  private life = 0;

  constructor(
    private readonly later: Later,
    nowMs: () => number,
  ) {
    this.chip = new Pn532Chip(
      (delayMs, run) => this.inThisLife(delayMs, run),
      nowMs,
      (frame) => this.emit(frame),
    );
  }

  unplug(): void {
    this.life++;
    this.isPlugged = false;
    this.isAwake = false;
    this.stream = "";
    this.chip.reset();
  }

  plug(): void {
    this.isPlugged = true;
  }

  protected inThisLife(delayMs: number, run: () => void): void {
    const life = this.life;
    this.later(delayMs, () => {
      if (life === this.life && this.isPlugged) run();
    });
  }

  protected wake(): void {
    this.inThisLife(WAKE_MS, () => {
      this.isAwake = true;
    });
  }

  protected hear(bytes: string): void {
    this.stream = takeFrames(this.stream + this.toChip(bytes), (what, data) => this.chip.hear(what, data));
  }

  protected abstract emit(frame: string): void;
}

export class Pn532Hsu extends Port implements UartDevice {
  /** `say` puts bytes on the host's line. */
  constructor(
    later: Later,
    nowMs: () => number,
    private readonly say: (bytes: string) => void,
  ) {
    super(later, nowMs);
  }

  feed(bytes: string): void {
    if (!this.isPlugged) return;
    const lost = this.isAwake ? 0 : Math.ceil(WAKE_MS / HSU_MS_PER_BYTE);
    this.inThisLife(Math.ceil(bytes.length * HSU_MS_PER_BYTE), () => {
      this.isAwake = true;
      this.hear(bytes.slice(lost));
    });
  }

  protected emit(frame: string): void {
    for (let at = 0; at < frame.length; at += HSU_CHUNK_BYTES) {
      const chunk = frame.slice(at, at + HSU_CHUNK_BYTES);
      this.inThisLife(Math.ceil((at + chunk.length) * HSU_MS_PER_BYTE), () => {
        const heard = this.toHost(chunk);
        if (heard) this.say(heard);
      });
    }
  }
}

/** Frames wait until the host takes them; a frame that was begun is gone. */
abstract class PolledPort extends Port {
  private readonly frames: string[] = [];

  override unplug(): void {
    super.unplug();
    this.frames.length = 0;
  }

  protected emit(frame: string): void {
    this.frames.push(frame);
  }

  protected get isReady(): boolean {
    return this.frames.length > 0;
  }

  /** So many bytes; what lies behind the frame is zeros. */
  protected takeFrame(byteCount: number): string {
    return this.toHost((this.frames.shift() ?? "").slice(0, byteCount))
      .slice(0, byteCount)
      .padEnd(byteCount, "\0");
  }

  /** A new frame from the host makes what it has not taken worthless. */
  protected hearAnew(bytes: string): void {
    this.frames.length = 0;
    this.stream = "";
    this.hear(bytes);
    this.stream = "";
  }
}

export class Pn532I2c extends PolledPort implements I2cDevice {
  write(bytes: string): boolean {
    if (!this.isPlugged) return false;
    // Asleep or not: the clock is stretched until the chip can listen.
    this.isAwake = true;
    this.hearAnew(bytes);
    return true;
  }

  read(byteCount: number): string | null {
    if (!this.isPlugged) return null;
    if (!this.isReady) return I2C_BUSY.repeat(byteCount);
    return byteCount === 1 ? I2C_READY : I2C_READY + this.takeFrame(byteCount - 1);
  }
}

/** Least significant bit first, while the host's bus sends the most significant one first. */
export class Pn532Spi extends PolledPort implements SpiDevice {
  exchange(bytes: string): string {
    if (!this.isPlugged) return "\xff".repeat(bytes.length);
    if (!this.isAwake) {
      this.wake();
      return "\0".repeat(bytes.length);
    }
    const [command, ...rest] = Buffer.from(bytes, "latin1").map(mirrored);
    const idle = "\0".repeat(bytes.length);
    if (command === 2) return (idle.slice(1) + (this.isReady ? "\x80" : "\0")).slice(-bytes.length);
    if (command === 3) return "\0" + mirror(this.takeFrame(rest.length));
    if (command === 1) {
      const text = Buffer.from(rest).toString("latin1");
      this.inThisLife(Math.ceil(bytes.length * SPI_MS_PER_BYTE), () => this.hearAnew(text));
    }
    return idle;
  }
}

function mirrored(byte: number): number {
  let out = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) out |= 0x80 >> bit;
  return out;
}

function mirror(bytes: string): string {
  return Buffer.from(Buffer.from(bytes, "latin1").map(mirrored)).toString("latin1");
}
