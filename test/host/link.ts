/** A connection to a gateway. What the gateway has to say to some bytes is known without waiting for a time. */
import { connect, type Socket } from "node:net";
import type { Gateway } from "../../src/host/gateway";

export class Link {
  private sentBytes = 0;
  private received = "";
  private taken = 0;
  private wake: () => void = () => undefined;
  /** Resolves when either end has closed it. */
  readonly closed: Promise<void>;
  isClosed = false;

  private constructor(
    private readonly gateway: Gateway,
    readonly socket: Socket,
    readonly localPort: number,
  ) {
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      this.received += bytes.toString("latin1");
      this.wake();
    });
    socket.on("error", () => undefined);
    this.closed = new Promise((resolve) =>
      socket.on("close", () => {
        this.isClosed = true;
        this.wake();
        resolve();
      }),
    );
  }

  static open(gateway: Gateway, local: { localAddress?: string; localPort?: number } = {}): Promise<Link> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: gateway.port, host: "127.0.0.1", ...local });
      socket.once("error", reject);
      socket.once("connect", () => resolve(new Link(gateway, socket, socket.localPort ?? 0)));
    });
  }

  /** Sends without waiting for anything. */
  write(bytes: string | Uint8Array): void {
    const whole = Buffer.from(bytes as string, "latin1");
    this.sentBytes += whole.length;
    this.socket.write(whole);
  }

  /** Sends, and gives what came back until the gateway had nothing more to say: "" is silence. */
  async send(bytes: string | Uint8Array): Promise<string> {
    this.write(bytes);
    return this.quiet();
  }

  async quiet(): Promise<string> {
    const answered = await this.gateway.quiet(this.localPort, this.sentBytes);
    while (this.received.length < answered && !this.isClosed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const fresh = this.received.slice(this.taken);
    this.taken = this.received.length;
    return fresh;
  }

  close(): Promise<void> {
    this.socket.destroy();
    return this.closed;
  }
}
