/**
 * Wires as TCP connections, for an engine on a machine without pins: each UART is a socket with its bytes and nothing else, as a serial
 * device server (ser2net) offers it. All other wires are lines on one more socket, the desk, fields with a blank between, bytes in base64:
 *
 *   to the desk:   p GROUP LEVELS | pr GROUP | pm | i ADDRESS READ_BYTES BYTES | s DEVICE IS_READ BYTES | a | b HERTZ MS
 *   from the desk: HAPPENING VALUE BYTES, with the happening's number (`Happening`): bits, pins, I2C, SPI, analog
 *
 * Bounds: a socket that is not there is tried again every RETRY_MS, and what is written meanwhile is lost, as on a wire that is pulled
 * out; a line from the desk ends at LINE_MAX.
 */
import { Happening } from "./board";
import type { Wires } from "./espruino";
import { tell } from "./post";

interface Socket {
  on(event: "data", hear: (text: string) => void): void;
  on(event: "close" | "error", hear: () => void): void;
  write(text: string): void;
}
declare function require(name: "net"): {
  connect(where: { host: string; port: number }, opened: () => void): Socket;
};
declare function setTimeout(run: (wire: Wire) => void, delayMs: number, wire: Wire): number;
declare function btoa(text: string): string;
declare function atob(text: string): string;

const RETRY_MS = 1000;
const LINE_MAX = 8192;
/** In place of a UART's number. */
const DESK = -1;

interface Wire {
  port: number;
  tcpPort: number;
  socket: Socket | null;
  rest: string;
}

export interface SocketWiring {
  readonly host: string;
  /** By `Port`: the TCP port of each UART. */
  readonly uarts: readonly number[];
  readonly desk: number;
}

const wires: Wire[] = [];
let host = "";

function hear(wire: Wire, text: string): void {
  if (wire.port !== DESK) {
    tell(Happening.Uart, wire.port, text);
    return;
  }
  wire.rest += text;
  let end = wire.rest.indexOf("\n");
  while (end >= 0) {
    const fields = wire.rest.substr(0, end).split(" ");
    wire.rest = wire.rest.substr(end + 1);
    tell(parseInt(fields[0], 10), parseInt(fields[1], 10), fields[2] ? atob(fields[2]) : "");
    end = wire.rest.indexOf("\n");
  }
  if (wire.rest.length > LINE_MAX) wire.rest = "";
}

function lost(wire: Wire): void {
  wire.socket = null;
  wire.rest = "";
  setTimeout(plug, RETRY_MS, wire);
}

function plug(wire: Wire): void {
  try {
    const socket: Socket = require("net").connect({ host: host, port: wire.tcpPort }, () => {
      wire.socket = socket;
    });
    socket.on("data", (text) => hear(wire, text));
    socket.on("close", () => lost(wire));
    socket.on("error", () => undefined);
  } catch (error) {
    lost(wire);
  }
}

function write(port: number, text: string): void {
  for (let i = 0; i < wires.length; i++) {
    const socket = wires[i].socket;
    if (wires[i].port === port && socket) socket.write(text);
  }
}

function ask(line: string): void {
  write(DESK, line + "\n");
}

function open(wiring: SocketWiring): void {
  host = wiring.host;
  for (let port = 0; port < wiring.uarts.length; port++)
    if (wiring.uarts[port]) wires.push({ port: port, tcpPort: wiring.uarts[port], socket: null, rest: "" });
  wires.push({ port: DESK, tcpPort: wiring.desk, socket: null, rest: "" });
  for (let i = 0; i < wires.length; i++) plug(wires[i]);
}

export function socketWires(wiring: SocketWiring): Wires {
  return {
    open: () => open(wiring),
    uart: write,
    pins: (group, levels) => ask("p " + group + " " + levels),
    readPins: (group) => ask("pr " + group),
    readMatrix: () => ask("pm"),
    i2c: (address, text, readBytes) => ask("i " + address + " " + readBytes + " " + btoa(text)),
    spi: (device, text, isRead) => ask("s " + device + (isRead ? " 1 " : " 0 ") + btoa(text)),
    analog: () => ask("a"),
    tone: (frequencyHz, durationMs) => ask("b " + frequencyHz + " " + durationMs),
  };
}
