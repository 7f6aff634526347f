/**
 * Days of trade with everything that can go wrong, from seeds that nobody has seen before: a failure says how to play it again.
 * `npx tillet torture` plays more.
 */
import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { torture } from "../src/cli/torture/day";
import { FAULT_NAMES, type FaultKind } from "../src/cli/torture/faults";
import { tortureAll, tortureText } from "../src/cli/torture";
import { report } from "./report";

const TRANSACTIONS_MIN = 50_000;

test("the same seed gives the same trace", async () => {
  const options = { seed: 7, transactions: 60, terminals: 2 };
  const first = await torture(options);
  expect(await torture(options)).toEqual(first);
  expect((await torture({ ...options, seed: 8 })).trace).not.toBe(first.trace);
});

test("terminals, paper, host and issuer agree at every closing, whatever goes wrong", async () => {
  const seed = randomInt(1, 100_000_000);
  const order = { seed, seeds: TRANSACTIONS_MIN, transactions: 500, terminals: 3 };
  const sum = await tortureAll(order, ({ transactions }) => transactions >= TRANSACTIONS_MIN);
  report("3-torture", [`Torture, seeds from ${seed}`, ...tortureText(sum).map((line) => `  ${line}`)]);
  expect(sum.transactions).toBeGreaterThanOrEqual(TRANSACTIONS_MIN);
  expect(sum.closings).toBeGreaterThan(1000);
  expect((Object.keys(FAULT_NAMES) as FaultKind[]).filter((kind) => sum.faults[kind] === 0)).toEqual([]);
}, 1_200_000);
