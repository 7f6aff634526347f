/**
 * Wires on a chip's own pins: Espruino's Serial, I2C and SPI, watched pins, the converter, a pulse for the buzzer. Rows of keys are open
 * drain, columns have pull-ups, since a watch forces them.
 *
 * Bounds: a swipe's bits end when none came for BITS_MS, and at BITS_MAX; an I2C chip that holds the bus is given up by the engine after
 * a second, as not acknowledged. Converter: counts of full scale, given by the wiring; ESP32 tolerances of 6 % come with it.
 */
import { Group, Happening } from "./board";
import type { Wires } from "./espruino";
import { later, tell } from "./post";
import type { GroupWires, I2cWires, Pin, SpiWires, StripeWires, UartWires, Wiring } from "./wiring";

interface Serial {
  setup(baud: number, pins: UartWires): void;
  on(event: "data", hear: (text: string) => void): void;
  write(text: string): void;
}
interface I2c {
  setup(pins: I2cWires): void;
  writeTo(address: { address: number; stop: boolean }, text: string): void;
  readFrom(address: number, byteCount: number): Uint8Array;
}
interface Spi {
  setup(pins: SpiWires): void;
  send(text: string, select: Pin): string;
  write(text: string, select: Pin): void;
}
declare const Serial2: Serial;
declare const Serial3: Serial;
declare const I2C1: I2c;
declare const SPI1: Spi;
declare const SPI2: Spi;
declare const E: { toString(bytes: Uint8Array): string };
declare function pinMode(pin: Pin, mode: "output" | "opendrain" | "input_pullup" | "input" | "analog"): void;
declare function digitalWrite(pins: Pin | readonly Pin[], value: number): void;
declare function digitalRead(pins: readonly Pin[]): number;
declare function analogRead(pin: Pin): number;
declare function analogWrite(pin: Pin, value: number, options: { freq: number }): void;
declare function setWatch(
  run: (event: { data: boolean }) => void,
  pin: Pin,
  options: { repeat: boolean; edge: "both" | "falling"; debounce: number; data?: Pin },
): void;
declare function setTimeout(run: () => void, delayMs: number): number;
declare function clearTimeout(timeout: number): void;

const BITS_MS = 20;
/** Track 1 of 79 characters of 7 bits, clocking zeros before and after. */
const BITS_MAX = 1024;

/** One character a pin, the first of the list first. */
function levelsOf(value: number, count: number): string {
  return value.toString(2).padStart(count, "0");
}

function groupOf(wiring: Wiring, group: Group): GroupWires | null {
  for (let i = 0; i < wiring.groups.length; i++) if (wiring.groups[i].group === group) return wiring.groups[i];
  return null;
}

function pinsOf(wiring: Wiring, group: Group): readonly Pin[] {
  const wires = groupOf(wiring, group);
  return wires ? wires.pins : [];
}

/** Levels that the firmware heard last, by group. */
const told: string[] = [];

function watched(pins: readonly Pin[], group: Group): void {
  const levels = levelsOf(digitalRead(pins), pins.length);
  if (levels === told[group]) return;
  told[group] = levels;
  tell(Happening.Pins, group, levels);
}

function setUpGroup(wires: GroupWires): void {
  const group = wires.group;
  for (let i = 0; i < wires.pins.length; i++) {
    const pin = wires.pins[i];
    if (!pin) continue;
    if (group !== Group.KeypadColumns && group !== Group.Touch) {
      pinMode(pin, group === Group.KeypadRows ? "opendrain" : "output");
    } else {
      setWatch(() => watched(wires.pins, group), pin, { repeat: true, edge: "both", debounce: 0 });
    }
  }
}

function setUpStripe(wires: StripeWires): void {
  let bits = "";
  let seenCount = 0;
  const look = () => {
    if (bits.length !== seenCount && bits.length < BITS_MAX) {
      seenCount = bits.length;
      setTimeout(look, BITS_MS);
      return;
    }
    const text = bits;
    bits = "";
    seenCount = 0;
    tell(Happening.Bits, wires.track, text);
  };
  // The data line is low for a one (F2F decoders with TTL outputs).
  const add = (event: { data: boolean }) => {
    if (bits === "") setTimeout(look, BITS_MS);
    if (bits.length < BITS_MAX) bits += event.data ? "0" : "1";
  };
  pinMode(wires.data, "input");
  setWatch(add, wires.clock, { repeat: true, edge: "falling", debounce: 0, data: wires.data });
}

function setUp(wiring: Wiring): void {
  for (let i = 0; i < wiring.uarts.length; i++) {
    const wires = wiring.uarts[i];
    const serial = wires.serial === 2 ? Serial2 : Serial3;
    serial.setup(wires.baud, wires);
    serial.on("data", (text) => tell(Happening.Uart, wires.port, text));
  }
  if (wiring.i2c) I2C1.setup(wiring.i2c);
  for (let i = 0; i < wiring.spis.length; i++) {
    const wires = wiring.spis[i];
    digitalWrite(wires.select, 1);
    spiOf(wires).setup(wires);
  }
  for (let i = 0; i < wiring.groups.length; i++) setUpGroup(wiring.groups[i]);
  for (let i = 0; i < wiring.stripes.length; i++) setUpStripe(wiring.stripes[i]);
  if (wiring.battery) pinMode(wiring.battery, "analog");
}

function spiOf(wires: SpiWires): Spi {
  return wires.bus === 1 ? SPI1 : SPI2;
}

function uart(wiring: Wiring, port: number, text: string): void {
  for (let i = 0; i < wiring.uarts.length; i++) {
    const wires = wiring.uarts[i];
    if (wires.port === port) (wires.serial === 2 ? Serial2 : Serial3).write(text);
  }
}

/** Pin by pin: one that is not there is passed over. */
function drive(wires: GroupWires, levels: string): void {
  const low = wires.isActiveLow ? 1 : 0;
  for (let i = 0; i < wires.pins.length; i++) {
    if (wires.pins[i]) digitalWrite(wires.pins[i], levels.charAt(i) === "1" ? 1 - low : low);
  }
}

function readMatrix(rows: readonly Pin[], columns: readonly Pin[]): void {
  const all = (1 << rows.length) - 1;
  let levels = "";
  for (let i = rows.length - 1; i >= 0; i--) {
    digitalWrite(rows, all ^ (1 << i));
    levels += levelsOf(digitalRead(columns), columns.length);
  }
  digitalWrite(rows, 0);
  later(Happening.Pins, Group.KeypadColumns, levels);
}

function i2c(address: number, text: string, readBytes: number): void {
  try {
    if (text) I2C1.writeTo({ address: address, stop: readBytes === 0 }, text);
    later(Happening.I2c, address, readBytes ? E.toString(I2C1.readFrom(address, readBytes)) : "");
  } catch (error) {
    later(Happening.I2c, -address, "");
  }
}

function spi(wiring: Wiring, device: number, text: string, isRead: boolean): void {
  for (let i = 0; i < wiring.spis.length; i++) {
    const wires = wiring.spis[i];
    if (wires.device !== device) continue;
    if (isRead) later(Happening.Spi, device, spiOf(wires).send(text, wires.select));
    else spiOf(wires).write(text, wires.select);
  }
}

let silence = 0;

function tone(pin: Pin, frequencyHz: number, durationMs: number): void {
  if (!pin) return;
  if (silence) clearTimeout(silence);
  analogWrite(pin, 0.5, { freq: frequencyHz });
  silence = setTimeout(() => {
    silence = 0;
    digitalWrite(pin, 0);
  }, durationMs);
}

export function chipWires(wiring: Wiring): Wires {
  const rows = pinsOf(wiring, Group.KeypadRows);
  const columns = pinsOf(wiring, Group.KeypadColumns);
  return {
    open: () => setUp(wiring),
    uart: (port, text) => uart(wiring, port, text),
    pins: (group, levels) => {
      const wires = groupOf(wiring, group);
      if (wires) drive(wires, levels);
    },
    readPins: (group) => {
      const pins = pinsOf(wiring, group);
      told[group] = levelsOf(digitalRead(pins), pins.length);
      later(Happening.Pins, group, told[group]);
    },
    readMatrix: () => readMatrix(rows, columns),
    i2c: i2c,
    spi: (device, text, isRead) => spi(wiring, device, text, isRead),
    analog: () =>
      later(
        Happening.Analog,
        wiring.battery ? Math.floor(analogRead(wiring.battery) * wiring.fullScaleMillivolt) : 0,
        "",
      ),
    tone: (frequencyHz, durationMs) => tone(wiring.buzzer, frequencyHz, durationMs),
  };
}

declare function peek32(address: number): number;

/** Random only while the radio is on (ESP-IDF, "Random Number Generation"): it is stirred into what is there already. */
export function chipNoise(wiring: Wiring): string {
  let noise = "";
  for (let i = 0; i < 8; i++) noise += peek32(wiring.randomRegister) + " ";
  return wiring.battery ? noise + analogRead(wiring.battery) : noise;
}
