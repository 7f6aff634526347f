/**
 * What a doctor asks of a board, from the data of its profile (`src/board/profiles`): one check a peripheral, with the wires by name. The
 * questions to devices are those of their documents and change nothing in them.
 *
 * Documents: Epson ESC/POS Command Reference, DLE EOT; NXP UM0701-02, 6.2.1.1 and 7.2.2; GM65 User Manual 1.3, section 8.2 (ABCDh: unchecked);
 * R503 User Manual 1.2.2, chapter V, ReadSysPara; XPT2046 data sheet 2007.5, table 5
 */

/** As `Wiring` of `src/board/wiring`; ports, groups, devices and clock chips by the numbers of `src/board/board`. */
export interface BoardWires {
  readonly profile: { readonly clockChip: number; readonly batteryPerVolt: number };
  readonly uarts: readonly { port: number; serial: number; baud: number; tx: string; rx: string }[];
  readonly i2c: { sda: string; scl: string } | null;
  readonly spis: readonly { device: number; bus: number; sck: string; mosi: string; miso: string; select: string }[];
  readonly groups: readonly { group: number; pins: readonly string[]; isActiveLow?: boolean }[];
  readonly stripes: readonly { track: number; clock: string; data: string }[];
  readonly battery: string;
  readonly fullScaleMillivolt: number;
  readonly buzzer: string;
}

export type Check =
  | {
      kind: "uart";
      device: string;
      serial: number;
      baud: number;
      tx: string;
      rx: string;
      /** Held high, "" for none. */
      reset: string;
      question: string;
      /** What the answer has in it. */
      answer: RegExp | null;
    }
  | { kind: "i2c"; device: string; sda: string; scl: string; chips: readonly { name: string; address: number }[] }
  | { kind: "matrix"; device: string; rows: readonly string[]; columns: readonly string[] }
  | { kind: "stripe"; device: string; pins: readonly string[] }
  | { kind: "battery"; device: string; pin: string; fullScaleMillivolt: number; perVolt: number }
  | {
      kind: "panel";
      device: string;
      bus: number;
      sck: string;
      mosi: string;
      miso: string;
      select: string;
      data: string;
      light: string;
    }
  | { kind: "touch"; device: string; bus: number; sck: string; mosi: string; miso: string; select: string; pen: string }
  | { kind: "lamps"; device: string; lamps: readonly { pin: string; on: 0 | 1 }[] };

const GROUP = { rows: 0, columns: 1, panel: 2, led: 3, nfc: 4, touch: 5 } as const;
const PANEL_DEVICE = 0;
const TOUCH_DEVICE = 2;
const DISPLAY_PORT = 1;
const NFC_PORT = 4;

interface Asked {
  device: string;
  question: string;
  answer: RegExp | null;
}

/** By port. A device without a question only talks. */
const ASKED: readonly Asked[] = [
  { device: "keypad", question: "", answer: null },
  { device: "display", question: "", answer: null },
  // Bits 1 and 4 of a status byte are set, 0 and 7 are not.
  {
    device: "printer",
    question: "\x10\x04\x01",
    answer: /[\x12\x16\x1a\x1e\x32\x36\x3a\x3e\x52\x56\x5a\x5e\x72\x76\x7a\x7e]/,
  },
  { device: "code scanner", question: "\x7e\0\x07\x01\0\0\x01\xab\xcd", answer: /\x02\0\0/ },
  {
    device: "contactless reader",
    question: `\x55\x55${"\0".repeat(24)}\0\0\xff\x02\xfe\xd4\x02\x2a\0`,
    answer: /\0\0\xff\0\xff\0/,
  },
  {
    device: "fingerprint sensor",
    question: "\xef\x01\xff\xff\xff\xff\x01\0\x03\x0f\0\x13",
    answer: /\xef\x01\xff\xff\xff\xff\x07/,
  },
  { device: "magnetic stripe reader", question: "", answer: null },
];

/** By clock chip: name, 7-bit address. */
const CLOCKS = [null, { name: "clock (DS3231)", address: 0x68 }, { name: "clock (PCF8563)", address: 0x51 }] as const;
const OLED = { name: "display (SSD1306)", address: 0x3c };

export function checksOf(wires: BoardWires): Check[] {
  const pinsOf = (group: number) => wires.groups.find((each) => each.group === group)?.pins ?? [];
  const uarts = wires.uarts.map(({ port, serial, baud, tx, rx }): Check => {
    const reset = port === NFC_PORT ? (pinsOf(GROUP.nfc)[0] ?? "") : "";
    return { kind: "uart", ...(ASKED[port] as Asked), serial, baud, tx, rx, reset };
  });
  const panel = wires.spis.find(({ device }) => device === PANEL_DEVICE);
  const touch = wires.spis.find(({ device }) => device === TOUCH_DEVICE);
  const hasOled = !panel && !wires.uarts.some(({ port }) => port === DISPLAY_PORT);
  const chips = [hasOled ? OLED : null, CLOCKS[wires.profile.clockChip]].filter(
    (chip) => chip !== null && chip !== undefined,
  );
  const on = wires.groups.find(({ group }) => group === GROUP.led)?.isActiveLow ? 0 : 1;
  const led = pinsOf(GROUP.led).map((pin) => ({ pin, on }) as const);
  const lamps = [...led, { pin: wires.buzzer, on: 1 } as const].filter(({ pin }) => pin !== "");
  const checks: (Check | false)[] = [
    wires.i2c !== null &&
      chips.length > 0 && { kind: "i2c", device: "I2C bus", sda: wires.i2c.sda, scl: wires.i2c.scl, chips },
    panel !== undefined && {
      kind: "panel",
      device: "display",
      bus: panel.bus,
      sck: panel.sck,
      mosi: panel.mosi,
      miso: panel.miso,
      select: panel.select,
      data: pinsOf(GROUP.panel)[0] ?? "",
      light: pinsOf(GROUP.panel)[2] ?? "",
    },
    touch !== undefined && {
      kind: "touch",
      device: "touch glass",
      bus: touch.bus,
      sck: touch.sck,
      mosi: touch.mosi,
      miso: touch.miso,
      select: touch.select,
      pen: pinsOf(GROUP.touch)[0] ?? "",
    },
    pinsOf(GROUP.rows).length > 0 && {
      kind: "matrix",
      device: "keypad",
      rows: pinsOf(GROUP.rows),
      columns: pinsOf(GROUP.columns),
    },
    ...uarts,
    ...wires.stripes.map(({ track, clock, data }): Check => ({
      kind: "stripe",
      device: `magnetic stripe reader, track ${track}`,
      pins: [clock, data],
    })),
    wires.battery !== "" && {
      kind: "battery",
      device: "battery",
      pin: wires.battery,
      fullScaleMillivolt: wires.fullScaleMillivolt,
      perVolt: wires.profile.batteryPerVolt,
    },
    lamps.length > 0 && { kind: "lamps", device: "lamps and buzzer", lamps },
  ];
  return checks.filter((check) => check !== false);
}
