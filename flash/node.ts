/** Lines on Node: a serial port, or a TCP port that stands for one (`name:port`, as of a serial server). Which ports there are. */
import { readdirSync, realpathSync } from "node:fs";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { join } from "node:path";
import { SerialPort } from "serialport";
import { type Line, sleep } from "./line";

const CLOSE_MS = 1_000;

/** What comes and goes as a stream becomes a line; `signal` moves its wires, `shut` closes what `destroy` leaves open. */
export function lineOf(
  open: (baudRate: number) => Promise<Duplex>,
  signal: Line["setSignals"],
  shut: (stream: Duplex) => void = (stream) => void stream.destroy(),
): Line {
  let stream: Duplex | null = null;
  let readable: ReadableStream<Uint8Array> | null = null;
  let writable: WritableStream<Uint8Array> | null = null;
  let lose: () => void = () => undefined;
  return {
    get readable() {
      return readable;
    },
    get writable() {
      return writable;
    },
    open: async ({ baudRate }) => {
      const opened = await open(baudRate);
      stream = opened;
      // An error without a listener ends the process; the streams tell it to whoever reads or writes.
      opened.on("error", () => undefined);
      readable = new ReadableStream({
        start: (controller) => {
          opened.on("data", (bytes: Buffer) => {
            if (stream === opened) controller.enqueue(new Uint8Array(bytes));
          });
          const end = () => {
            if (stream === opened) lose();
            try {
              controller.close();
            } catch {
              // It has ended already, or the reader has cancelled it.
            }
          };
          // A port that went away ends, closes, or both.
          opened.once("end", end);
          opened.once("close", end);
        },
      });
      writable = new WritableStream({
        write: (bytes) =>
          new Promise<void>((resolve, reject) => {
            if (opened.destroyed) reject(new Error("closed"));
            else opened.write(bytes, (error) => (error ? reject(error) : resolve()));
          }),
      });
    },
    close: async () => {
      const closing = stream;
      stream = readable = writable = null;
      if (!closing || closing.destroyed) return;
      const closed = new Promise<void>((resolve) => closing.once("close", () => resolve()));
      shut(closing);
      // One that is gone may never say that it is closed.
      await Promise.race([closed, sleep(CLOSE_MS)]);
    },
    setSignals: async (signals) => {
      if (stream) await signal(signals);
    },
    getInfo: () => ({}),
    onLost: (act) => {
      lose = act;
    },
  };
}

export function tcpLine(host: string, port: number): Line {
  return lineOf(
    () =>
      new Promise<Socket>((resolve, reject) => {
        const socket = connect({ host, port, noDelay: true }, () => resolve(socket));
        socket.once("error", ({ message }) =>
          reject(new Error(`${host}:${port} takes no connection (${message}): is the serial server running?`)),
        );
      }),
    async () => undefined,
  );
}

const OPEN_FAULTS: readonly [RegExp, (path: string) => string][] = [
  [
    /permission|access/i,
    (path) => `${path} may not be opened: add yourself to the group that owns it (dialout on Debian), log in again.`,
  ],
  [/busy|lock/i, (path) => `${path} is in use: close the other program that has it open.`],
];

export function serialLine(path: string): Line {
  let port: SerialPort | null = null;
  return lineOf(
    (baudRate) =>
      new Promise<Duplex>((resolve, reject) => {
        const opened = new SerialPort({ path, baudRate, autoOpen: false });
        opened.open((error) => {
          port = opened;
          if (!error) return resolve(opened);
          const [, say] = OPEN_FAULTS.find(([pattern]) => pattern.test(error.message)) ?? [];
          reject(
            new Error(
              say?.(path) ?? `${path} cannot be opened: plug the board in, or choose another port with --port.`,
            ),
          );
        });
      }),
    ({ dataTerminalReady: dtr, requestToSend: rts }) =>
      new Promise<void>((resolve) => {
        // Pseudo terminals and some adapters have no such wires; what follows finds out.
        port?.set({ ...(dtr !== undefined && { dtr }), ...(rts !== undefined && { rts }) }, () => resolve());
      }),
    () => port?.close(),
  );
}

export interface FoundPort {
  path: string;
  what: string;
}

/** Without udev's help, where `serialport` cannot list: USB adapters by name. */
function listByFolder(root: string): FoundPort[] {
  const names = (folder: string) => {
    try {
      return readdirSync(join(root, folder));
    } catch {
      return [];
    }
  };
  const byId = names("dev/serial/by-id").map((name) => ({
    path: realpathSync(join(root, "dev/serial/by-id", name)),
    what: name,
  }));
  const seen = new Set(byId.map(({ path }) => path));
  const others = names("sys/class/tty")
    .filter((name) => /^tty(USB|ACM)[0-9]+$/.test(name))
    .map((name) => ({ path: join(root, "dev", name), what: "USB serial" }));
  return [...byId, ...others.filter(({ path }) => !seen.has(path))];
}

/** Ports that a board may be at: those on USB. `root` is the file system's, where udev does not help. */
export async function listPorts(list = () => SerialPort.list(), root = "/"): Promise<FoundPort[]> {
  try {
    const all = await list();
    return all
      .filter(({ vendorId }) => vendorId !== undefined)
      .map(({ path, manufacturer, vendorId, productId }) => ({
        path,
        what: manufacturer ?? `USB ${vendorId ?? ""}:${productId ?? ""}`,
      }));
  } catch {
    return listByFolder(root);
  }
}

/** The line to the port that was given, or to the only one that there is. */
export async function chooseLine(port: string | undefined, list = listPorts): Promise<{ port: string; line: Line }> {
  if (port !== undefined) {
    const [, host, number] = /^([A-Za-z0-9.-]+):([0-9]{1,5})$/.exec(port) ?? [];
    return { port, line: host ? tcpLine(host, Number(number)) : serialLine(port) };
  }
  const found = await list();
  if (found.length === 0) {
    throw new Error("No board on USB: plug it in with a cable that carries data, or name its port with --port.");
  }
  if (found.length > 1) {
    throw new Error(`Which board? Give --port: ${found.map(({ path, what }) => `${path} (${what})`).join(", ")}.`);
  }
  const [{ path }] = found;
  return { port: path, line: serialLine(path) };
}
