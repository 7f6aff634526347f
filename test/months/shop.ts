/**
 * One handheld that trades for days on an engine, with the reference host in memory: nothing goes wrong but what is asked for, so that what
 * is left in the engine's memory is the firmware's own. All in virtual time and from one seed.
 */
import { fund, closeDay } from "../../src/cli/torture/day";
import { checkLedger, checkOnce } from "../../src/cli/torture/check";
import { ACTIONS, RICH_PANS } from "../../src/cli/torture/actions";
import { type Dice, openDice } from "../../src/cli/torture/dice";
import { Faults } from "../../src/cli/torture/faults";
import { openSimulatedHost, type SimulatedHost } from "../../src/cli/torture/host";
import { Till } from "../../src/cli/torture/till";
import { BUNDLE, FACTORY_TID, scriptTime } from "../../src/cli/world";
import type { Engine, Memory } from "../../src/sim/engines/engine";
import { openEspruino } from "../../src/sim/engines/espruino";
import { openJerryscript } from "../../src/sim/engines/jerryscript";
import type { FactorySettings } from "../../src/sim/journal-image";
import { seededBytes } from "../../src/sim/random";

/** Everything is sold here. */
export const ALL_KINDS: Partial<FactorySettings> = { tap: "hsu", tip: 20, cash: 5, floor: 5000 };
/** No reader whose looks for a card are most of the work, and no new key that takes half an hour of it. */
export const SWIPES: Partial<FactorySettings> = { tap: "", rekey: "off" };

/** Of a sale until its receipt is torn off, and of a reconnection: ms. */
const SALE_MS = 8000;
const DOWN_MS = 1000;
const RECONNECT_MS = 20000;
const SETTLE_MS = 20000;
const LINK_KEYS = "F8";

export type BareEngine = "espruino" | "jerryscript";

/** Memory at rest is what they are asked for. */
function openFor(name: BareEngine): Engine {
  return name === "espruino" ? openEspruino(BUNDLE, undefined, false) : openJerryscript(BUNDLE, undefined, true);
}

export class Shop {
  private constructor(
    readonly till: Till,
    private readonly host: SimulatedHost,
    private readonly dice: Dice,
    private readonly fundedMinor: number,
  ) {}

  static async open(name: BareEngine, seed: number, settings: Partial<FactorySettings>): Promise<Shop> {
    const dice = openDice(seed);
    const random = seededBytes(seed + 1);
    let till: Till | null = null;
    const nowMs = () => till?.nowMs ?? 0;
    const host = await openSimulatedHost({
      tids: [FACTORY_TID],
      localTime: () => scriptTime(nowMs()),
      randomBytes: random,
    });
    const fundedMinor = await fund(host, []);
    const faults = new Faults(dice, nowMs);
    faults.isOn = false;
    till = new Till(FACTORY_TID, host, dice, faults, random, {
      engine: openFor(name),
      settings,
    });
    await till.employ();
    return new Shop(till, host, dice, fundedMinor);
  }

  /** Requests that the host has in its books. */
  get transactions(): number {
    return this.host.store.rows("txn").length;
  }

  /** What cashiers do, so often and spread over the time; then everything comes to rest, the cable too. */
  async trade(actions: number, timeMs: number): Promise<void> {
    const { till, dice } = this;
    const startMs = till.nowMs;
    for (let done = 0; done < actions; done++) {
      await dice.weigh(ACTIONS).act(till);
      await till.handheld.runUntil(startMs + Math.floor(((done + 1) * timeMs) / actions));
    }
    await till.comeToRest();
    await till.handheld.runUntil(startMs + timeMs);
  }

  pullCable(): Promise<void> {
    return this.till.handheld.setLink(false);
  }

  /** A swiped sale from the first digit to the first screen. */
  async sell(): Promise<void> {
    const { till } = this;
    await till.keys("1250E");
    till.cardsShown++;
    await till.handheld.swipe({ t2: `;${RICH_PANS[0]}=28122011143800000000?` });
    await till.handheld.runFor(SALE_MS);
    if (!till.shows("APPROVED")) throw new Error(`the sale shows ${till.displayed.join(" / ")}`);
    await till.keys("E");
  }

  /** The link goes and comes back, and with every one of them a line test passes over it. */
  async reconnect(): Promise<void> {
    const { till } = this;
    await this.pullCable();
    await till.handheld.runFor(DOWN_MS);
    await till.handheld.setLink(true);
    await till.handheld.runFor(RECONNECT_MS);
    await till.keys(LINK_KEYS);
    await till.handheld.runFor(SETTLE_MS);
    await till.keys("C");
  }

  /** The money is counted at both sides, the batch closed, and all counted again. */
  async close(): Promise<void> {
    await closeDay(this.host, this.till);
    checkLedger(this.host, this.fundedMinor);
    checkOnce(this.host, [this.till]);
  }

  /** See `Engine.memory`. */
  memory(): Promise<Memory | null> {
    return this.till.handheld.memory();
  }

  async leave(): Promise<void> {
    await this.till.pull();
    await this.host.host.close();
  }
}
