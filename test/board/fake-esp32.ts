/**
 * Espruino as on an ESP32, played in Node around a bundle of a board with pins: the API that the bundle calls, by the engine's reference, on
 * the simulated handheld's twins. Calls of UARTs, lamps and the buzzer become orders of the console board; what the chip answers at once
 * (I2C, SPI, pins, flash) is asked of the twins directly. Time is the simulator's.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createContext, Script } from "node:vm";
import { Group } from "../../src/board/board";
import type { Wiring } from "../../src/board/wiring";
import type { Engine, Order } from "../../src/sim/engines/engine";
import type { Handheld } from "../../src/sim/handheld";
import type { FlashTwin } from "../../src/sim/twins/flash";
import { layersOf } from "../../src/sim/twins/net";
import { NATIVES } from "../natives";

const HAPPENING = { powerOn: 0, timer: 1, uart: 2, bits: 3, net: 4, pins: 7 } as const;

type Hear = (value?: unknown) => void;

const text = (bytes: Uint8Array | ArrayBuffer) => Buffer.from(new Uint8Array(bytes)).toString("latin1");
const bytesOf = (from: string) => Uint8Array.from(from, (char) => char.charCodeAt(0));

export class FakeEsp32 implements Engine {
  /** Set once it is there: the twins that answer at once. */
  handheld: Handheld | null = null;
  flash: FlashTwin | null = null;
  /** What was never there on the chip, or was called wrongly. */
  readonly complaints: string[] = [];
  readonly wifi = new Map<string, Hear>();
  /** When the radio was asked to join. */
  readonly joinsMs: number[] = [];
  kicks = 0;
  /** The access point does not let it in. */
  refuses = false;
  private nowMs = 0;
  private orders: Order[] = [];
  private timers = new Map<number, () => void>();
  private nextTimer = 1;
  private serials = new Map<number, Hear>();
  private watches = new Map<string, Hear>();
  private levels = new Map<string, number>();
  private socket: Map<string, Hear> | null = null;
  private tone: { freq: number; atMs: number } | null = null;

  constructor(
    private readonly bundleFile: string,
    private readonly wiring: Wiring,
  ) {}

  async start(): Promise<void> {
    this.orders = [];
    this.timers.clear();
    this.watches.clear();
    this.levels.clear();
    this.socket = null;
    const script = new Script(readFileSync(this.bundleFile, "utf8"), { filename: this.bundleFile });
    script.runInContext(createContext(this.globals()));
  }

  async turn(nowMs: number, happening: number, value: number, what: string): Promise<Order[]> {
    this.nowMs = nowMs;
    if (happening === HAPPENING.timer) this.fire(value);
    else if (happening === HAPPENING.uart) this.serials.get(value)?.(what);
    else if (happening === HAPPENING.pins) this.watches.get(this.pinsOf(value)[0] as string)?.();
    else if (happening === HAPPENING.bits) this.swipe(value, what);
    else if (happening === HAPPENING.net) this.net(value, what);
    const orders = this.orders;
    this.orders = [];
    return orders;
  }

  async stop(): Promise<void> {
    this.timers.clear();
  }

  async memory(): Promise<null> {
    return null;
  }

  private fire(id: number): void {
    const run = this.timers.get(id);
    this.timers.delete(id);
    run?.();
  }

  private swipe(track: number, bits: string): void {
    const wires = this.wiring.stripes.find((each) => each.track === track);
    if (wires) for (const bit of bits) this.watches.get(wires.clock)?.({ data: bit === "0" });
  }

  private net(change: number, what: string): void {
    const socket = this.socket;
    if (change === 1) socket?.get("connected")?.();
    else if (change === 2) socket?.get("data")?.(what);
    else {
      this.socket = null;
      socket?.get("close")?.();
    }
  }

  private pinsOf(group: Group): readonly string[] {
    return this.wiring.groups.find((each) => each.group === group)?.pins ?? [];
  }

  get isConnected(): boolean {
    return this.socket !== null;
  }

  private later(run: () => void, delayMs: number): number {
    const id = this.nextTimer++;
    this.timers.set(id, run);
    this.orders.push(["t", id, delayMs]);
    return id;
  }

  /** Rows that are low, as the keypad's twin has them. */
  private read(pins: readonly string[]): number {
    const rows = this.pinsOf(Group.KeypadRows).map((pin) => this.levels.get(pin) ?? 1);
    const columns = this.handheld?.keypad.columns(rows.join("")) ?? "";
    const glass = this.handheld?.panel.touch?.level() ?? "1";
    return pins.reduce((value, pin) => {
      if (this.pinsOf(Group.Touch).includes(pin)) return value * 2 + Number(glass);
      const column = this.pinsOf(Group.KeypadColumns).indexOf(pin);
      return value * 2 + (column < 0 ? 0 : Number(columns[column]));
    }, 0);
  }

  private write(pins: string | readonly string[], value: number): void {
    const list = typeof pins === "string" ? [pins] : pins;
    list.forEach((pin, i) => {
      this.check(pin);
      this.levels.set(pin, (value >> (list.length - 1 - i)) & 1);
    });
    if (list.includes(this.wiring.buzzer)) this.hush();
    // Rows that are all low wake the watch.
    if (list.length > 1 && value === 0) this.handheld?.keypad.scan();
    for (const { group, pins: wired, isActiveLow = false } of this.wiring.groups) {
      const isKeys = group === Group.KeypadRows || group === Group.KeypadColumns || group === Group.Touch;
      if (isKeys || !list.some((pin) => wired.includes(pin))) continue;
      // A panel without a wire for its reset is out of it.
      const free = group === Group.Panel ? "1" : "0";
      const level = (pin: string) => (((this.levels.get(pin) ?? 0) === 1) !== isActiveLow ? "1" : "0");
      this.handheld?.buses.outputs.get(group)?.(wired.map((pin) => (pin ? level(pin) : free)).join(""));
    }
  }

  private check(pin: string): void {
    if (!/^D\d+$/.test(pin)) this.complaints.push(`no pin ${pin}`);
  }

  /** A tone is known when it is over. */
  private hush(): void {
    if (this.tone) this.orders.push(["b", this.tone.freq, this.nowMs - this.tone.atMs]);
    this.tone = null;
  }

  private serial(number: number): object {
    const wires = this.wiring.uarts.find((each) => each.serial === number);
    return {
      setup: (baud: number, pins: { tx: string; rx: string }) => {
        if (baud !== wires?.baud || pins.tx !== wires.tx) this.complaints.push(`Serial${number} is set up wrongly`);
      },
      on: (event: string, hear: Hear) => {
        if (event === "data" && wires) this.serials.set(wires.port, hear);
      },
      write: (bytes: string) => this.orders.push(["u", wires?.port ?? -1, bytes]),
    };
  }

  private i2c(): object {
    const device = (address: number) => {
      const found = this.handheld?.buses.i2cs.get(address);
      if (!found) throw new Error("I2C device did not acknowledge");
      return found;
    };
    return {
      setup: () => undefined,
      writeTo: ({ address }: { address: number }, bytes: string) => {
        if (!device(address).write(bytes)) throw new Error("I2C device did not acknowledge");
      },
      readFrom: (address: number, count: number) => bytesOf(device(address).read(count) ?? ""),
    };
  }

  private spi(bus: number): object {
    const exchange = (bytes: string, select: string) => {
      const wires = this.wiring.spis.find((each) => each.bus === bus && each.select === select);
      if (!wires) this.complaints.push(`no device at ${select}`);
      return this.handheld?.buses.spis.get(wires?.device ?? -1)?.exchange(bytes) ?? "\xff".repeat(bytes.length);
    };
    return { setup: () => undefined, send: exchange, write: exchange };
  }

  private module(name: string): object {
    if (name === "crypto")
      return { SHA256: (of: string) => new Uint8Array(createHash("sha256").update(of, "latin1").digest()).buffer };
    if (name === "Storage") return { read: (file: string) => (file === "tillet.wifi" ? "shop\nsecret" : undefined) };
    if (name === "Flash")
      return {
        read: (count: number, address: number) => bytesOf(this.flash?.read(address, count) ?? ""),
        write: (bytes: string, address: number) => this.flash?.write(address, bytes),
        erasePage: (address: number) => this.flash?.erase(address),
      };
    if (name === "Wifi")
      return {
        on: (event: string, hear: Hear) => this.wifi.set(event, hear),
        connect: (network: string, { password }: { password: string }) => {
          if (network !== "shop" || password !== "secret") this.complaints.push("joins another network");
          this.joinsMs.push(this.nowMs);
          this.later(() => this.wifi.get(this.refuses ? "disconnected" : "connected")?.(), 100);
        },
        getStatus: () =>
          this.layers("")[0] ? { station: "connected", rssi: Number(this.layers("")[0]) } : { station: "no_ap_found" },
        getIP: () => ({ ip: this.layers("")[1] || "0.0.0.0", mac: "24:0a:c4:00:00:01" }),
        getHostByName: (host: string, done: Hear) => this.later(() => done(this.layers(host)[2] || null), 20),
      };
    if (name === "net")
      return { connect: (where: { host: string; port: number }, done: Hear) => this.dial(where, done) };
    throw new Error(`Module "${name}" not found`);
  }

  private layers(host: string): string[] {
    return this.handheld ? layersOf(this.handheld.net, host).split("|") : [];
  }

  private dial({ host, port }: { host: string; port: number }, done: Hear): object {
    const socket = new Map<string, Hear>([["connected", done]]);
    this.socket = socket;
    this.orders.push(["no", host, port]);
    return {
      on: (event: string, hear: Hear) => socket.set(event, hear),
      write: (bytes: string) => {
        if (this.socket !== socket) throw new Error("This socket is closed");
        this.orders.push(["nw", bytes]);
      },
      end: () => {
        if (this.socket === socket) this.orders.push(["nc"]);
        this.socket = null;
      },
    };
  }

  private globals(): object {
    return {
      Serial2: this.serial(2),
      Serial3: this.serial(3),
      I2C1: this.i2c(),
      SPI1: this.spi(1),
      SPI2: this.spi(2),
      require: (name: string) => this.module(name),
      E: {
        CRC32: NATIVES.crc32,
        toUint8Array: bytesOf,
        toString: text,
        sum: (of: Uint8Array) => of.reduce((sum, each) => sum + each, 0),
        mapInPlace: (from: Uint8Array, to: Uint8Array, map: Uint8Array) =>
          from.forEach((each, i) => (to[i] = map[each] as number)),
        convolve: NATIVES.dot,
        enableWatchdog: (_: number, isAutomatic: boolean) => {
          if (isAutomatic) this.complaints.push("the watchdog looks after itself");
        },
        kickWatchdog: () => this.kicks++,
      },
      btoa: (of: string) => Buffer.from(of, "latin1").toString("base64"),
      atob: (of: string) => Buffer.from(of, "base64").toString("latin1"),
      getTime: () => this.nowMs / 1000,
      getSerial: () => "12345678-9abcdef0",
      peek32: (address: number) => {
        if (address !== this.wiring.randomRegister) this.complaints.push(`reads ${address.toString(16)}`);
        return (this.nowMs * 2654435761) >>> 0;
      },
      setTimeout: (run: (...args: unknown[]) => void, delayMs: number, ...args: unknown[]) =>
        this.later(() => run(...args), delayMs),
      clearTimeout: (id: number) => {
        this.timers.delete(id);
        this.orders.push(["t", id, -1]);
      },
      setInterval: () => 0,
      pinMode: (pin: string) => this.check(pin),
      digitalWrite: (pins: string | string[], value: number) => this.write(pins, value),
      digitalRead: (pins: string[]) => this.read(pins),
      analogRead: () => (this.handheld?.battery.pinMillivolt() ?? 0) / this.wiring.fullScaleMillivolt,
      analogWrite: (pin: string, _: number, { freq }: { freq: number }) => {
        if (pin !== this.wiring.buzzer) this.complaints.push(`a tone at ${pin}`);
        this.hush();
        this.tone = { freq, atMs: this.nowMs };
      },
      setWatch: (run: Hear, pin: string) => this.watches.set(pin, run),
    };
  }
}
