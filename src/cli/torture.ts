/** `tillet torture`: days of trade with everything that can go wrong, one after the other, each from a seed that it can be replayed from. */
import { FAULT_NAMES, type FaultKind } from "./torture/faults";
import { cutStories, CutWorld, EVERY, FEW } from "./torture/cuts";
import { mash } from "./torture/mash";
import { torture, TortureFailure, type TortureResult } from "./torture/day";

export interface TortureOrder {
  /** Seeds from this one on. */
  seed: number;
  seeds: number;
  /** For each seed. */
  transactions: number;
  terminals: number;
}

export interface TortureSum {
  seeds: number;
  transactions: number;
  approved: number;
  declined: number;
  undone: number;
  closings: number;
  /** Sales that waited for the link at one terminal, at most. */
  queued: number;
  actions: number;
  virtualMs: number;
  cpuMs: number;
  faults: Record<FaultKind, number>;
}

export const replayWords = ({ seed, transactions, terminals }: Omit<TortureOrder, "seeds">) =>
  `npx tillet torture --seeds 1 --seed ${seed} --transactions ${transactions} --terminals ${terminals}`;

/** Plays all seeds, or until `isOver` says so between two. Throws with the words that play the failing one again. */
export async function tortureAll(order: TortureOrder, isOver = (_: TortureSum) => false): Promise<TortureSum> {
  const sum: TortureSum = {
    ...{ seeds: 0, transactions: 0, approved: 0, declined: 0, undone: 0, closings: 0, actions: 0 },
    ...{ queued: 0, virtualMs: 0, cpuMs: 0 },
    faults: Object.fromEntries(Object.keys(FAULT_NAMES).map((kind) => [kind, 0])) as Record<FaultKind, number>,
  };
  for (let seed = order.seed; seed < order.seed + order.seeds && !isOver(sum); seed++) {
    const one = { seed, transactions: order.transactions, terminals: order.terminals };
    const before = process.cpuUsage();
    const result = await torture(one).catch((error: unknown) => {
      if (!(error instanceof TortureFailure)) throw error;
      throw new TortureFailure(`${error.message}\nreplay: ${replayWords(one)}`);
    });
    const { user, system } = process.cpuUsage(before);
    sum.cpuMs += (user + system) / 1000;
    sum.seeds++;
    add(sum, result);
  }
  return sum;
}

function add(sum: TortureSum, result: TortureResult): void {
  for (const name of ["transactions", "approved", "declined", "undone", "closings", "actions", "virtualMs"] as const)
    sum[name] += result[name];
  sum.queued = Math.max(sum.queued, result.queued);
  for (const kind of Object.keys(result.faults) as FaultKind[]) sum.faults[kind] += result.faults[kind];
}

/** What a run comes to; nothing is lost when it comes to anything at all. */
export function tortureText(sum: TortureSum): string[] {
  const perSecond = (sum.transactions * 1000) / Math.max(1, sum.cpuMs);
  return [
    `${sum.transactions} transactions of ${sum.seeds} seeds: ${sum.approved} approved, ${sum.declined} declined, ${sum.undone} undone`,
    `${sum.actions} actions of operators in ${Math.round(sum.virtualMs / 3600000)} hours of virtual time, ${sum.closings} batches closed, up to ${sum.queued} sales queued at a terminal`,
    ...Object.entries(sum.faults).map(([kind, count]) => `  ${FAULT_NAMES[kind as FaultKind]}: ${count}`),
    `0 lost, 0 double, 0 cents of difference; ${perSecond.toFixed(0)} transactions a second of processor time`,
  ];
}

export async function runTorture(order: TortureOrder): Promise<number> {
  try {
    const sum = await tortureAll(order);
    process.stdout.write(`${tortureText(sum).join("\n")}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof TortureFailure)) throw error;
    process.stderr.write(`torture: ${error.message}\n`);
    return 1;
  }
}

/** The stories of which every pair of cuts is tried. */
export const PAIRED = ["sale.ndjson", "void.ndjson", "settle.ndjson"];

/** Every cut of every story, and every pair of cuts: in operations after each number of bytes, the second of a pair after none, one, half and all. */
export async function runCuts(): Promise<number> {
  const world = await CutWorld.open();
  let [cuts, pairs] = [0, 0];
  try {
    for (const story of cutStories()) {
      const single = await world.sweep(story, EVERY);
      const double = PAIRED.includes(story.name) ? await world.sweep(story, EVERY, FEW) : null;
      cuts += single.cuts;
      pairs += double?.pairs ?? 0;
      const of = `${single.operations} flash operations, ${single.messages / 2} messages`;
      process.stdout.write(`${story.name}: ${single.cuts} cuts${double ? `, ${double.pairs} pairs` : ""} (${of})\n`);
    }
    process.stdout.write(`${cuts} cuts, ${pairs} pairs: 0 lost, 0 double, 0 cents of difference\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`torture: ${(error as Error).message}\n`);
    return 1;
  } finally {
    await world.close();
  }
}

const PRESSES_A_SEED = 10_000;

/** Random keys: nothing is thrown, and every screen can be left. */
export async function runMash(seed: number, presses: number): Promise<number> {
  let [keys, screens, homeMs] = [0, 0, 0];
  try {
    for (let at = seed; keys < presses; at++) {
      const result = await mash(at, Math.min(PRESSES_A_SEED, presses - keys));
      keys += result.keys;
      screens = Math.max(screens, result.screens);
      homeMs = Math.max(homeMs, result.homeMsMax);
    }
    process.stdout.write(
      `${keys} keys: 0 exceptions, 0 dead screens; up to ${screens} titles in a seed, ${homeMs} ms to the first screen at most\n`,
    );
    return 0;
  } catch (error) {
    process.stderr.write(
      `torture: ${(error as Error).message}\nreplay: npx tillet torture --presses ${presses} --seed ${seed}\n`,
    );
    return 1;
  }
}
