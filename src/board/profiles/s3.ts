/**
 * ESP32-S3-DevKitC-1 (ESP32-S3-WROOM-1-N8R8, octal PSRAM) with parts on wires. Pins: ESP32-S3 Series Datasheet, sections 2.3 and 3
 * (strapping pins 0, 3, 45, 46; USB 19, 20); GPIO 26-32 are the flash's, 33-37 the octal PSRAM's (ESP32-S3-WROOM-1 datasheet, section 3.2).
 * 43 and 44 are driven by the DevKit's serial bridge. Random bits: ESP-IDF `soc/wdev_reg.h`; divider: two equal resistors, ADC1 at 11 dB.
 */
import { ClockChip, Device, Group, Port } from "../board";
import type { Kit, Wiring } from "../wiring";

export const wiring: Wiring = {
  chip: "esp32s3",
  profile: {
    keys: "123C456B789F:0.E",
    keyColumns: 4,
    batteryPerVolt: 2000,
    batteryMilliohm: 150,
    idleMilliamp: 160,
    printMilliamp: 1500,
    clockChip: ClockChip.Ds3231,
  },
  uarts: [
    { port: Port.Printer, serial: 2, baud: 9600, tx: "D17", rx: "D18" },
    { port: Port.Nfc, serial: 3, baud: 115200, tx: "D15", rx: "D16" },
  ],
  i2c: { sda: "D8", scl: "D9", bitrate: 400000 },
  spis: [{ device: Device.Panel, bus: 1, sck: "D12", mosi: "D11", miso: "D13", select: "D10", baud: 20000000 }],
  groups: [
    { group: Group.KeypadRows, pins: ["D4", "D5", "D6", "D7"] },
    { group: Group.KeypadColumns, pins: ["D39", "D40", "D41", "D42"] },
    { group: Group.Panel, pins: ["D14", "D21", "D47"] },
    { group: Group.Led, pins: ["D38", "", "D48"] },
  ],
  stripes: [],
  battery: "D1",
  fullScaleMillivolt: 3100,
  buzzer: "D2",
  randomRegister: 0x6003507c,
};

export const kit: Kit = {
  title: "ESP32-S3 DevKitC with PSRAM",
  module: "ESP32-S3-WROOM-1-N8R8, 8 MB flash, 8 MB octal PSRAM",
  panel: "TFT 240 x 320, ILI9341, SPI",
  printer: "58 mm, ESC/POS, TTL serial, 9600 baud",
  reader: "PN532, switches set to HSU",
  stripe: "none",
  soldered: [],
  notes: [
    "On I2C: the clock chip DS3231 (68h)",
    "100 kOhm / 100 kOhm from the cell to D1",
    "The DevKit's own RGB lamp sits on D38 or D48, whichever its revision, and may light up with that lamp",
  ],
};
