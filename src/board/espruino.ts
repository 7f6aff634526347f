/**
 * The board interface on Espruino: clock, timers, randomness, watchdog, flash and network; the wires to the peripherals come from
 * `chip` or `sockets`. Needs an engine newer than 2v29 (bursts on a UART) with the modules net and crypto (SHA-256).
 *
 * Bounds: happenings that answer a call come in the next turn; a turn that hangs or was dropped ends in a reset within WATCHDOG_S. Nothing
 * here grows: one socket, one handle a timer, 32 bytes of randomness.
 */
import {
  type Board,
  type Handler,
  Happening,
  JOURNAL_ADDRESS,
  JOURNAL_PAGES,
  PAGE_BYTES,
  type Profile,
  SETTINGS_ADDRESS,
} from "./board";
import { askNet, closeNet, openNet, writeNet } from "./net";
import { espruinoNatives } from "./natives";
import { isWhole, later, listen, tell } from "./post";

declare const E: {
  toString(bytes: ArrayBuffer): string;
  enableWatchdog(seconds: number, isAutomatic: boolean): void;
  kickWatchdog(): void;
  reboot(): void;
};
declare function require(name: "crypto"): { SHA256(text: string): ArrayBuffer };
/** Of the boot code (`flash/boot`): where the bundle stands. */
declare const slots: string;
declare function getTime(): number;
declare function getSerial(): string;
declare function setTimeout(run: (id: number) => void, delayMs: number, id: number): number;
declare function clearTimeout(timeout: number): void;
declare function setInterval(run: () => void, delayMs: number): number;

/** Flash that answers at once. */
export interface RawFlash {
  read(address: number, byteCount: number): string;
  write(address: number, text: string): void;
  erase(address: number): void;
}

/** All that goes over wires, and what must be set up before it can. */
export interface Wires extends Pick<
  Board,
  "uart" | "pins" | "readPins" | "readMatrix" | "i2c" | "spi" | "analog" | "tone"
> {
  open(): void;
}

/** Longer than any turn, shorter than a cashier's patience. */
const WATCHDOG_S = 60;
const KICK_MS = 15000;
const SEED_BYTES = 1024;
const POOL_BYTES = 16;

let bootS = 0;
/** By id: what the engine calls the timer, 0 when it does not run. */
const timeouts: number[] = [];

function ring(id: number): void {
  timeouts[id] = 0;
  tell(Happening.Timer, id, "");
}

function timer(id: number, delayMs: number): void {
  if (timeouts[id]) clearTimeout(timeouts[id]);
  timeouts[id] = delayMs < 0 ? 0 : setTimeout(ring, delayMs, id);
}

/** A dropped turn may have left the terminal waiting for nothing. To the journal the reset is a power cut. */
function kick(): void {
  if (isWhole()) E.kickWatchdog();
}

let pool = "";
let store = "";

function stir(text: string): string {
  return E.toString(require("crypto").SHA256(pool + text));
}

/** The seed: all that the journal and the settings hold, keys among it, another state at each start; address and time. */
function seed(flash: RawFlash): void {
  pool = stir(getSerial() + getTime());
  for (let at = 0; at < JOURNAL_PAGES * PAGE_BYTES; at += SEED_BYTES)
    pool = stir(flash.read(JOURNAL_ADDRESS + at, SEED_BYTES));
  pool = stir(flash.read(SETTINGS_ADDRESS, SEED_BYTES));
}

/** Half of a hash goes out, the other half stays: who sees what went out cannot go back or on. */
function random(noise: () => string): number {
  if (!store) {
    const mixed = stir(noise() + getTime());
    pool = mixed.substr(0, POOL_BYTES);
    store = mixed.substr(POOL_BYTES);
  }
  const value = (store.charCodeAt(0) << 8) | store.charCodeAt(1);
  store = store.substr(2);
  return value;
}

/** `noise`: fresh bytes or digits of the machine's own chance. */
export function openBoard(profile: Profile, wires: Wires, flash: RawFlash, noise: () => string): Board {
  return {
    profile: profile,
    natives: espruinoNatives(),
    flash: {
      read: (address, byteCount) => later(Happening.Flash, 0, flash.read(address, byteCount)),
      write: flash.write,
      erase: flash.erase,
    },
    start: (handler: Handler) => {
      bootS = getTime();
      seed(flash);
      E.enableWatchdog(WATCHDOG_S, false);
      setInterval(kick, KICK_MS);
      listen(handler);
      wires.open();
      later(Happening.PowerOn, 0, typeof slots === "undefined" ? "" : slots);
    },
    restart: E.reboot,
    nowMs: () => Math.floor((getTime() - bootS) * 1000 + 0.5),
    timer: timer,
    uart: wires.uart,
    pins: wires.pins,
    readPins: wires.readPins,
    readMatrix: wires.readMatrix,
    i2c: wires.i2c,
    spi: wires.spi,
    analog: wires.analog,
    netOpen: openNet,
    netWrite: writeNet,
    netAsk: askNet,
    netClose: closeNet,
    tone: wires.tone,
    random: () => random(noise),
  };
}
