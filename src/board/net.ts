/**
 * One TCP connection by Espruino's module "net". A refused connection and a name that nobody knows are thrown by some builds and told by
 * others; both end as closed, in a later turn. What a connection says that was let go is not heard.
 */
import { Happening } from "./board";
import { later, tell } from "./post";

interface Socket {
  on(event: "data", hear: (text: string) => void): void;
  on(event: "close" | "error", hear: () => void): void;
  write(text: string): void;
  end(): void;
}
declare function require(name: "net"): {
  connect(where: { host: string; port: number }, opened: () => void): Socket;
};

const enum Change {
  Closed = 0,
  Open = 1,
  Bytes = 2,
}

/** No host was asked. */
const NO_NETWORK = "-";

let current: Socket | null = null;
/** False while there is no radio: nobody need be called then. */
let isReachable = true;

/** On a wire nobody knows: the connection will tell. */
let ask = (_host: string): void => later(Happening.Layers, 0, "?|?|?");

/** There is a radio, which knows. */
export function setAsk(askRadio: (host: string) => void): void {
  ask = askRadio;
}

export function askNet(host: string): void {
  ask(host);
}

/** The radio came or went. A connection over it is gone with it, though nobody says so. */
export function setReachable(isNow: boolean): void {
  isReachable = isNow;
  if (!isNow && current) {
    closeNet();
    tell(Happening.Net, Change.Closed, NO_NETWORK);
  }
}

function watch(mine: Socket): void {
  mine.on("data", (text) => {
    if (current === mine) tell(Happening.Net, Change.Bytes, text);
  });
  mine.on("close", () => {
    if (current !== mine) return;
    current = null;
    tell(Happening.Net, Change.Closed, "");
  });
  // Its closing follows.
  mine.on("error", () => undefined);
}

export function openNet(host: string, port: number): void {
  closeNet();
  if (!isReachable) {
    later(Happening.Net, Change.Closed, NO_NETWORK);
    return;
  }
  try {
    const mine: Socket = require("net").connect({ host: host, port: port }, () => {
      if (current === mine) tell(Happening.Net, Change.Open, "");
    });
    current = mine;
    watch(mine);
  } catch (error) {
    current = null;
    later(Happening.Net, Change.Closed, "");
  }
}

/** A connection that has just closed takes nothing; its closing is told. */
export function writeNet(text: string): void {
  if (!current) return;
  try {
    current.write(text);
  } catch (error) {
    closeNet();
    later(Happening.Net, Change.Closed, "");
  }
}

export function closeNet(): void {
  const old = current;
  current = null;
  if (!old) return;
  try {
    old.end();
  } catch (error) {
    // It was closed already.
  }
}
