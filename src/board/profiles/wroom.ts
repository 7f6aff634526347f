/**
 * ESP32 DevKit (ESP32-WROOM-32E, 30 or 38 pins) with parts on wires. Pins: ESP32 Series Datasheet 4.x, sections 2.2 (GPIO) and 3 (strapping
 * pins 0, 2, 5, 12, 15 are left alone); GPIO 34-39 have no pull-ups of their own (ESP32-WROOM-32E datasheet, table 3). Random bits:
 * Technical Reference Manual, RNG_DATA_REG; divider: two equal resistors, ADC1 at 11 dB.
 */
import { ClockChip, Group, Port } from "../board";
import type { Kit, Wiring } from "../wiring";

export const wiring: Wiring = {
  chip: "esp32",
  profile: {
    keys: "123C456B789F:0.E",
    keyColumns: 4,
    batteryPerVolt: 2000,
    batteryMilliohm: 150,
    idleMilliamp: 150,
    printMilliamp: 1500,
    clockChip: ClockChip.Ds3231,
  },
  uarts: [
    { port: Port.Printer, serial: 2, baud: 9600, tx: "D17", rx: "D16" },
    { port: Port.Nfc, serial: 3, baud: 115200, tx: "D25", rx: "D26" },
  ],
  i2c: { sda: "D21", scl: "D22", bitrate: 400000 },
  spis: [],
  groups: [
    { group: Group.KeypadRows, pins: ["D13", "D14", "D27", "D33"] },
    { group: Group.KeypadColumns, pins: ["D34", "D35", "D36", "D39"] },
    { group: Group.Led, pins: ["D23", "", ""] },
  ],
  stripes: [{ track: 2, clock: "D18", data: "D19" }],
  battery: "D32",
  fullScaleMillivolt: 3300,
  buzzer: "D4",
  randomRegister: 0x3ff75144,
};

export const kit: Kit = {
  title: "ESP32 DevKit with parts on wires",
  module: "ESP32-WROOM-32E, 4 MB flash",
  panel: "OLED 128 x 64, SSD1306, I2C address 3Ch",
  printer: "58 mm, ESC/POS, TTL serial, 9600 baud",
  reader: "PN532, switches set to HSU",
  stripe: "head with TTL outputs (F2F decoder), track 2",
  soldered: [],
  notes: [
    "On I2C: the panel (3Ch) and the clock chip DS3231 (68h)",
    "10 kOhm from each keypad column to 3.3 V: these pins have no pull-ups",
    "100 kOhm / 100 kOhm from the cell to D32",
  ],
};
