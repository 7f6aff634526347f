/**
 * One handheld and whoever stands at it, in virtual time. Power may go at any moment, also by itself inside a flash operation; whoever
 * finds it off waits a little and puts it on again.
 */
import { join } from "node:path";
import type { Engine } from "../../sim/engines/engine";
import { openNode } from "../../sim/engines/node";
import { Handheld } from "../../sim/handheld";
import type { HandheldEvent } from "../../sim/handheld-options";
import { type FactorySettings, isBookAtRest, readBook } from "../../sim/journal-image";
import { BOOT_MS } from "../../sim/script";
import { type WireHost, WireTwin } from "../../sim/twins/wire";
import { BUNDLE, ROOT, TEST_ADMIN_PIN, testImage } from "../world";
import type { Dice } from "./dice";
import type { Faults } from "./faults";
import { WornFlash } from "./flash";
import { piecesOf, readReceipt, type Receipt } from "./paper";
import { drawnLimits, type TillSettings } from "./rules";

const KEYPAD_PORT = 0;
const KEY_MS = 120;
/** Nothing is due for so long: it rests. */
const REST_MS = 2000;
const REST_MS_MAX = 20 * 60 * 1000;
const PATIENCE_MS = 60_000;
const MERCHANT = "TILLET CORNER";
const SUPERVISOR_PIN = "8520";
/** On the locked screen. */
export const LOGIN = `F0E${SUPERVISOR_PIN}E`;

export interface TillOptions {
  /** Another than the built bundle in Node. */
  engine?: Engine;
  /** In the place of what chance gives it. */
  settings?: Partial<FactorySettings>;
}

export class Till {
  readonly handheld: Handheld;
  readonly flash: WornFlash;
  readonly settings: TillSettings;
  displayed: string[] = [];
  /** Slips of this batch, each a piece of paper with one head. */
  pieces: string[][] = [];
  /** Complete ones, also of batches before. */
  receipts: Receipt[] = [];
  /** Cards that were swiped or tapped while one was asked for. */
  cardsShown = 0;
  /** Sales that waited for the link at most, as the status row says. */
  queuedMax = 0;
  /** What left for the host, by counter. */
  readonly frames = new Map<number, string>();
  private cutAtMs = Infinity;
  private isPulled = false;

  constructor(
    readonly tid: string,
    host: WireHost,
    readonly dice: Dice,
    readonly faults: Faults,
    randomBytes: (count: number) => string,
    { engine = openNode(BUNDLE), settings: wanted }: TillOptions = {},
  ) {
    // Hours of X25519 and of looking for cards are most of the work where they are built in: some have them.
    const drawn = {
      ...(dice.chance(92) && { rekey: "off" as const }),
      tap: dice.chance(25) ? "hsu" : "",
      ...(dice.chance(40) && { tip: 20 }),
      ...(dice.chance(60) && { cash: 5 }),
      ...(dice.chance(60) && { floor: 5000 }),
      ...(dice.chance(25) && { operators: "on" as const, lock: dice.between(1, 9) }),
      ...(dice.chance(50) && { host2: "tillet-host2:7583" }),
      ...(dice.chance(20) && { limits: drawnLimits(dice) }),
    };
    this.settings = { ...(wanted ?? drawn), tid };
    this.flash = new WornFlash(testImage(tid, this.settings));
    if (faults.strikes("stuckPage")) this.flash.wearOut(dice);
    this.handheld = new Handheld({
      engine,
      flash: this.flash,
      door: null,
      openNet: (...wires) => new WireTwin(host, faults, ...wires),
      onEvent: (_, event) => this.hear(event),
      onSent: (bytes) => this.note(bytes),
      randomBytes,
    });
    this.handheld.wallet.folders.unshift(join(ROOT, "test", "cards"));
  }

  get nowMs(): number {
    return this.handheld.nowMs;
  }

  shows(text: string): boolean {
    return this.displayed.some((line) => line.includes(text));
  }

  /** Time passes; the power may go in it. */
  async wait(delayMs: number): Promise<void> {
    const untilMs = this.nowMs + delayMs;
    if (this.cutAtMs > untilMs) return this.handheld.runUntil(untilMs);
    await this.handheld.runUntil(Math.max(this.nowMs, this.cutAtMs));
    this.cutAtMs = Infinity;
    if (!this.handheld.isOn) return;
    this.faults.counts.powerCut++;
    await this.pull();
  }

  /** Power goes from outside. */
  async pull(): Promise<void> {
    this.isPulled = true;
    await this.handheld.powerCut();
    this.isPulled = false;
  }

  async keys(keys: string): Promise<void> {
    for (const key of keys) {
      // Keys as a keypad with a UART sends them; those of the matrix are for the hands in haste (`actions`).
      this.handheld.buses.say(KEYPAD_PORT, key);
      await this.wait(KEY_MS);
    }
  }

  /** Where there are operators, the admin makes a supervisor, who may do most. */
  async employ(): Promise<void> {
    await this.powerOn();
    if (!this.shows("LOCKED")) return;
    const admin = "2580";
    await this.keys(`F99E${TEST_ADMIN_PIN}E${admin}E${admin}E`);
    await this.keys("FD030E4471E4471EFD01");
    await this.keys(`F0E4471E${SUPERVISOR_PIN}E${SUPERVISOR_PIN}E`);
  }

  /** At closing time, where it is locked: whoever typed wrong PINs has to wait. */
  async logIn(): Promise<void> {
    if (!this.shows("LOCKED")) return;
    await this.keys(LOGIN);
    const [, minutes] = /Wait ([0-9]+) min/.exec(this.displayed.join()) ?? [];
    if (minutes === undefined) return;
    await this.keys("CC");
    await this.wait((Number(minutes) + 1) * 60000);
    await this.keys(LOGIN);
  }

  /** Before whatever comes next: the power may be meant to go in it, and is there again if it went. */
  async beginAction(): Promise<void> {
    const { dice, faults, flash } = this;
    if (!this.handheld.isOn) await this.powerOn();
    if (this.shows("LOCKED")) await this.keys(LOGIN);
    if (faults.threatens("powerCut")) this.cutAtMs = this.nowMs + dice.below(15000);
    if (faults.threatens("tornWrite")) flash.plan({ operation: dice.between(1, 8), bytesDone: dice.below(360) });
  }

  async powerOn(): Promise<void> {
    const { handheld, dice } = this;
    // The scrap goes, so that what comes next stands on paper of its own.
    handheld.printer.tear();
    handheld.wallet.untap();
    if (dice.chance(70)) handheld.printer.setTrouble("ok");
    await handheld.runFor(dice.below(dice.chance(10) ? 600000 : 5000));
    await handheld.powerOn();
    await this.wait(BOOT_MS);
  }

  /** What a person does in the end about all that was wrong; then the terminal must come to rest by itself. */
  async comeToRest(): Promise<void> {
    const { handheld } = this;
    this.cutAtMs = Infinity;
    this.flash.plan({ operation: Infinity, bytesDone: 0 });
    handheld.wallet.untap();
    handheld.battery.openMillivolt = 4000;
    if (!handheld.isOn) await this.powerOn();
    await handheld.setLink(true);
    await handheld.setPaper("ok");
    await handheld.setPrinter("ok");
    await this.keys("CC");
    const untilMs = this.nowMs + REST_MS_MAX;
    let patientUntilMs = this.nowMs + PATIENCE_MS;
    do {
      await handheld.runFor(500);
      if (this.nowMs > patientUntilMs) {
        // A printer that stays silent holds up the sales that wait for their turn: then without a receipt.
        if (this.shows("no receipt")) await this.keys("C");
        patientUntilMs = this.nowMs + PATIENCE_MS;
      }
      if (this.nowMs > untilMs)
        throw new Error(`not at rest after ${REST_MS_MAX} ms; it shows ${this.displayed.join(" / ")}`);
    } while (handheld.nextMs() - this.nowMs <= REST_MS || !isBookAtRest(readBook(this.flash.image)));
  }

  get batch(): number {
    return readBook(this.flash.image).batch;
  }

  private hear(event: HandheldEvent): void {
    if ("display" in event) {
      this.displayed = event.display;
      this.queuedMax = Math.max(this.queuedMax, Number(/Queue ([0-9]+)/.exec(event.display[0] ?? "")?.[1] ?? 0));
    }
    if ("power" in event && event.power === "cut") {
      this.displayed = [];
      if (!this.isPulled) this.faults.counts.tornWrite++;
    }
    if (!("printed" in event)) return;
    for (const piece of piecesOf(event.printed, MERCHANT)) {
      this.pieces.push(piece);
      const receipt = readReceipt(piece);
      if (receipt) this.receipts.push(receipt);
    }
  }

  /** One plaintext a counter, so one frame (M6). */
  private note(bytes: string): void {
    const counter = Buffer.from(bytes, "base64").readUInt32BE(9);
    const known = this.frames.get(counter);
    if (known !== undefined && known !== bytes) throw new Error(`M6: counter ${counter} went out with two frames`);
    this.frames.set(counter, bytes);
    if (this.frames.size > 2000) this.frames.delete(this.frames.keys().next().value as number);
  }
}
