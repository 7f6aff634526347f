/**
 * What a board is: buses, clock, timers, randomness and flash, and nothing else. Types only; one file per engine or
 * board beside this one implements it.
 *
 * Bytes on a bus, in flash and in a frame are *byte strings*: one character per byte, codes 0 to 255. Both engines
 * search, cut and join strings natively, while a loop over bytes costs 10 to 100 us a turn on an ESP32.
 */

/** What can happen on a board. Each happening carries one number and one byte string. */
export const enum Happening {
  /** Power came on. */
  PowerOn = 0,
  /** A timer ran out. Number: its id. */
  Timer = 1,
  /** Bytes arrived on a UART. Number: the port. Text: the bytes. */
  Uart = 2,
  /** A card passed the head. Number: the track (1 to 3). Text: its bits as read, characters `0` and `1`. */
  Bits = 3,
  /** The network link opened (1), closed or was refused (0), or brought bytes (2). Number: which. Text: the bytes. */
  Net = 4,
  /** A flash read ended. Text: the bytes. */
  Flash = 5,
}

/** Every happening arrives here, one at a time, never from inside a call to the board. */
export type Handler = (happening: Happening, value: number, text: string) => void;

/** Work that an engine may do natively, 10 to 200 times faster than a script; each has a plain twin in `proto/bytes`. */
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
}

/** Which UART is which; a board profile maps them to pins. */
export const enum Port {
  Keypad = 0,
  Display = 1,
  Printer = 2,
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
  readonly natives: Natives | null;
  readonly flash: Flash;
  start(handler: Handler): void;
  /** Milliseconds since power-on. */
  nowMs(): number;
  /** Arms timer `id` anew; a negative delay stops it. */
  timer(id: number, delayMs: number): void;
  uart(port: Port, text: string): void;
  netOpen(host: string, port: number): void;
  netWrite(text: string): void;
  netClose(): void;
  tone(frequencyHz: number, durationMs: number): void;
  /**
   * A number from 0 to 65535 that nobody can foretell. The engines' own generators start from a constant; a board mixes hardware
   * noise, a stored seed, its address and the time.
   */
  random(): number;
}

/** The journal's ring: the raw area of the WROOM's flash that no partition uses (partitions_espruino.csv: 0x310000, 64 kB). */
export const JOURNAL_ADDRESS = 0x310000;
export const JOURNAL_PAGES = 16;
/** Settings from provisioning: the two raw pages at 0xE000. */
export const SETTINGS_ADDRESS = 0xe000;
/** Erase unit of the flash, bytes (SPI NOR sector erase, command 20h). */
export const PAGE_BYTES = 4096;
