/**
 * A board with peripherals as far as a doctor can see them, behind the console's line protocol: lines run in a context that has the engine's
 * names for pins and buses (Espruino Reference) and nothing of ours. Faults of its wires are set by the test.
 */
import { createContext, runInContext } from "node:vm";
import { Espruino } from "../../flash/espruino";
import { type Line, Talk } from "../../flash/line";

/** At the prompt of the engine behind the cable, nothing of its own running. */
export async function atPrompt(line: Line): Promise<{ talk: Talk; espruino: Espruino }> {
  const talk = await Talk.open(line);
  const espruino = new Espruino(talk, "ttyX");
  await espruino.enter();
  await espruino.clear();
  return { talk, espruino };
}

export class ProbeBoard {
  /** Pins that something outside holds, by name; others follow their pull. */
  readonly held = new Map<string, 0 | 1>();
  /** Pins joined when the first is driven low. */
  joined: [string, string][] = [];
  /** What answers on a UART, by its `tx` and `rx` as they are set up: bytes for a question. */
  devices: { tx: string; rx: string; answer(question: string): string }[] = [];
  /** I2C chips that acknowledge, and on which wires. */
  i2c = { sda: "D21", scl: "D22", addresses: [0x3c, 0x68] };
  millivoltAtPin = 1900;
  /** What answers on the second SPI bus. */
  spi2: (question: string) => string = (question) => "\xff".repeat(question.length);
  /** The way to a host, layer by layer; `file`: network and password on the board, `settings`: what stands in flash, the second page. */
  network = {
    file: "shop\nsecret" as string | null,
    hasRadio: true,
    joins: true,
    ip: "10.0.0.7",
    settings: "",
    /** Names that are known, at which ask; and where connections are taken. */
    names: new Map([["host.example", "192.0.2.1"]]),
    namesFrom: 1,
    open: ["host.example:7583"],
  };
  readonly driven: string[] = [];
  private readonly modes = new Map<string, string>();
  private readonly levels = new Map<string, number>();
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  private text = "";
  private readonly context = createContext(this.globals());

  readonly line: Line = {
    readable: new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.controller = controller;
      },
    }),
    writable: new WritableStream<Uint8Array>({ write: (bytes) => this.take(Buffer.from(bytes).toString("latin1")) }),
    open: async () => undefined,
    close: async () => undefined,
    setSignals: async () => undefined,
    getInfo: () => ({}),
  };

  private take(text: string): void {
    this.text += text.replaceAll("\x03", "");
    const lines = this.text.split("\n");
    this.text = lines.pop() ?? "";
    for (const line of lines) this.run(line.replace("\x10", ""));
  }

  private run(line: string): void {
    try {
      runInContext(line, this.context);
    } catch (error) {
      this.say(`Uncaught ${String(error)}`);
    }
  }

  private say(text: string): void {
    this.controller?.enqueue(new Uint8Array(Buffer.from(`${text}\r\n`, "latin1")));
  }

  private read(pin: string): number {
    const low = this.joined.some(
      ([row, column]) => column === pin && this.modes.get(row) === "output" && this.levels.get(row) === 0,
    );
    if (low) return 0;
    return this.held.get(pin) ?? (this.modes.get(pin) === "input_pullup" ? 1 : 0);
  }

  private globals(): Record<string, unknown> {
    const pins = Array.from({ length: 49 }, (_, index) => [`D${index}`, `D${index}`]);
    const i2c = { wires: { sda: "", scl: "" } };
    return {
      ...Object.fromEntries(pins),
      process: { env: { BOARD: "ESP32", VERSION: "2v99" } },
      print: (value: unknown) => this.say(String(value)),
      E: { enableWatchdog: () => undefined, toString: (text: string) => text },
      reset: () => undefined,
      load: () => undefined,
      echo: () => undefined,
      atob,
      btoa,
      setTimeout: (act: () => void, delayMs = 0) => setTimeout(act, delayMs),
      pinMode: (pin: string, mode?: string) => void (mode ? this.modes.set(pin, mode) : this.modes.delete(pin)),
      digitalRead: (pin: string) => this.read(pin),
      digitalWrite: (pin: string, level: number) => {
        this.levels.set(pin, level);
        this.driven.push(`${pin}=${level}`);
      },
      analogRead: () => this.millivoltAtPin / 3300,
      require: (name: string) => this.module(name),
      I2C1: {
        setup: (wires: { sda: string; scl: string }) => {
          i2c.wires = wires;
        },
        readFrom: (address: number) => {
          const isWired = i2c.wires.sda === this.i2c.sda && i2c.wires.scl === this.i2c.scl;
          if (!isWired || !this.i2c.addresses.includes(address)) throw new Error("I2C: no acknowledgement");
          return new Uint8Array(1);
        },
      },
      SPI1: { setup: () => undefined, send: () => "\0\0\0\0" },
      SPI2: { setup: () => undefined, send: (question: string) => this.spi2(question) },
      Serial2: this.serial(),
      Serial3: this.serial(),
    };
  }

  /** Espruino Reference: "Wifi", "net", "Storage", "Flash". */
  private module(name: string): unknown {
    const net = this.network;
    let isJoined = false;
    let asks = 0;
    if (name === "Storage") return { read: () => net.file ?? undefined };
    if (name === "Flash") {
      return {
        getPage: () => ({}),
        read: (byteCount: number, address: number) =>
          (address === 0xf000 ? net.settings : "").padEnd(byteCount, "\xff").slice(0, byteCount),
      };
    }
    if (name === "net") {
      return {
        connect: ({ host, port }: { host: string; port: number }, opened: () => void) => {
          const isOpen = net.open.includes(`${host}:${port}`);
          if (isOpen) setTimeout(opened, 0);
          return {
            end: () => undefined,
            on: (event: string, act: () => void) => event === "close" && !isOpen && setTimeout(act, 0),
          };
        },
      };
    }
    if (!net.hasRadio) throw new Error("Module Wifi not found");
    return {
      getStatus: () => ({ station: isJoined ? "connected" : "disconnected", rssi: -61 }),
      getIP: () => ({ ip: net.ip }),
      connect: (network: string, { password }: { password: string }, done: () => void) => {
        isJoined = net.joins && net.file === `${network}\n${password}`;
        setTimeout(done, 0);
      },
      getHostByName: (host: string, done: (address: string | null) => void) =>
        setTimeout(() => done(++asks < net.namesFrom ? null : (net.names.get(host) ?? null)), 0),
    };
  }

  private serial() {
    let wires = { tx: "", rx: "" };
    let listener: (bytes: string) => void = () => undefined;
    return {
      setup: (_: number, options: { tx: string; rx: string }) => {
        wires = options;
      },
      on: (_: string, act: (bytes: string) => void) => {
        listener = act;
      },
      removeAllListeners: () => undefined,
      write: (question: string) => {
        for (const device of this.devices) {
          if (device.tx === wires.tx && device.rx === wires.rx) listener(device.answer(question));
        }
      },
    };
  }
}
