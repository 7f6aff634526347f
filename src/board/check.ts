/**
 * What is wrong with a wiring, in words; run by the tests for every profile, no part of the firmware. Facts of the chips: ESP32 Series
 * Datasheet, sections 2 and 3.4, and ESP32-WROOM-32E datasheet, table 3; ESP32-S3 Series Datasheet, sections 2.3 and 3, and
 * ESP32-S3-WROOM-1 datasheet, section 3. ADC2 is taken by the radio on both (ESP-IDF, "Analog to Digital Converter").
 */
import { type Device, Group, type Port } from "./board";
import type { ChipName, Kit, Pin, Wiring } from "./wiring";

interface Chip {
  last: number;
  missing: readonly number[];
  inputOnly: readonly number[];
  strapping: readonly number[];
  flash: readonly number[];
  psram: readonly number[];
  console: readonly number[];
  adc1: readonly number[];
  adc2: readonly number[];
  uarts: readonly number[];
}

/** In words, as a maker knows them. */
const PORTS: Record<Port, string> = [
  "keypad",
  "display",
  "printer",
  "scanner",
  "PN532",
  "fingerprint",
  "stripe reader",
];
/** A name for each pin; rows and columns have numbers. */
const GROUPS: Record<Group, { part: string; wires: readonly string[] }> = [
  { part: "keypad", wires: ["row"] },
  { part: "keypad", wires: ["column"] },
  { part: "panel", wires: ["data/command", "reset", "backlight"] },
  { part: "lamps", wires: ["green", "yellow", "red"] },
  { part: "PN532", wires: ["reset"] },
  { part: "touch glass", wires: ["pen line"] },
];
const DEVICES: Record<Device, string> = ["panel", "PN532", "touch glass"];

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

export const CHIPS: Record<ChipName, Chip> = {
  esp32: {
    last: 39,
    missing: [20, 24, 28, 29, 30, 31, 37, 38],
    inputOnly: range(34, 39),
    strapping: [0, 2, 5, 12, 15],
    flash: range(6, 11),
    psram: [],
    console: [1, 3],
    adc1: range(32, 39),
    adc2: [0, 2, 4, 12, 13, 14, 15, 25, 26, 27],
    uarts: [2, 3],
  },
  esp32s3: {
    last: 48,
    missing: range(22, 25),
    inputOnly: [],
    strapping: [0, 3, 45, 46],
    flash: range(26, 32),
    psram: range(33, 37),
    console: [19, 20, 43, 44],
    adc1: range(1, 10),
    adc2: range(11, 20),
    uarts: [2, 3],
  },
};

export interface Use {
  pin: Pin;
  /** The peripheral, and what the wire is called there. */
  part: string;
  wire: string;
  isDriven: boolean;
}

/** Every use of a pin, part by part. */
export function usesOf(wiring: Wiring): Use[] {
  const uses: Use[] = [];
  const add = (part: string, wire: string, pin: Pin, isDriven: boolean) => {
    if (pin) uses.push({ pin, part, wire, isDriven });
  };
  for (const { port, tx, rx } of wiring.uarts) {
    add(PORTS[port], "RX", tx, true);
    add(PORTS[port], "TX", rx, false);
  }
  if (wiring.i2c) {
    add("I2C", "SDA", wiring.i2c.sda, true);
    add("I2C", "SCL", wiring.i2c.scl, true);
  }
  for (const [i, { bus, device, sck, mosi, miso, select }] of wiring.spis.entries()) {
    const isFirst = wiring.spis.findIndex((each) => each.bus === bus) === i;
    add(DEVICES[device], "SCK", isFirst ? sck : "", true);
    add(DEVICES[device], "MOSI", isFirst ? mosi : "", true);
    add(DEVICES[device], "MISO", isFirst ? miso : "", false);
    add(DEVICES[device], "select", select, true);
  }
  for (const { group, pins } of wiring.groups) {
    const isInput = group === Group.KeypadColumns || group === Group.Touch;
    const { part, wires } = GROUPS[group];
    pins.forEach((pin, i) => {
      const wire = part === "keypad" ? `${wires[0]} ${i + 1}` : (wires[i] ?? "");
      add(part, wire, pin, !isInput);
    });
  }
  for (const { track, clock, data } of wiring.stripes) {
    add("stripe head", `clock, track ${track}`, clock, false);
    add("stripe head", `data, track ${track}`, data, false);
  }
  add("battery", "divider", wiring.battery, false);
  add("buzzer", "+", wiring.buzzer, true);
  return uses;
}

function numberOf(pin: Pin): number {
  return /^D\d{1,2}$/.test(pin) ? parseInt(pin.slice(1), 10) : -1;
}

/** One pin by itself. */
function pinFindings({ pin, part, wire, isDriven }: Use, chip: Chip, soldered: readonly Pin[]): string[] {
  const number = numberOf(pin);
  const findings: string[] = [];
  const say = (isWrong: boolean, why: string) => {
    if (isWrong) findings.push(`${pin} (${part} ${wire}): ${why}`);
  };
  const isThere = number >= 0 && number <= chip.last && !chip.missing.includes(number);
  say(!isThere, "the chip has no such pin");
  say(isDriven && chip.inputOnly.includes(number), "is an input only and cannot be driven");
  say(chip.strapping.includes(number) && !soldered.includes(pin), "is a strapping pin: it decides how the chip boots");
  say(chip.flash.includes(number), "belongs to the flash");
  say(chip.psram.includes(number), "belongs to the octal PSRAM");
  say(chip.console.includes(number), "belongs to the console");
  return findings;
}

function twice(uses: readonly Use[]): string[] {
  const pins = [...new Set(uses.map(({ pin }) => pin))];
  return pins.flatMap((pin) => {
    const whats = uses.filter((use) => use.pin === pin).map(({ part, wire }) => `${part} ${wire}`);
    return whats.length > 1 ? [`${pin} is used twice: ${whats.join(", ")}`] : [];
  });
}

function uartFindings({ uarts }: Wiring, chip: Chip): string[] {
  const findings: string[] = [];
  for (const [i, { port, serial }] of uarts.entries()) {
    if (!chip.uarts.includes(serial)) findings.push(`${PORTS[port]}: the chip has no Serial${serial} to spare`);
    if (uarts.findIndex((each) => each.serial === serial) < i) findings.push(`Serial${serial} has two devices`);
    if (uarts.findIndex((each) => each.port === port) < i) findings.push(`${PORTS[port]} is on two UARTs`);
  }
  return findings;
}

function adcFindings({ battery, profile }: Wiring, chip: Chip): string[] {
  const number = numberOf(battery);
  if (battery && chip.adc2.includes(number)) return [`${battery} (battery divider): ADC2 does not work beside Wi-Fi`];
  if (battery && !chip.adc1.includes(number)) return [`${battery} (battery divider): has no converter`];
  return (battery === "") === (profile.batteryPerVolt === 0)
    ? []
    : ["battery: a divider without a pin, or a pin without one"];
}

function keypadFindings({ groups, profile }: Wiring): string[] {
  const count = (group: Group) => groups.find((each) => each.group === group)?.pins.filter((pin) => pin).length ?? 0;
  const [rows, columns] = [count(Group.KeypadRows), count(Group.KeypadColumns)];
  const isRight = columns === profile.keyColumns && rows * columns === profile.keys.length;
  return isRight ? [] : [`keypad: ${rows} rows and ${columns} columns are wired for ${profile.keys.length} keys`];
}

function spiFindings({ spis }: Wiring): string[] {
  return spis.flatMap((spi) => {
    const first = spis.find(({ bus }) => bus === spi.bus) ?? spi;
    const isSame = first.sck === spi.sck && first.mosi === spi.mosi && first.miso === spi.miso;
    return isSame ? [] : [`SPI${spi.bus}: ${DEVICES[first.device]} and ${DEVICES[spi.device]} have other wires`];
  });
}

/** Nothing when the wiring can be built. */
export function checkWiring(wiring: Wiring, kit: Pick<Kit, "soldered">): string[] {
  const chip = CHIPS[wiring.chip];
  const uses = usesOf(wiring);
  return [
    ...twice(uses),
    ...uses.flatMap((use) => pinFindings(use, chip, kit.soldered)),
    ...uartFindings(wiring, chip),
    ...adcFindings(wiring, chip),
    ...keypadFindings(wiring),
    ...spiFindings(wiring),
  ];
}
