/**
 * The Linux board as an engine: the bundle `tillet-linux` in Espruino's Linux build, its buses on TCP sockets, its flash in a file that
 * outlives it. Power goes by SIGKILL. The same lines in and out as on the console board, so that the same handheld can be around it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, type Order, TURN_MS_MAX } from "./engine";
import { type FileCut, shim } from "./linux-shim";
import { storeFiles } from "./espruino";
import { deskOrder, flashOrder, Jack } from "./linux-wires";

/** As in the board's profile: the desk, and the UARTs by port. */
const DESK = 7600;
const UARTS: Record<number, number> = { 1: 7601, 2: 7602, 3: 7603, 4: 7604, 5: 7605, 6: 7606 };
const WIRES = [DESK, ...Object.values(UARTS)];
/** The way to the host, in the lines of the shim. */
const HOST = 0;
const FLASH_FILE = "handheld.flash";
const HAPPENING = { powerOn: 0, timer: 1, uart: 2, net: 4 } as const;
const NET = { closed: 0, open: 1 } as const;

const SYNC = "SHIM.sync()";

/** What the engine has seen so far, in its own count. */
interface Seen {
  turn: number;
  bytes: number;
  wires: number;
  opened: number;
  closed: number;
}

/** As they stand in a line of the shim. */
type Counts = [turn: number, bytes: number, wires: number, opened: number, closed: number];

export interface LinuxBoard extends Engine {
  /** The flash file as it is. */
  image(): Uint8Array;
  /** Lets go of the files. */
  close(): Promise<void>;
}

/** Settings, journal and keys: what the file has more are two slots, and the bundle runs from there. */
const AREAS_BYTES = 18 * 4096;

/** The timer that was armed last and still is. */
function armed(orders: readonly Order[]): number {
  const stopped = orders.filter(([, , delayMs]) => Number(delayMs) < 0).map(([, id]) => id);
  return Number(orders.filter(([, id]) => !stopped.includes(id)).at(-1)?.[1]);
}

/** `image`: the flash at first; `cut`: power goes there, once. */
export function openLinuxBoard(bundleFile: string, image: Uint8Array, cut: FileCut | null = null): LinuxBoard {
  const slotPages = (image.length - AREAS_BYTES) / 2 / 4096;
  const folder = mkdtempSync(join(tmpdir(), "tillet-linux-"));
  writeFileSync(join(folder, FLASH_FILE), image, { mode: 0o600 });
  let run: Run | null = null;
  let nextCut = cut;
  const stop = async () => {
    await run?.kill();
    run = null;
  };
  return {
    boots: slotPages > 0,
    start: async () => {
      run = new Run(folder, bundleFile, slotPages, nextCut);
      nextCut = null;
      await run.start();
    },
    turn: async (nowMs, happening, value, text) => (run ? run.turn(nowMs, happening, value, text) : []),
    stop,
    memory: async () => null,
    image: () => new Uint8Array(readFileSync(join(folder, FLASH_FILE))),
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** From power on to power off. */
class Run {
  private readonly control = new Jack(
    () => this.hear(),
    () => this.sync(),
  );
  private readonly host = new Jack(() => this.hear());
  private readonly wires = new Map(WIRES.map((port) => [port, new Jack(() => this.hear())]));
  private child: ChildProcess | null = null;
  private output = "";
  private orders: Order[] = [];
  private lines: Order[] = [];
  private seen: Seen = { turn: 0, bytes: 0, wires: 0, opened: 0, closed: 0 };
  private readonly wanted: Seen = { turn: 0, bytes: 0, wires: WIRES.length, opened: 0, closed: 0 };
  private settle: (() => void) | null = null;
  private fail: ((error: Error) => void) | null = null;

  constructor(
    private readonly folder: string,
    private readonly bundleFile: string,
    private readonly slotPages: number,
    private readonly cut: FileCut | null,
  ) {}

  async start(): Promise<void> {
    const ports = new Map<number, number>();
    for (const [port, jack] of this.wires) ports.set(port, await jack.listen());
    const program = shim({
      controlPort: await this.control.listen(),
      hostPort: await this.host.listen(),
      ports,
      flashFile: FLASH_FILE,
      names: this.slotPages > 0 ? [] : storeFiles(this.folder, this.bundleFile),
      slotPages: this.slotPages,
      cut: this.cut,
    });
    writeFileSync(join(this.folder, "run.js"), program);
    rmSync(join(this.folder, "espruino.flash"), { force: true });
    const command = process.env.ESPRUINO ?? "espruino";
    this.child = spawn(command, ["run.js"], { cwd: this.folder, stdio: ["pipe", "pipe", "inherit"] });
    this.child.stdout?.setEncoding("latin1").on("data", (text: string) => this.print(text));
    this.child.on("error", (error) => this.fail?.(error));
    this.child.on("exit", () => this.fail?.(new Error(`espruino ended${this.output}`)));
    await this.whenSettled(() => undefined);
  }

  async kill(): Promise<void> {
    this.fail = null;
    const child = this.child;
    const gone = new Promise<void>((resolve) => (child ? child.once("exit", () => resolve()) : resolve()));
    child?.kill("SIGKILL");
    await gone;
    for (const jack of [this.control, this.host, ...this.wires.values()]) jack.close();
  }

  async turn(nowMs: number, happening: number, value: number, text: string): Promise<Order[]> {
    const time = `SHIM.turn=${++this.wanted.turn};SHIM.ms=${nowMs}`;
    const command = this.command(happening, value);
    await this.whenSettled(() => this.tell(`${time};${command};${SYNC}`));
    // The time is there before bytes arrive at it.
    if (command === "") {
      await this.whenSettled(() => {
        this.give(happening, value, text);
        this.sync();
      });
    }
    const orders = this.orders;
    this.orders = [];
    return orders;
  }

  /** What happens by a word of the shim; "" for what happens on a wire. */
  private command(happening: number, value: number): string {
    if (happening === HAPPENING.timer) return `SHIM.fire(${value})`;
    if (happening === HAPPENING.powerOn) {
      // The board posts itself that power is on, for the turn after its start: that is this one.
      // It is the last one that is armed: the boot code has let go of its own.
      const posted = this.orders.filter(([name]) => name === "t");
      this.orders = this.orders.filter(([name]) => name !== "t");
      return `SHIM.fire(${armed(posted)})`;
    }
    if (happening === HAPPENING.net && value === NET.open) {
      this.wanted.opened++;
      return "SHIM.link.open()";
    }
    if (happening === HAPPENING.net && value === NET.closed) {
      this.wanted.closed++;
      if (this.seen.opened <= this.seen.closed) return "SHIM.link.refuse()";
      this.host.socket?.destroy();
      return "0";
    }
    return "";
  }

  private give(happening: number, value: number, text: string): void {
    if (happening === HAPPENING.uart) {
      this.send(this.wires.get(UARTS[value] ?? -1), text);
    } else if (happening === HAPPENING.net) {
      this.send(this.host, text);
    } else {
      const bytes = Buffer.from(text, "latin1").toString("base64");
      this.send(this.wires.get(DESK), `${happening} ${value} ${bytes}\n`);
    }
  }

  private send(jack: Jack | undefined, bytes: string): void {
    this.wanted.bytes += bytes.length;
    jack?.socket?.write(bytes, "latin1");
  }

  private tell(line: string): void {
    this.control.socket?.write(`${line}\n`, "latin1");
  }

  private sync(): void {
    this.tell(SYNC);
  }

  /** Waits until the engine has seen all that it was sent, and all that it wrote is here. */
  private async whenSettled(act: () => void): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const settled = new Promise<void>((resolve, reject) => {
      this.settle = resolve;
      this.fail = reject;
      timer = setTimeout(() => reject(new Error(`espruino gave no end of turn${this.output}`)), TURN_MS_MAX);
    });
    act();
    await settled.finally(() => clearTimeout(timer));
    this.settle = null;
    this.fail = null;
  }

  /** Takes what is whole: lines of the shim, and with each the bytes that it speaks of. */
  private hear(): void {
    const at = this.control.received.lastIndexOf("\n") + 1;
    const text = this.control.take(at);
    if (text !== "")
      this.lines.push(
        ...text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as Order),
      );
    while (this.lines.length > 0 && this.takeLine(this.lines[0] as Order)) this.lines.shift();
  }

  /** False: its bytes are not here yet. */
  private takeLine([name, a, b, ...more]: Order): boolean {
    if (name === "w") return this.takeBytes(Number(a), Number(b));
    if (name === "f") this.orders.push(flashOrder(Number(a), Buffer.from(String(b), "base64").toString("latin1")));
    else if (name === "y") this.synced([a, b, ...more].map(Number) as Counts);
    else this.orders.push([name, ...[a, b].filter((each) => each !== undefined)] as Order);
    return true;
  }

  private takeBytes(port: number, byteCount: number): boolean {
    const jack = port === HOST ? this.host : this.wires.get(port);
    if (!jack || jack.received.length < byteCount) return false;
    const bytes = jack.take(byteCount);
    const uart = Object.keys(UARTS).find((each) => UARTS[Number(each)] === port);
    if (port === HOST) this.orders.push(["nw", bytes]);
    else this.orders.push(uart === undefined ? deskOrder(bytes) : ["u", Number(uart), bytes]);
    return true;
  }

  private synced([turn, bytes, wires, opened, closed]: Counts): void {
    this.seen = { turn, bytes, wires, opened, closed };
    const { wanted } = this;
    const isAll =
      turn === wanted.turn &&
      bytes >= wanted.bytes &&
      wires >= wanted.wires &&
      opened >= wanted.opened &&
      closed >= wanted.closed;
    // Asking again keeps the engine from its nap of 50 ms.
    if (isAll) this.settle?.();
    else if (turn === wanted.turn) setImmediate(() => this.sync());
  }

  private print(text: string): void {
    this.output = (this.output + text).slice(-1000);
    if (/Uncaught|Unhandled|Execution Interrupted/.test(this.output)) this.fail?.(new Error(this.output));
  }
}
