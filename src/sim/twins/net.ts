/**
 * The handheld's network: a real TCP connection to the host, with a cable that scripts can pull, layers they can take away and answers they
 * can delay. By whatever name the host is called, it is behind the one door.
 */
import { connect, type Socket } from "node:net";

/** Where the host is. `quiet` tells a simulator in virtual time that the host has nothing more to say (`host/gateway`). */
export interface HostDoor {
  address: string;
  port: number;
  quiet(localPort: number, bytesSent: number): Promise<number>;
}

export const enum NetChange {
  Closed = 0,
  Open = 1,
  Bytes = 2,
}

/** Calls `happen` after so many milliseconds of the handheld's time. */
export type Later = (delayMs: number, happen: () => void) => void;

/** What may be missing between handheld and host; and the name of a host, which then refuses. `answers`: it takes what comes, and is silent. */
export const LAYERS = ["radio", "ip", "dns", "answers"] as const;

/** The text of a refusal where there is no network: no host was asked. */
const NO_NETWORK = "-";

/** What the handheld has for a network. */
export interface Net {
  isUp: boolean;
  /** Of `LAYERS`, and names of hosts. */
  readonly missing: ReadonlySet<string>;
  /** From request to answer. */
  answerMs: number;
  /** Work at the host or on the wire: virtual time stands still until it is done. */
  readonly pending: Set<Promise<void>>;
  setUp(isUp: boolean): void;
  setMissing(missing: Iterable<string>): void;
  open(host: string): void;
  write(bytes: string): void;
  /** Lets go without a word to the terminal. */
  drop(): void;
}

/** Makes a network for a handheld, given its time and its ear. */
export type OpenNet = (later: Later, happen: (change: NetChange, bytes: string) => void) => Net;

export const CONNECT_MS = 80;
export const LOOKUP_MS = 40;
export const ANSWER_MS = 350;

/** What a board says of a connection to a host that cannot be, null when it can. */
export function refusalOf({ isUp, missing }: Pick<Net, "isUp" | "missing">, host: string): string | null {
  if (!isUp || missing.has("radio") || missing.has("ip")) return NO_NETWORK;
  return missing.has("dns") || missing.has(host) ? "" : null;
}

/** How far the way to a host goes, as the board tells it. */
export function layersOf({ isUp, missing }: Pick<Net, "isUp" | "missing">, host: string): string {
  const signal = isUp && !missing.has("radio") ? "-61" : "";
  const own = signal && !missing.has("ip") ? "10.0.0.15" : "";
  const address = own && host && !missing.has("dns") ? "10.0.0.2" : "";
  return [signal, own, address].join("|");
}

interface Connection {
  host: string;
  socket: Socket;
  bytesSent: number;
  bytesReceived: number;
  isClosed: boolean;
  wake: (() => void) | null;
}

export class NetTwin implements Net {
  isUp = true;
  /** From request to answer. */
  answerMs = ANSWER_MS;
  /** Work at the host or on the wire: virtual time stands still until it is done. */
  readonly pending = new Set<Promise<void>>();
  missing: ReadonlySet<string> = new Set();
  private connection: Connection | null = null;

  constructor(
    private readonly door: HostDoor | null,
    private readonly later: Later,
    private readonly happen: (change: NetChange, bytes: string) => void,
  ) {}

  setUp(isUp: boolean): void {
    this.isUp = isUp;
    this.lose();
  }

  setMissing(missing: Iterable<string>): void {
    this.missing = new Set(missing);
    this.lose();
  }

  private lose(): void {
    const { connection } = this;
    const refusal = connection && refusalOf(this, connection.host);
    if (refusal === null) return;
    this.drop();
    this.later(0, () => this.happen(NetChange.Closed, refusal));
  }

  open(host: string): void {
    this.drop();
    const refusal = this.door ? refusalOf(this, host) : NO_NETWORK;
    if (refusal !== null || !this.door) {
      this.later(CONNECT_MS, () => this.happen(NetChange.Closed, refusal ?? ""));
      return;
    }
    const { address, port } = this.door;
    const socket = connect(port, address);
    socket.setNoDelay(true);
    const connection: Connection = { host, socket, bytesSent: 0, bytesReceived: 0, isClosed: false, wake: null };
    this.connection = connection;
    this.wait(
      new Promise<void>((resolve) => {
        socket.once("connect", () => {
          this.later(CONNECT_MS, () => this.tell(connection, NetChange.Open, ""));
          resolve();
        });
        socket.once("close", () => resolve());
      }),
    );
    socket.setEncoding("latin1");
    socket.on("data", (bytes: string) => this.receive(connection, bytes));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      connection.wake?.();
      this.later(CONNECT_MS, () => this.tell(connection, NetChange.Closed, ""));
    });
  }

  write(bytes: string): void {
    const connection = this.connection;
    if (!connection || !this.door || this.missing.has("answers")) return;
    connection.bytesSent += bytes.length;
    connection.socket.write(bytes, "latin1");
    this.wait(this.answered(connection, this.door));
  }

  /** Lets go without a word to the terminal. */
  drop(): void {
    const connection = this.connection;
    this.connection = null;
    if (!connection) return;
    connection.isClosed = true;
    connection.socket.destroy();
  }

  private async answered(connection: Connection, door: HostDoor): Promise<void> {
    const localPort = connection.socket.localPort;
    if (localPort === undefined) return;
    const bytesAnswered = await door.quiet(localPort, connection.bytesSent);
    while (connection.bytesReceived < bytesAnswered && !connection.socket.destroyed) {
      await new Promise<void>((resolve) => {
        connection.wake = resolve;
      });
    }
  }

  private receive(connection: Connection, bytes: string): void {
    connection.bytesReceived += bytes.length;
    this.later(this.answerMs, () => this.tell(connection, NetChange.Bytes, bytes));
    connection.wake?.();
  }

  /** What a dropped connection still brings is not heard. */
  private tell(connection: Connection, change: NetChange, bytes: string): void {
    if (connection.isClosed || connection !== this.connection) return;
    if (change === NetChange.Closed) this.connection = null;
    this.happen(change, bytes);
  }

  private wait(work: Promise<void>): void {
    this.pending.add(work);
    void work.finally(() => this.pending.delete(work));
  }
}
