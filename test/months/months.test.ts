/**
 * The firmware's memory after months: the same at the same resting place, whatever was sold and however often the link was lost. Espruino says
 * again and again what is in use; JerryScript once, as it ends, so there a run of three times the length is laid beside one.
 *
 * As much as fits into a run of all tests; with HOURS, SALES or RECONNECTS in the environment as much as they say:
 * `HOURS=24 npx vitest run test/months`. A long run can be watched in `.cache/report`.
 */
import { afterAll, describe, expect, test } from "vitest";
import type { FactorySettings } from "../../src/sim/journal-image";
import { hasEspruino, hasJerry } from "../engines";
import { report } from "../report";
import { ALL_KINDS, type BareEngine, Shop, SWIPES } from "./shop";

const wanted = (name: string, few: number) => Number(process.env[name] ?? few);
const isLong = ["HOURS", "SALES", "RECONNECTS"].some((name) => process.env[name] !== undefined);
const TIMEOUT_MS = isLong ? 24 * 3_600_000 : 170_000;

const HOUR_MS = 3_600_000;
/** Open from 8 to 20; the night is for the clock and the link. */
const OPEN_HOURS = 12;
/** A third of them come to a transaction at the host: a day has more than a hundred. */
const ACTIONS_AN_HOUR = process.env.HOURS === undefined ? 8 : 36;
const OUTAGE_HOUR = 5;
const SALES_A_BATCH = 10;
const SAMPLE_EVERY = 1000;
/** The clock of the status row, numbers in the journal that have a digit more. */
const SLACK_JSVARS = 12;
/** Of JerryScript: the digits of greater numbers, and a time that is no small number any more. */
const SLACK_BYTES = 256;

interface Course {
  name: string;
  /** How many steps; in the environment, and on each engine in a run of all tests. */
  variable: string;
  few: Record<BareEngine, number>;
  settings: Partial<FactorySettings>;
  /** Of a step, by its number: afterwards the terminal is where it was. */
  step(shop: Shop, index: number): Promise<void>;
  sampleEvery: number;
}

/** An hour of a day: trade, the cable pulled for one of them, the batch closed in the evening. */
async function hour(shop: Shop, index: number): Promise<void> {
  const ofDay = index % 24;
  if (ofDay === OUTAGE_HOUR) await shop.pullCable();
  await shop.trade(ofDay < OPEN_HOURS ? ACTIONS_AN_HOUR : 0, HOUR_MS);
  if (ofDay === OPEN_HOURS) await shop.close();
}

async function sale(shop: Shop, index: number): Promise<void> {
  await shop.sell();
  if (index % SALES_A_BATCH === SALES_A_BATCH - 1) await shop.close();
}

/** Cards are looked for and a new key is worked for in a whole day alone: both are most of its work. */
const DAY = process.env.HOURS === undefined ? { ...ALL_KINDS, ...SWIPES } : ALL_KINDS;
const COURSES: Course[] = [
  {
    name: "hours of trade",
    variable: "HOURS",
    few: { espruino: 2, jerryscript: 18 },
    settings: DAY,
    step: hour,
    sampleEvery: 1,
  },
  {
    name: "sales",
    variable: "SALES",
    few: { espruino: 10, jerryscript: 60 },
    settings: SWIPES,
    step: sale,
    sampleEvery: SAMPLE_EVERY,
  },
  {
    name: "reconnections",
    variable: "RECONNECTS",
    few: { espruino: 10, jerryscript: 50 },
    settings: SWIPES,
    step: (shop) => shop.reconnect(),
    sampleEvery: SAMPLE_EVERY,
  },
];

const lines = new Map<string, string>();
function tell(key: string, line: string): void {
  lines.set(key, line);
  report("5-months", ["Memory after long trade", ...lines.values()]);
}

/** Plays so many steps; `onRest` at every resting place that is sampled. */
async function play(
  { settings, step, sampleEvery, name }: Course,
  engine: BareEngine,
  steps: number,
  onRest: (shop: Shop, done: number) => Promise<void>,
): Promise<void> {
  const shop = await Shop.open(engine, 1, settings);
  try {
    const every = Math.min(sampleEvery, Math.max(1, Math.floor(steps / 5)));
    for (let index = 0; index < steps; index++) {
      await step(shop, index);
      if ((index + 1) % every !== 0 && index !== steps - 1) continue;
      await shop.till.comeToRest();
      await onRest(shop, index + 1);
    }
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  } finally {
    await shop.leave();
  }
}

/** Memory at rest on Espruino, sample by sample. */
async function restsOf(course: Course, steps: number): Promise<number[]> {
  const rests: number[] = [];
  await play(course, "espruino", steps, async (shop, done) => {
    rests.push(Number((await shop.memory())?.atRest));
    const [least, most] = [Math.min(...rests), Math.max(...rests)];
    tell(
      `${course.name} espruino`,
      `  Espruino, ${done} ${course.name} (${shop.transactions} transactions): at rest ${least} to ${most} JsVars in ${rests.length} looks`,
    );
  });
  return rests;
}

/** Memory at rest on JerryScript after all; null where it does not count. */
async function restAfter(course: Course, steps: number): Promise<number | null> {
  let rest: number | null = null;
  let transactions = 0;
  await play({ ...course, sampleEvery: steps }, "jerryscript", steps, async (shop, done) => {
    transactions = shop.transactions;
    if (done === steps) rest = (await shop.memory())?.atRest ?? null;
  });
  tell(
    `${course.name} jerryscript ${steps}`,
    `  JerryScript, ${steps} ${course.name} (${transactions} transactions): at rest ${rest ?? "not counted"} bytes`,
  );
  return rest;
}

afterAll(() => {
  if (!hasEspruino && !hasJerry) tell("none", "  not measured: no engine is here");
});

describe.each(COURSES)("after $name", (course) => {
  const { variable, few } = course;

  test.skipIf(!hasEspruino)("Espruino has as much memory in use as before", { timeout: TIMEOUT_MS }, async () => {
    const [first = 0, ...rests] = await restsOf(course, wanted(variable, few.espruino));
    expect(rests.length).toBeGreaterThan(0);
    for (const rest of rests) expect(Math.abs(rest - first)).toBeLessThanOrEqual(SLACK_JSVARS);
  });

  test.skipIf(!hasJerry)(
    "JerryScript has as much as after a third of it",
    { timeout: TIMEOUT_MS },
    async ({ skip }) => {
      const steps = wanted(variable, few.jerryscript);
      const before = await restAfter(course, Math.ceil(steps / 3));
      const after = await restAfter(course, steps);
      skip(before === null, "no memory statistics");
      expect(Number(after) - Number(before)).toBeLessThanOrEqual(SLACK_BYTES);
    },
  );
});
