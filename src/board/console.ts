/**
 * The console board: an engine without hardware. Every bus, the clock and the flash travel as lines to a simulator, which owns
 * time and plays the peripherals. The transport in front of the bundle gives the object `io`: `io.tx(line)` takes a line
 * away, and for each happening it calls `io.rx(nowMs, happening, value, text)`. The line "." says that the turn is over.
 */
import { type Board, type Flash, type Handler, Happening, type Natives, type Port } from "./board";

declare const io: {
  tx(line: string): void;
  rx: (nowMs: number, happening: number, value: number, text: string) => void;
};
declare const E: {
  CRC32(text: string): number;
  toUint8Array(text: string): Uint8Array;
  toString(bytes: Uint8Array): string;
};
interface Canvas {
  buffer: Uint8Array;
  drawImage(
    image: { width: number; height: number; bpp: number; buffer: string; palette: Uint16Array },
    x: number,
    y: number,
  ): void;
}
declare const Graphics: { createArrayBuffer(width: number, height: number, bitsPerPixel: number): Canvas };
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

/**
 * Pixels by drawing an image of one row into a buffer of 16 bits a pixel, which has the high byte first: 150 instructions a pixel, where
 * `E.mapInPlace` takes 1500. The buffer stays for the next image of that width.
 */
function expander(): Natives["expand"] {
  let canvas: Canvas | null = null;
  let width = 0;
  return (pixels, depth, colours) => {
    const pixelCount = (pixels.length * 8) / depth;
    if (!canvas || width !== pixelCount) canvas = Graphics.createArrayBuffer(pixelCount, 1, 16);
    width = pixelCount;
    canvas.drawImage({ width: width, height: 1, bpp: depth, buffer: pixels, palette: colours }, 0, 0);
    return E.toString(canvas.buffer);
  };
}

/** What Espruino has natively; other engines use the plain twins. */
function espruinoNatives(): Natives {
  return {
    crc32: (text) => E.CRC32(text),
    toBytes: (text, out, at) => out.set(E.toUint8Array(text), at),
    toText: (bytes) => E.toString(bytes),
    base64: (text) => btoa(text),
    unbase64: (text) => atob(text),
    expand: expander(),
  };
}

export const board: Board = {
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
  i2c: (address, text, readBytes) => send(["i", address, text, readBytes]),
  spi: (device, text, isRead) => send(["s", device, text, isRead ? 1 : 0]),
  analog: () => send(["a"]),
  netOpen: (host, port) => send(["no", host, port]),
  netWrite: (text) => send(["nw", text]),
  netClose: () => send(["nc"]),
  tone: (frequencyHz, durationMs) => send(["b", frequencyHz, durationMs]),
  random: random,
};
