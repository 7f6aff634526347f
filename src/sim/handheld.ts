/**
 * The simulated handheld: the firmware bundle on an engine, and around it the peripherals, the flash, the network and the clock.
 * Time is the handheld's own: it moves only from one planned happening to the next, and stands still while the host works.
 */
import { Agenda, type Planned } from "./agenda";
import { Buses, type TextNow, textNow } from "./buses";
import type { Memory, Order } from "./engines/engine";
import type { HandheldEvent, HandheldOptions, Swipe } from "./handheld-options";
import { BatteryTwin } from "./twins/battery";
import { boot } from "./twins/boot";
import { BuzzerTwin } from "./twins/buzzer";
import { FingerTwin } from "./twins/fingerprint";
import { PowerCut } from "./twins/flash";
import { KeypadTwin } from "./twins/keypad";
import { asciiFrame, damaged, trackBits } from "./twins/magstripe";
import { layersOf, LOOKUP_MS, type Net, type NetChange, NetTwin } from "./twins/net";
import { openPanel, type PanelTwin } from "./twins/panel";
import { Pn532Hsu } from "./twins/pn532-port";
import { type PaperState, PrinterTwin, type Trouble } from "./twins/printer";
import { RtcTwin } from "./twins/rtc";
import { ScannerTwin } from "./twins/scanner";
import { Wallet } from "./wallet";

/** As in `board/board`; the simulator is the other side of that line and repeats the numbers on purpose. */
const HAPPENING = { powerOn: 0, timer: 1, uart: 2, bits: 3, net: 4, flash: 5, random: 6, layers: 11 } as const;
const PORT = { printer: 2, scanner: 3, nfc: 4, finger: 5, stripe: 6 } as const;
const GROUP = { keypadColumns: 1, led: 3 } as const;

/** The keys where they are: four rows, the arrows in a fifth column. `:` is the double zero. */
const KEYS = ["123CU", "456BD", "789F ", ":0.E "];
/** The order to start anew. */
const RESTART = "x";
/** What the board draws, and the printer's head and motor. */
const IDLE_MILLIAMP = 150;
const PRINT_MILLIAMP = 1500;
/** A picture that is drawn piece by piece is whole when nothing came for this long. */
const STILL_MS = 20;

export class Handheld {
  isOn = false;
  readonly buses: Buses;
  readonly panel: PanelTwin;
  readonly printer: PrinterTwin;
  readonly scanner: ScannerTwin;
  readonly nfc: Pn532Hsu;
  /** Its templates stay without power. */
  readonly finger: FingerTwin | null = null;
  /** Cards that are held to the contactless reader. */
  readonly wallet: Wallet;
  readonly net: Net;
  readonly keypad: KeypadTwin;
  readonly buzzer = new BuzzerTwin();
  readonly battery: BatteryTwin;
  /** Goes on without power. */
  readonly rtc: RtcTwin;
  private poweredOnAtMs = 0;
  private readonly agenda = new Agenda();
  private readonly timers = new Map<number, Planned>();
  private shown = "";
  private seenRevision = -1;
  private glance: Planned | undefined;

  constructor(private readonly options: HandheldOptions) {
    this.buses = new Buses((delayMs, ...happening) => this.agenda.plan(delayMs, () => this.turn(...happening)));
    this.printer = new PrinterTwin(
      {
        later: (delayMs, run) => void this.agenda.plan(delayMs, run),
        say: (bytes) => this.buses.say(PORT.printer, bytes),
        torn: (slip) => this.emit({ printed: slip.lines, slip }),
      },
      options.printer,
    );
    this.scanner = new ScannerTwin(
      (bytes) => this.buses.say(PORT.scanner, bytes),
      (delayMs, run) => void this.agenda.plan(delayMs, run),
    );
    this.nfc = new Pn532Hsu(
      (delayMs, run) => void this.agenda.plan(delayMs, run),
      () => this.nowMs,
      (bytes) => this.buses.say(PORT.nfc, bytes),
    );
    this.wallet = new Wallet(this.nfc.chip.field);
    const later = (delayMs: number, happen: () => void) => void this.agenda.plan(delayMs, happen);
    if (options.finger) {
      const say = (bytes: string) => this.buses.say(PORT.finger, bytes);
      this.finger = new FingerTwin({ say, later, hasLight: options.finger === "r503" });
      this.buses.uarts.set(PORT.finger, this.finger);
    }
    const happen = (change: NetChange, bytes: string) =>
      void this.agenda.plan(0, () => this.turn(HAPPENING.net, change, bytes));
    this.net = options.openNet ? options.openNet(later, happen) : new NetTwin(options.door, later, happen);
    this.panel = openPanel(options.panel ?? "text", this.buses);
    this.buses.uarts.set(PORT.printer, this.printer);
    this.buses.uarts.set(PORT.scanner, this.scanner);
    this.buses.uarts.set(PORT.nfc, this.nfc);
    this.keypad = new KeypadTwin(KEYS, {
      changed: () => this.buses.changed(GROUP.keypadColumns),
      later: (delayMs, run) => this.agenda.plan(delayMs, run),
    });
    this.buses.matrix = () => this.keypad.scan();
    this.buses.inputs.set(GROUP.keypadColumns, () => this.keypad.columns());
    this.buses.outputs.set(GROUP.led, (levels) => this.buzzer.setLamps(levels));
    this.battery = new BatteryTwin(() => IDLE_MILLIAMP + (this.printer.isMoving ? PRINT_MILLIAMP : 0));
    this.buses.analog = () => this.battery.pinMillivolt();
    this.rtc = new RtcTwin("ds3231", () => this.nowMs);
    this.buses.i2cs.set(this.rtc.address, this.rtc);
  }

  // ---- what a person does to it

  async powerOn(): Promise<void> {
    if (this.isOn) return;
    await this.options.engine.start();
    this.isOn = true;
    this.poweredOnAtMs = this.nowMs;
    this.emit({ power: "on" });
    // Power can go while the start is being marked.
    const slots = await this.uncut(() => (this.options.engine.boots ? "" : boot(this.options.flash)));
    if (slots === null) return;
    await this.turn(HAPPENING.powerOn, 0, this.options.randomBytes(32) + slots);
    await this.runFor(0);
  }

  async powerCut(): Promise<void> {
    if (!this.isOn) return;
    this.isOn = false;
    this.net.drop();
    this.agenda.clear();
    this.timers.clear();
    this.printer.reset();
    this.scanner.plug(this.scanner.isPlugged);
    this.finger?.plug(this.finger.isPlugged);
    this.nfc.unplug();
    this.nfc.plug();
    this.panel.clear();
    this.buses.reset();
    this.keypad.reset();
    this.buzzer.reset();
    this.shown = "";
    await this.options.engine.stop();
    this.emit({ power: "cut" });
  }

  /** Presses a key for a moment, after those before it. */
  async press(key: string, holdMs?: number): Promise<void> {
    if (!this.isOn) return;
    this.keypad.tap(key, holdMs);
    await this.runFor(0);
  }

  /** See `Engine.memory`; ends the run. */
  memory(): Promise<Memory | null> {
    return this.options.engine.memory();
  }

  async swipe({ t1, t2, t3, by = "head", ...damage }: Swipe): Promise<void> {
    const { back = false } = damage;
    if (by === "uart") return this.turn(HAPPENING.uart, PORT.stripe, asciiFrame({ t1, t2, t3 }));
    if (t1 !== undefined) await this.turn(HAPPENING.bits, 1, damaged(trackBits(1, t1), { back }));
    if (t2 !== undefined) await this.turn(HAPPENING.bits, 2, damaged(trackBits(2, t2), damage));
    if (t3 !== undefined) await this.turn(HAPPENING.bits, 3, damaged(trackBits(3, t3), { back }));
  }

  async setPaper(paper: PaperState): Promise<void> {
    this.printer.setPaper(paper);
    await this.runFor(0);
  }

  async setPrinter(trouble: Trouble): Promise<void> {
    this.printer.setTrouble(trouble);
    await this.runFor(0);
  }

  async setLink(isUp: boolean): Promise<void> {
    this.net.setUp(isUp);
    await this.runFor(0);
  }

  // ---- time

  get nowMs(): number {
    return this.agenda.nowMs;
  }

  async runFor(delayMs: number): Promise<void> {
    await this.runUntil(this.nowMs + delayMs);
  }

  /** Lets everything happen that is due by then. */
  async runUntil(timeMs: number): Promise<void> {
    for (;;) {
      if (!this.options.isLive) await Promise.all(this.net.pending);
      const run = this.agenda.next(timeMs);
      if (!run) break;
      await run();
    }
    this.agenda.nowMs = Math.max(this.nowMs, timeMs);
  }

  /** When the next thing is due, or Infinity. */
  nextMs(): number {
    return this.agenda.nextMs();
  }

  // ---- the firmware

  private async turn(happening: number, value: number, text: TextNow): Promise<void> {
    const now = this.isOn ? textNow(text) : null;
    if (now === null) return;
    const orders = await this.options.engine.turn(this.nowMs - this.poweredOnAtMs, happening, value, now);
    const done = await this.uncut(() => orders.map((order) => this.perform(order)));
    this.showChange();
    if (done?.includes(RESTART)) {
      await this.powerCut();
      await this.powerOn();
    }
  }

  /** What `act` gives; null when power went meanwhile. */
  private async uncut<T>(act: () => T): Promise<T | null> {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      await this.powerCut();
      return null;
    }
  }

  private perform(order: Order): string {
    const [name, ...values] = order;
    const [a, b] = values as [never, never];
    if (this.buses.perform(order) || name === RESTART) return name;
    if (name === "t") this.setTimer(a, b);
    else if (name === "b") this.beep(a, b);
    else if (name === "fw") this.options.flash.write(a, b);
    else if (name === "fe") this.options.flash.erase(a);
    else if (name === "fr") this.readFlash(a, b);
    else if (name === "no") this.net.open(a);
    else if (name === "nw") this.send(a);
    else if (name === "nc") this.net.drop();
    else if (name === "na") this.agenda.plan(LOOKUP_MS, () => this.turn(HAPPENING.layers, 0, layersOf(this.net, a)));
    else if (name === "r") this.randomness(a);
    else throw new Error(`the firmware asked for ${JSON.stringify(name)}, which no board has`);
    return name;
  }

  private beep(frequencyHz: number, durationMs: number): void {
    const beep = this.buzzer.hear(this.nowMs, frequencyHz, durationMs);
    if (beep) this.emit({ beep });
  }

  private send(bytes: string): void {
    this.options.onSent?.(bytes);
    this.net.write(bytes);
  }

  private readFlash(address: number, byteCount: number): void {
    const bytes = this.options.flash.read(address, byteCount);
    this.agenda.plan(0, () => this.turn(HAPPENING.flash, 0, bytes));
  }

  private randomness(count: number): void {
    const bytes = this.options.randomBytes(count);
    this.agenda.plan(0, () => this.turn(HAPPENING.random, 0, bytes));
  }

  private setTimer(id: number, delayMs: number): void {
    this.agenda.unplan(this.timers.get(id));
    this.timers.delete(id);
    if (delayMs >= 0)
      this.timers.set(
        id,
        this.agenda.plan(delayMs, () => this.turn(HAPPENING.timer, id, "")),
      );
  }

  /** A new text on the display is an event, once the display is still. */
  private showChange(): void {
    if (this.panel.revision === this.seenRevision || !this.isOn) return;
    this.seenRevision = this.panel.revision;
    this.agenda.unplan(this.glance);
    if (this.panel.isDrawnAtOnce) this.look();
    else this.glance = this.agenda.plan(STILL_MS, () => this.look());
  }

  private look(): void {
    const rows = this.panel.rows();
    const shown = rows.join("\n");
    if (shown === this.shown) return;
    this.shown = shown;
    this.emit({ display: rows.filter((row) => row !== "") });
  }

  private emit(event: HandheldEvent): void {
    this.options.onEvent(this.nowMs, event);
  }
}
