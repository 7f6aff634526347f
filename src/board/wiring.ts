/** How a board's peripherals are wired: what `chip` sets up, `check` examines and the wiring drawings show. Types only; data in `profiles`. */
import type { Device, Group, Port, Profile } from "./board";

/** A pin by Espruino's name, such as "D17"; "" is a wire that is not there. */
export type Pin = string;

export interface UartWires {
  readonly port: Port;
  /** Espruino's number: 1 is the console. */
  readonly serial: 2 | 3;
  readonly baud: number;
  readonly tx: Pin;
  readonly rx: Pin;
}

export interface I2cWires {
  readonly sda: Pin;
  readonly scl: Pin;
  readonly bitrate: number;
}

export interface SpiWires {
  readonly device: Device;
  /** Devices on the same bus have the same three wires. */
  readonly bus: 1 | 2;
  readonly sck: Pin;
  readonly mosi: Pin;
  readonly miso: Pin;
  readonly select: Pin;
  readonly baud: number;
}

/** An F2F decoder's outputs for one track. */
export interface StripeWires {
  readonly track: number;
  readonly clock: Pin;
  readonly data: Pin;
}

/** Pins of a group, in the order in which its driver names their levels. */
export interface GroupWires {
  readonly group: Group;
  readonly pins: readonly Pin[];
  /** The driver's `1` is a low pin. */
  readonly isActiveLow?: boolean;
}

export type ChipName = "esp32" | "esp32s3";

export interface Wiring {
  readonly chip: ChipName;
  readonly profile: Profile;
  readonly uarts: readonly UartWires[];
  readonly i2c: I2cWires | null;
  readonly spis: readonly SpiWires[];
  readonly groups: readonly GroupWires[];
  readonly stripes: readonly StripeWires[];
  /** The battery divider's tap, and the millivolts at the pin that read as full scale. */
  readonly battery: Pin;
  readonly fullScaleMillivolt: number;
  readonly buzzer: Pin;
  /** Address of the chip's register of random bits. */
  readonly randomRegister: number;
}

/** What a maker reads about a board, no part of the firmware. */
export interface Kit {
  readonly title: string;
  readonly module: string;
  readonly panel: string;
  readonly printer: string;
  readonly reader: string;
  readonly stripe: string;
  /** Pins that the board's maker has wired: a strapping pin among them is the maker's care. */
  readonly soldered: readonly Pin[];
  /** Resistors and wires that the drawing does not show by itself. */
  readonly notes: readonly string[];
}
