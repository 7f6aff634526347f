/** Days of trade from one seed: some terminals, one host, everything that can go wrong, and at each closing time the count of the money. */
import { addCards, addTerminal, addTestPinKey, TEST_CARDS } from "../../host/seed";
import { testKey } from "../../host/keys";
import { openNode } from "../../sim/engines/node";
import { seededBytes } from "../../sim/random";
import { BUNDLE } from "../world";
import { ACTIONS, disturb, RICH_MINOR, RICH_PANS } from "./actions";
import { Broken, checkBatch, checkClosed, checkLedger, checkOnce } from "./check";
import { type Dice, openDice } from "./dice";
import { type FaultKind, Faults, strickenHost } from "./faults";
import { openSimulatedHost, type SimulatedHost } from "./host";
import { Blocked, checkLimits, tellLimits } from "./rules";
import { Till } from "./till";

export interface TortureOptions {
  seed: number;
  /** Until the host has seen so many. */
  transactions: number;
  terminals: number;
  /** Another than the built one. */
  bundle?: string;
}

export interface TortureResult {
  transactions: number;
  approved: number;
  declined: number;
  undone: number;
  closings: number;
  /** At one terminal, at most. */
  queued: number;
  actions: number;
  /** Of all terminals together. */
  virtualMs: number;
  faults: Record<FaultKind, number>;
  /** Of all that was seen: equal for equal seeds. */
  trace: number;
}

/** A failure, and the seed that makes it again. */
export class TortureFailure extends Error {}

const DAY_MS = Date.UTC(2026, 0, 5, 8, 0, 0);
const CLOSING_TRIES = 5;
const ACTIONS_A_DAY = 60;
const JUMP_MS_MAX = 48 * 3600 * 1000;

const jumpMs = (dice: Dice) => (dice.chance(30) ? 0 : dice.below(2 * JUMP_MS_MAX) - JUMP_MS_MAX);
const localTime = (ms: number) => new Date(DAY_MS + ms).toISOString().replace(/[-:T]/g, "").slice(0, 14);

export async function torture(options: TortureOptions): Promise<TortureResult> {
  const dice = openDice(options.seed);
  const random = seededBytes(options.seed + 1);
  let current: Till | null = null;
  let skewMs = 0;
  const tids = Array.from({ length: options.terminals }, (_, index) => String(index + 1).padStart(8, "0"));
  const host = await openSimulatedHost({
    tids: tids.slice(0, 1),
    // A clock that was put back is never before the day of the terminals' making.
    localTime: () => localTime(Math.max(0, (current?.nowMs ?? 0) + skewMs)),
    randomBytes: random,
  });
  const fundedMinor = await fund(host, tids.slice(1));
  const faults = new Faults(dice, () => current?.nowMs ?? 0);
  const wire = strickenHost(host, faults);
  const newTill = (tid: string) =>
    new Till(tid, wire, dice, faults, random, { engine: openNode(options.bundle ?? BUNDLE) });
  const tills = tids.map(newTill);
  const jumpClock = () => void (skewMs = jumpMs(dice));
  const result = { actions: 0, closings: 0 };
  const count = () => host.store.rows("txn").length;
  const blocked = new Blocked(host);
  try {
    faults.isOn = false;
    for (const till of tills) {
      current = till;
      await open(host, till);
    }
    while (count() < options.transactions) {
      if (dice.chance(25)) await blocked.change(dice);
      faults.isOn = true;
      for (let turn = 0; turn < ACTIONS_A_DAY * tills.length && count() < options.transactions; turn++) {
        // Whose clock is behind is next: they trade side by side.
        current = tills.reduce((a, b) => (b.nowMs < a.nowMs ? b : a));
        await current.beginAction();
        await disturb(current, jumpClock);
        await dice.weigh(ACTIONS).act(current);
        result.actions++;
      }
      faults.isOn = false;
      for (const till of tills) {
        current = till;
        await closeDay(host, till);
        result.closings++;
      }
      checkLedger(host, fundedMinor);
      checkOnce(host, tills);
      blocked.check();
    }
    return { ...result, ...outcome(host, tills, faults) };
  } catch (error) {
    throw new TortureFailure(
      `seed ${options.seed}, after ${count()} transactions, at terminal ${current?.tid}: ${whyOf(error as Error)}`,
    );
  } finally {
    for (const till of tills) await till.pull();
    await host.host.close();
  }
}

const whyOf = (error: Error) => (error instanceof Broken ? error.message : (error.stack ?? error.message));

/** The other terminals, and cards that do not run dry. Gives the money on all cards. */
export async function fund(host: SimulatedHost, tids: readonly string[]): Promise<number> {
  const cards = RICH_PANS.map((pan) => ({ pan, expiry: "2812", balanceMinor: RICH_MINOR }));
  const { hostKey } = host.host;
  await host.store.transact(async (session) => {
    for (const tid of tids) {
      await addTerminal(session, hostKey, tid, testKey(tid), true);
      await addTestPinKey(session, tid);
    }
    await addCards(session, hostKey, cards);
  });
  return [...TEST_CARDS, ...cards].reduce((sum, { balanceMinor }) => sum + balanceMinor, 0);
}

async function open(host: SimulatedHost, till: Till): Promise<void> {
  await tellLimits(host, till.settings);
  await till.employ();
}

/** All comes to rest, the money is counted, the batch is closed, and counted again. */
export async function closeDay(host: SimulatedHost, till: Till): Promise<void> {
  await till.comeToRest();
  checkBatch(host, till);
  const { batch } = till;
  for (let tries = 0; till.batch === batch; tries++) {
    if (tries === CLOSING_TRIES)
      throw new Broken(`batch ${batch} cannot be closed; it shows ${till.displayed.join(" / ")}`);
    // F, too: a bill in parts is let go of where its next part is asked for.
    await till.keys("CCFCC");
    await till.logIn();
    await till.keys("F4E");
    await till.wait(20000);
    await till.comeToRest();
  }
  checkClosed(host, till, batch);
  checkLimits(host, till.settings);
  till.pieces = [];
  // Those that a refund may still be of.
  till.receipts = till.receipts.slice(-40);
  checkBatch(host, till);
}

function outcome(host: SimulatedHost, tills: readonly Till[], faults: Faults) {
  const rows = host.store.rows("txn");
  const withStatus = (...statuses: string[]) => rows.filter(({ status }) => statuses.includes(String(status))).length;
  let trace = 0;
  for (const { flash } of tills) for (const byte of flash.image) trace = (Math.imul(trace, 31) + byte) >>> 0;
  return {
    transactions: rows.length,
    approved: withStatus("captured", "voided"),
    declined: withStatus("declined"),
    undone: withStatus("reversed"),
    queued: Math.max(...tills.map(({ queuedMax }) => queuedMax)),
    virtualMs: tills.reduce((sum, { nowMs }) => sum + nowMs, 0),
    faults: faults.counts,
    trace,
  };
}
