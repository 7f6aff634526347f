/** The far ends of the Linux board's wires: a socket each, and what came over them or went into the flash file as orders of the console board. */
import { createServer, type Server, type Socket } from "node:net";
import type { Order } from "./engine";

/** The file's areas: settings, then journal and keys. */
const SETTINGS = { address: 0xe000, byteCount: 8192 };
const JOURNAL_ADDRESS = 0x310000;
const PAGE_BYTES = 4096;
const JOURNAL_BYTES = 16 * PAGE_BYTES;
/** Two slots of the firmware, where there are some. */
const SLOTS_ADDRESS = 0x321000;

/** A listening socket and the last connection to it. */
export class Jack {
  socket: Socket | null = null;
  received = "";
  private readonly server: Server;

  constructor(
    private readonly onBytes: () => void,
    onPlugged: () => void = () => undefined,
  ) {
    this.server = createServer((socket) => {
      this.socket = socket.setNoDelay(true).setEncoding("latin1");
      this.received = "";
      onPlugged();
      socket.on("error", () => undefined);
      socket.on("data", (bytes) => {
        this.received += String(bytes);
        this.onBytes();
      });
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return (this.server.address() as { port: number }).port;
  }

  take(byteCount: number): string {
    const bytes = this.received.slice(0, byteCount);
    this.received = this.received.slice(byteCount);
    return bytes;
  }

  close(): void {
    this.socket?.destroy();
    this.server.close();
  }
}

/** A line on the desk as an order of the console board. */
export function deskOrder(line: string): Order {
  const [name, a, b, c] = line.trimEnd().split(" ") as [string, string, string, string];
  const bytes = (text: string) => Buffer.from(text ?? "", "base64").toString("latin1");
  if (name === "i") return ["i", Number(a), bytes(c), Number(b)];
  if (name === "s") return ["s", Number(a), bytes(c), Number(b)];
  if (name === "p") return ["p", Number(a), b];
  return [name, ...[a, b].filter((each) => each !== undefined).map(Number)];
}

export function flashOrder(offset: number, bytes: string): Order {
  const inJournal = offset - SETTINGS.byteCount;
  const address =
    inJournal < 0
      ? SETTINGS.address + offset
      : inJournal < JOURNAL_BYTES
        ? JOURNAL_ADDRESS + inJournal
        : SLOTS_ADDRESS + inJournal - JOURNAL_BYTES;
  return bytes === "\xff".repeat(PAGE_BYTES) ? ["fe", address] : ["fw", address, bytes];
}
