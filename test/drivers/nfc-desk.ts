/** The PN532's driver and its twin on a desk: one of the three buses between them, and virtual time. */
import type { Board, Natives } from "../../src/board/board";
import { NfcBus } from "../../src/drivers/pn532-bus";
import type { NfcReport } from "../../src/drivers/pn532-report";
import {
  exchange,
  onNfcBytes,
  onNfcI2c,
  onNfcSpi,
  onNfcTimer,
  openNfc,
  pollCards,
  release,
} from "../../src/drivers/pn532";
import type { Nfc } from "../../src/drivers/pn532-steps";
import { plain } from "../../src/proto/plain";
import { Buses, textNow } from "../../src/sim/buses";
import { Pn532Hsu, Pn532I2c, Pn532Spi } from "../../src/sim/twins/pn532-port";
import { fakeBoard } from "./fake-board";

export const BUSES = [
  { name: "HSU", bus: NfcBus.Hsu },
  { name: "I2C", bus: NfcBus.I2c },
  { name: "SPI", bus: NfcBus.Spi },
];

const TIMER = 3;
const WIRED = { port: 4, address: 0x24, device: 1 };
const HAPPENING = { uart: 2, i2c: 8, spi: 9 };

interface Planned {
  atMs: number;
  run: () => void;
}

export class NfcDesk {
  nowMs = 0;
  readonly device: Pn532Hsu | Pn532I2c | Pn532Spi;
  readonly nfc: Nfc;
  /** Every report but None, with its time. */
  readonly reports: { atMs: number; report: NfcReport }[] = [];
  private readonly buses: Buses;
  private readonly planned: Planned[] = [];
  private armed: Planned | null = null;
  /** Calls to I2C or SPI that have not ended. */
  private calls = 0;

  constructor(
    readonly bus: NfcBus,
    natives: Natives = plain,
  ) {
    const later = (delayMs: number, run: () => void) => void this.plan(delayMs, run);
    const now = () => this.nowMs;
    this.buses = new Buses((delayMs, happening, value, text) =>
      later(delayMs, () => this.happen(happening, value, textNow(text) ?? "")),
    );
    if (bus === NfcBus.Hsu) {
      const hsu = new Pn532Hsu(later, now, (bytes) => this.buses.say(WIRED.port, bytes));
      this.buses.uarts.set(WIRED.port, hsu);
      this.device = hsu;
    } else if (bus === NfcBus.I2c) {
      const i2c = new Pn532I2c(later, now);
      this.buses.i2cs.set(WIRED.address, i2c);
      this.device = i2c;
    } else {
      const spi = new Pn532Spi(later, now);
      this.buses.spis.set(WIRED.device, spi);
      this.device = spi;
    }
    this.nfc = openNfc(this.board(), natives, TIMER, bus);
  }

  get isArmed(): boolean {
    return this.armed !== null;
  }

  poll(): boolean {
    return pollCards(this.nfc);
  }

  exchange(apdu: string): boolean {
    return exchange(this.nfc, apdu);
  }

  release(): boolean {
    return release(this.nfc);
  }

  /** Bytes on the HSU that the device did not say. */
  hear(bytes: string): void {
    this.note(onNfcBytes(this.nfc, bytes));
  }

  /** Lets time pass until the next report, at most so long; null when none came. */
  next(withinMs: number): NfcReport | null {
    const count = this.reports.length;
    const untilMs = this.nowMs + withinMs;
    while (this.reports.length === count && this.step(untilMs));
    return this.reports[count]?.report ?? null;
  }

  runFor(delayMs: number): void {
    const untilMs = this.nowMs + delayMs;
    while (this.step(untilMs));
    this.nowMs = untilMs;
  }

  /** The next thing that is planned until then. */
  private step(untilMs: number): boolean {
    const next = this.planned[0];
    if (!next || next.atMs > untilMs) {
      this.nowMs = untilMs;
      return false;
    }
    this.planned.shift();
    this.nowMs = Math.max(this.nowMs, next.atMs);
    next.run();
    return true;
  }

  private plan(delayMs: number, run: () => void): Planned {
    const planned = { atMs: this.nowMs + delayMs, run };
    const at = this.planned.findIndex((each) => each.atMs > planned.atMs);
    this.planned.splice(at < 0 ? this.planned.length : at, 0, planned);
    return planned;
  }

  private happen(happening: number, value: number, text: string): void {
    if (happening === HAPPENING.uart) this.note(onNfcBytes(this.nfc, text));
    else {
      this.calls--;
      this.note(happening === HAPPENING.i2c ? onNfcI2c(this.nfc, value > 0, text) : onNfcSpi(this.nfc, text));
    }
  }

  private note(report: NfcReport): void {
    if (report) this.reports.push({ atMs: this.nowMs, report });
    if (!this.isArmed) throw new Error("the driver waits without a timer");
  }

  private setTimer(delayMs: number): void {
    if (this.armed) this.planned.splice(this.planned.indexOf(this.armed), 1);
    this.armed = null;
    if (delayMs < 0) return;
    this.armed = this.plan(delayMs, () => {
      this.armed = null;
      this.note(onNfcTimer(this.nfc));
    });
  }

  private call(...order: [string, ...(string | number)[]]): void {
    if (order[0] !== "u" && ++this.calls > 1) throw new Error("two calls on the bus at once");
    this.buses.perform(order);
  }

  private board(): Board {
    return {
      ...fakeBoard(),
      nowMs: () => this.nowMs,
      timer: (_, delayMs) => this.setTimer(delayMs),
      uart: (port, text) => this.call("u", port, text),
      i2c: (address, text, readBytes) => this.call("i", address, text, readBytes),
      spi: (device, text, isRead) => this.call("s", device, text, isRead ? 1 : 0),
    };
  }
}
