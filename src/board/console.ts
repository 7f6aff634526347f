/**
 * The console board: an engine without hardware. Every bus, the clock and the flash travel as lines to a simulator, which owns
 * time and plays the peripherals. The transport in front of the bundle gives the object `io`: `io.tx(line)` takes a line
 * away, and for each happening it calls `io.rx(nowMs, happening, value, text)`. The line "." says that the turn is over.
 */
import {
  type Board,
  ClockChip,
  type Flash,
  type Handler,
  Happening,
  type Natives,
  type Port,
  type Profile,
} from "./board";

declare const io: {
  tx(line: string): void;
  rx: (nowMs: number, happening: number, value: number, text: string) => void;
};
declare const E: {
  CRC32(text: string): number;
  toUint8Array(text: string): Uint8Array;
  toString(bytes: Uint8Array | ArrayBuffer): string;
  sum(bytes: Uint8Array): number;
  mapInPlace(from: Uint8Array, to: Uint8Array, map: Uint8Array): void;
  convolve(a: Uint16Array, b: Uint32Array, offset: number): number;
};
declare function require(name: "crypto"): {
  AES?: { encrypt(text: string, key: string, options: { mode: "ECB" }): ArrayBuffer };
};
declare function btoa(text: string): string;
declare function atob(text: string): string;

/** As `Happening`, and one more that only this board and the simulator know: random bytes, also those of power-on. */
const RANDOM = 6;
const RANDOM_BYTES = 32;

let timeMs = 0;
let randomBytes = "";

function send(parts: (string | number)[]): void {
  io.tx(JSON.stringify(parts));
}

function bigEndian16(text: string): number {
  return (text.charCodeAt(0) << 8) | text.charCodeAt(1);
}

/** Two bytes of the store, which is filled up while it still has some. */
function random(): number {
  const value = bigEndian16(randomBytes);
  randomBytes = randomBytes.substr(2);
  if (randomBytes.length === RANDOM_BYTES / 2) send(["r", RANDOM_BYTES]);
  return value;
}

const flash: Flash = {
  read: (address, byteCount) => send(["fr", address, byteCount]),
  write: (address, text) => send(["fw", address, text]),
  erase: (address) => send(["fe", address]),
};

/** The simulated handheld: one cell behind two equal resistors, 16 keys, and two for the arrows in a fifth column. */
const profile: Profile = {
  keys: "123CU456BD789F :0.E ",
  keyColumns: 5,
  batteryPerVolt: 2000,
  batteryMilliohm: 150,
  idleMilliamp: 150,
  printMilliamp: 1500,
  clockChip: ClockChip.Ds3231,
};

/** The engine's own AES, which some builds leave out. */
function espruinoAes(): ((key: string, block: string) => string) | null {
  try {
    const engine = require("crypto").AES;
    return engine ? (key, block) => E.toString(engine.encrypt(block, key, { mode: "ECB" })) : null;
  } catch (error) {
    return null;
  }
}

let tableText = "";
let tableBytes: Uint8Array;

function translate(text: string, table: string): string {
  if (table !== tableText) {
    tableText = table;
    tableBytes = E.toUint8Array(table);
  }
  const bytes = E.toUint8Array(text);
  E.mapInPlace(bytes, bytes, tableBytes);
  return E.toString(bytes);
}

/** What Espruino has natively; other engines use the plain twins. */
function espruinoNatives(): Natives {
  return {
    crc32: E.CRC32,
    toBytes: (text, out, at) => out.set(E.toUint8Array(text), at),
    toText: E.toString,
    base64: btoa,
    unbase64: atob,
    aes: espruinoAes(),
    sum: (text) => E.sum(E.toUint8Array(text)),
    translate: translate,
    dot: E.convolve,
  };
}

export const board: Board = {
  profile: profile,
  natives: typeof E === "undefined" ? null : espruinoNatives(),
  flash: flash,
  start: (handler: Handler) => {
    io.rx = (nowMs, happening, value, text) => {
      timeMs = nowMs;
      if (happening === Happening.PowerOn || happening === RANDOM) randomBytes += text;
      if (happening !== RANDOM) handler(happening, value, text);
      io.tx(".");
    };
  },
  nowMs: () => timeMs,
  timer: (id, delayMs) => send(["t", id, delayMs]),
  uart: (port: Port, text) => send(["u", port, text]),
  pins: (group, levels) => send(["p", group, levels]),
  readPins: (group) => send(["pr", group]),
  readMatrix: () => send(["pm"]),
  i2c: (address, text, readBytes) => send(["i", address, text, readBytes]),
  spi: (device, text, isRead) => send(["s", device, text, isRead ? 1 : 0]),
  analog: () => send(["a"]),
  netOpen: (host, port) => send(["no", host, port]),
  netWrite: (text) => send(["nw", text]),
  netClose: () => send(["nc"]),
  tone: (frequencyHz, durationMs) => send(["b", frequencyHz, durationMs]),
  random: random,
};
