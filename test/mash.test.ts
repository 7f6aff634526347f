/** Random keys on the built bundle: nothing is thrown, every screen can be left, and the same seed gives the same screens. */
import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { mash } from "../src/cli/torture/mash";
import { report } from "./report";

/** `npx tillet torture --presses 1000000` takes a minute or two. */
const KEYS_MIN = 150_000;
const KEYS_A_SEED = 2_000;

test("the same seed gives the same screens", async () => {
  const first = await mash(3, 300);
  expect(await mash(3, 300)).toEqual(first);
  expect((await mash(4, 300)).trace).not.toBe(first.trace);
});

test("every screen is left by keys and time, and no key throws", async () => {
  const from = randomInt(1, 100_000_000);
  let [keys, screens, homeMs, seed] = [0, 0, 0, from];
  for (; keys < KEYS_MIN; seed++) {
    const result = await mash(seed, KEYS_A_SEED);
    keys += result.keys;
    screens = Math.max(screens, result.screens);
    homeMs = Math.max(homeMs, result.homeMsMax);
  }
  report("3-mash", [
    `Random keys, seeds ${from} to ${seed - 1}: ${keys}, up to ${screens} titles of screens in one; the longest way home took ${Math.round(homeMs / 1000)} s`,
  ]);
  expect(screens).toBeGreaterThan(8);
}, 600_000);
