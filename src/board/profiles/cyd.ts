/**
 * ESP32-2432S028R, the "Cheap Yellow Display": panel and lamps soldered, three pins on connectors, four more in the card slot. Pins:
 * the board's schematic as read in github.com/witnessmenow/ESP32-Cheap-Yellow-Display, PINS.md. The panel's reset is the
 * module's own. The touch glass's readings at its edges: the same project's examples, turned to portrait.
 */
import { ClockChip, Device, Group, Port } from "../board";
import type { Kit, Wiring } from "../wiring";

export const wiring: Wiring = {
  chip: "esp32",
  profile: {
    keys: "",
    keyColumns: 0,
    batteryPerVolt: 0,
    batteryMilliohm: 0,
    idleMilliamp: 230,
    printMilliamp: 1500,
    clockChip: ClockChip.None,
  },
  uarts: [
    { port: Port.Printer, serial: 2, baud: 9600, tx: "D22", rx: "D35" },
    { port: Port.Nfc, serial: 3, baud: 115200, tx: "D23", rx: "D19" },
  ],
  i2c: null,
  spis: [
    { device: Device.Panel, bus: 1, sck: "D14", mosi: "D13", miso: "D12", select: "D15", baud: 20000000 },
    { device: Device.Touch, bus: 2, sck: "D25", mosi: "D32", miso: "D39", select: "D33", baud: 2000000 },
  ],
  groups: [
    { group: Group.Panel, pins: ["D2", "", "D21"] },
    { group: Group.Led, pins: ["D16", "D17", "D4"], isActiveLow: true },
    { group: Group.Touch, pins: ["D36"] },
  ],
  stripes: [{ track: 2, clock: "D27", data: "D18" }],
  battery: "",
  fullScaleMillivolt: 3300,
  buzzer: "D26",
  randomRegister: 0x3ff75144,
};

/** Another glass may be mounted the other way round: then the two of a line change places. */
export const glass = { left: 3800, right: 240, top: 200, bottom: 3700, widthDots: 240, heightDots: 320 };

export const kit: Kit = {
  title: "Cheap Yellow Display",
  module: "ESP32-2432S028R, ESP32-WROOM-32, 4 MB flash",
  panel: "TFT 240 x 320, ILI9341, with keys on its touch glass, XPT2046, soldered",
  printer: "58 mm, ESC/POS, TTL serial, 9600 baud, on P3",
  reader: "PN532, switches set to HSU, in the card slot",
  stripe: "head with TTL outputs (F2F decoder), track 2, on CN1 and in the card slot",
  soldered: "D2 D4 D12 D13 D14 D15 D16 D17 D21 D25 D26 D32 D33 D36 D39".split(" "),
  notes: ["D18, D19 and D23 are reached through a breakout in the micro SD slot"],
};
