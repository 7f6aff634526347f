/**
 * What a board is: buses, clock, timers, randomness and flash, and nothing else. Types only; one file per engine or
 * board beside this one implements it.
 *
 * Bytes on a bus, in flash and in a frame are *byte strings*: one character per byte, codes 0 to 255. Both engines
 * search, cut and join strings natively, while a loop over bytes costs 10 to 100 us a turn on an ESP32.
 */

/** What can happen on a board. Each happening carries one number and one byte string. */
export const enum Happening {
  /**
   * Power came on. Text: where the bundle stands in flash, "" where there is one place for it only: `G` when it is good, `T` on trial, `B` when a
   * newer one was given up for it; version; address of its slot, and of the other (4 bytes each, big-endian); pages of each (1 byte).
   */
  PowerOn = 0,
  /** A timer ran out. Number: its id. */
  Timer = 1,
  /** Bytes arrived on a UART. Number: the port. Text: the bytes. */
  Uart = 2,
  /** A card passed the head. Number: the track (1 to 3). Text: its bits as read, characters `0` and `1`. */
  Bits = 3,
  /**
   * The network link opened (1), closed or was refused (0), or brought bytes (2). Number: which. Text: the bytes; of a refusal `-` where the
   * board has no network at all, so that no host was asked.
   */
  Net = 4,
  /** A flash read ended. Text: the bytes. */
  Flash = 5,
  /**
   * Levels of a group's pins: asked for, or a watched one is not as it was told last. Number: the group. Text: `0` or `1` a pin, in the
   * profile's order.
   */
  Pins = 7,
  /** An I2C transaction ended. Number: the address, negative when a byte was not acknowledged. Text: the bytes read. */
  I2c = 8,
  /** An SPI exchange ended. Number: the device. Text: the bytes that came back. */
  Spi = 9,
  /** A voltage was measured. Number: millivolts at the pin. */
  Analog = 10,
  /**
   * How far the way to a host goes, layer by layer, `|` between: signal of the Wi-Fi that is joined (dBm), the board's own address, the
   * host's. "" is a layer that is missing, and all behind it are; `?` one that the board cannot tell about.
   */
  Layers = 11,
}

/** Every happening arrives here, one at a time, never from inside a call to the board. */
export type Handler = (happening: Happening, value: number, text: string) => void;

/** Work that an engine may do natively, 10 to 200 times faster than a script; each has a plain twin in `proto/plain`. */
export interface Natives {
  /** CRC-32 (IEEE 802.3), unsigned. */
  crc32(text: string): number;
  /** Bytes of `text` into `out` from `at` on. `text` must fit. */
  toBytes(text: string, out: Uint8Array, at: number): void;
  toText(bytes: Uint8Array): string;
  /** Base64 with padding, RFC 4648 section 4. */
  base64(text: string): string;
  /** The inverse; "" when `text` is not base64. */
  unbase64(text: string): string;
  /** One block of AES-128, `block` under `key`, 16 bytes each; null where the engine has none. */
  aes: ((key: string, block: string) => string) | null;
  /** Sum of the bytes. */
  sum(text: string): number;
  /** Each byte of `text` replaced by the byte of `table` (256 of them) that it counts to. */
  translate(text: string, table: string): string;
  /** The sum of a[i] * b[i + offset] in doubles; null where there is nothing native and another way is faster. */
  readonly dot: ((a: Uint16Array, b: Uint32Array, offset: number) => number) | null;
}

/** Which UART is which; a board profile maps them to pins. */
export const enum Port {
  Keypad = 0,
  Display = 1,
  Printer = 2,
  Scanner = 3,
  Nfc = 4,
  Finger = 5,
  Stripe = 6,
}

/** Real-time clock chips that a board may have. */
export const enum ClockChip {
  None = 0,
  Ds3231 = 1,
  Pcf8563 = 2,
}

/** What differs from board to board and is no code. */
export interface Profile {
  /** The key matrix row by row, one character a key (see `drivers/keypad`), a blank where there is none; "" for a serial keypad. */
  readonly keys: string;
  readonly keyColumns: number;
  /** Battery millivolts for 1000 mV at the pin: (upper + lower) / lower resistor * 1000. 0 when the battery is not measured. */
  readonly batteryPerVolt: number;
  /** Inner resistance of the battery and its leads. */
  readonly batteryMilliohm: number;
  /** What the board draws while it waits, radio included, and what the printer's head and motor add. */
  readonly idleMilliamp: number;
  readonly printMilliamp: number;
  readonly clockChip: ClockChip;
}

/** Pins that belong together; a board profile says which they are. */
export const enum Group {
  /** Outputs: `0` drives the row low, `1` lets it go. */
  KeypadRows = 0,
  /** Watched inputs with pull-ups. */
  KeypadColumns = 1,
  /** Outputs: data (1) or command (0), reset (low), backlight. */
  Panel = 2,
  /** Outputs: green, yellow, red. */
  Led = 3,
  /** Outputs: reset (low) of the contactless reader. */
  Nfc = 4,
  /** Watched input with a pull-up: the touch glass's pen line, low when it is touched. */
  Touch = 5,
}

/** Chips on the SPI bus, each with its own select line. */
export const enum Device {
  Panel = 0,
  Nfc = 1,
  Touch = 2,
}

/** Raw flash outside the engine's own file store: only 1 to 0 without an erase, pages erase whole. */
export interface Flash {
  /** Asks for bytes; they come later as Happening.Flash. One read at a time. */
  read(address: number, byteCount: number): void;
  /** Clears bits. Not atomic: a power cut leaves any prefix. */
  write(address: number, text: string): void;
  /** Sets a page to 0xFF. `address` is the page's first byte. */
  erase(address: number): void;
}

export interface Board {
  readonly profile: Profile;
  readonly natives: Natives | null;
  readonly flash: Flash;
  start(handler: Handler): void;
  /** Lets go of everything and starts anew, as after a power cut. */
  restart(): void;
  /** Milliseconds since power-on. */
  nowMs(): number;
  /** Arms timer `id` anew; a negative delay stops it. */
  timer(id: number, delayMs: number): void;
  /** Sends bytes on a UART. */
  uart(port: Port, text: string): void;
  /** Sets the levels of a group of outputs, one character `0` or `1` a pin. */
  pins(group: Group, levels: string): void;
  /** Asks for a group's levels; they come later as Happening.Pins. */
  readPins(group: Group): void;
  /**
   * Scans the key matrix: drives its rows low one at a time, the others let go, reads the columns each time, and leaves all rows low. The
   * levels come later as Happening.Pins of the columns, all rows one after the other. In one piece, so that a scan costs one turn.
   */
  readMatrix(): void;
  /**
   * One transaction on the I2C bus: START, `text` written to the 7-bit `address` unless it is empty, then, when `readBytes` is not 0,
   * (repeated) START and that many bytes read, STOP. Ends as Happening.I2c. One after the other, in the order of the calls.
   */
  i2c(address: number, text: string, readBytes: number): void;
  /** Selects a chip and exchanges `text`. With `isRead` what came back comes as Happening.Spi, of the same length. One at a time. */
  spi(device: Device, text: string, isRead: boolean): void;
  /** Measures the battery's voltage behind the divider; Happening.Analog. */
  analog(): void;
  /** Opens the one connection to the host, TCP, in place of any other; ends as Happening.Net, open or closed. */
  netOpen(host: string, port: number): void;
  /** Bytes for the host. Without a connection they are lost. */
  netWrite(text: string): void;
  /** Asks how far the way to this host goes; Happening.Layers, within 10 s. */
  netAsk(host: string): void;
  /** Lets the connection go; what it still brings is not told. */
  netClose(): void;
  /** A square wave on the buzzer; a new tone ends the one before. */
  tone(frequencyHz: number, durationMs: number): void;
  /**
   * A number from 0 to 65535 that nobody can foretell. The engines' own generators start from a constant; a board mixes hardware
   * noise, a stored seed, its address and the time.
   */
  random(): number;
}

/** The journal's ring: the raw area of the WROOM's flash that no partition uses (partitions_espruino.csv: 0x310000, 64 kB)... */
export const JOURNAL_ADDRESS = 0x310000;
export const JOURNAL_PAGES = 14;
/** ...and its last two pages, for the keys of PINs. */
export const PIN_KEYS_ADDRESS = 0x31e000;
/** Settings from provisioning: the two raw pages at 0xE000. */
export const SETTINGS_ADDRESS = 0xe000;
/** Erase unit of the flash, bytes (SPI NOR sector erase, command 20h). */
export const PAGE_BYTES = 4096;
