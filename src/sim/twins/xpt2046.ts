/**
 * A touch glass of four wires and its converter XPT2046, after the data sheet (2007.5, control byte and channels) and the circuit of two
 * resistive plates that meet where a finger is. Differential conversions of 12 bits only: at anything else the simulator stops.
 */
import type { SpiDevice } from "../buses";

/** Of the whole plates. */
const X_PLATE_OHM = 350;
const Y_PLATE_OHM = 600;
const FULL = 4096;
/** Of the first conversion after other lines were switched on: the plate still charges. */
const UNSETTLED = 0.4;

/** How the glass of an ESP32-2432S028R is mounted: what it reads at its edges, over 240 x 320 dots. */
const EDGES = { left: 3800, right: 240, top: 200, bottom: 3700 } as const;
const DOTS = { x: 240, y: 320 } as const;

interface Finger {
  x: number;
  y: number;
  ohm: number;
}

/** Control byte: start, channel (3 bits), 8 or 12 bits, single-ended or differential, power down (2 bits). */
const CHANNELS = { 1: "y", 3: "z1", 4: "z2", 5: "x" } as const;
type Channel = (typeof CHANNELS)[keyof typeof CHANNELS];

export class TouchTwin implements SpiDevice {
  /** How far a conversion is off, one after the other. */
  noise: readonly number[] = [3, -2, 0, 5, -4, 1, -1];
  private finger: Finger | null = null;
  private isThere = true;
  /** Off between conversions, so that the pen line works. */
  private isIdle = true;
  private last: Channel | null = null;
  private conversionCount = 0;

  /** `changed`: the pen line may have another level. */
  constructor(private readonly changed: () => void) {}

  press(x: number, y: number, ohm = 400): void {
    this.finger = { x, y, ohm };
    this.changed();
  }

  release(): void {
    this.finger = null;
    this.changed();
  }

  set isPlugged(isPlugged: boolean) {
    this.isThere = isPlugged;
    this.isIdle = true;
    this.changed();
  }

  /** The pen line: the plates' contact pulls it down. */
  level(): string {
    return this.isThere && this.isIdle && this.finger ? "0" : "1";
  }

  exchange(bytes: string): string {
    if (!this.isThere) return "\xff".repeat(bytes.length);
    // A conversion's twelve bits begin one clock after its control byte's last.
    let bits = "";
    for (let at = 0; at < bytes.length; at++) {
      const control = bytes.charCodeAt(at);
      bits = bits.padEnd(8 * (at + 1), "0");
      if (control & 0x80) bits += `0${this.convert(control).toString(2).padStart(12, "0")}`;
      else if (control !== 0) throw new Error(`xpt2046: ${control.toString(16)} has no start bit in front`);
    }
    this.changed();
    return Array.from(bytes, (_, at) =>
      String.fromCharCode(parseInt(bits.slice(8 * at, 8 * at + 8).padEnd(8, "0"), 2)),
    ).join("");
  }

  private convert(control: number): number {
    const channel = CHANNELS[((control >> 4) & 7) as keyof typeof CHANNELS];
    if (channel === undefined || control & 0x0c)
      throw new Error(`xpt2046: only differential positions of 12 bits are simulated, not ${control.toString(16)}`);
    this.isIdle = (control & 3) === 0;
    const isSettled = channel === this.last;
    this.last = channel;
    const noise = this.noise[this.conversionCount++ % this.noise.length] ?? 0;
    const value = this.ratio(channel) * FULL * (isSettled || channel.startsWith("z") ? 1 : 1 - UNSETTLED) + noise;
    return Math.max(0, Math.min(FULL - 1, Math.round(value)));
  }

  /** Of the voltage over the lines that are driven. */
  private ratio(channel: Channel): number {
    const { finger } = this;
    // Nothing joins the plates: the one that is measured floats, mostly where it was left.
    if (!finger) return channel === "z2" ? 0.97 : channel === "z1" ? 0.001 : 0.5;
    const across = edge(finger.x / DOTS.x, EDGES.left, EDGES.right);
    const down = edge(finger.y / DOTS.y, EDGES.top, EDGES.bottom);
    if (channel === "x") return across;
    if (channel === "y") return down;
    // From Y+ over a part of that plate, the contact and a part of the X plate to X-.
    const [below, above] = [across * X_PLATE_OHM, (1 - down) * Y_PLATE_OHM];
    const sum = below + finger.ohm + above;
    return (channel === "z1" ? below : below + finger.ohm) / sum;
  }
}

function edge(part: number, from: number, to: number): number {
  return (from + (to - from) * part) / FULL;
}
