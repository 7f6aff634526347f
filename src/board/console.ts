/**
 * The console board: an engine without hardware. Every bus, the clock and the flash travel as lines to a simulator, which owns
 * time and plays the peripherals. The transport in front of the bundle gives the object `io`: `io.tx(line)` takes a line
 * away, and for each happening it calls `io.rx(nowMs, happening, value, text)`. The line "." says that the turn is over.
 */
import { type Board, ClockChip, type Flash, type Handler, Happening, type Port, type Profile } from "./board";
import { espruinoNatives } from "./natives";

declare const io: {
  tx(line: string): void;
  rx: (nowMs: number, happening: number, value: number, text: string) => void;
};
/** As `Happening`, and one more that only this board and the simulator know: random bytes, also the first ones of power-on. */
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

export const board: Board = {
  profile: profile,
  natives: espruinoNatives(),
  flash: flash,
  start: (handler: Handler) => {
    io.rx = (nowMs, happening, value, text) => {
      timeMs = nowMs;
      const isPower = happening === Happening.PowerOn;
      if (isPower || happening === RANDOM) randomBytes += text.substr(0, RANDOM_BYTES);
      if (happening !== RANDOM) handler(happening, value, isPower ? text.substr(RANDOM_BYTES) : text);
      io.tx(".");
    };
  },
  restart: () => send(["x"]),
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
  netAsk: (host) => send(["na", host]),
  netClose: () => send(["nc"]),
  tone: (frequencyHz, durationMs) => send(["b", frequencyHz, durationMs]),
  random: random,
};
