/**
 * Power cut in every story of `scripts`: in each flash operation, before each message has reached the host and before its answer is heard;
 * and every pair of cuts for sale, void and settlement. `npx tillet torture --cuts` cuts all of them after every number of bytes.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAIRED } from "../src/cli/torture";
import { cutStories, CutWorld, EVERY, FEW } from "../src/cli/torture/cuts";
import { report } from "./report";

const STORIES = cutStories();
const CUTS_MIN = 20_000;
/** After every number of bytes; the others, whose writes are of the same kinds, at both ends, behind the first byte and in the middle of each. */
const WHOLE = [
  "sale",
  "sale-pin",
  "tap",
  "void",
  "refund",
  "settle",
  "tip",
  "preauth",
  "offline",
  "cash",
  "cash-back",
  "referral",
].concat(["balance", "answer-lost", "power-cut-online", "power-cut-printing", "operators", "limits"]);

let world: CutWorld;
let [cuts, operations, messages] = [0, 0, 0];
const pairs: string[] = [];
beforeAll(async () => {
  world = await CutWorld.open();
});
afterAll(async () => {
  report("2-cuts-stories", [
    `Power cuts in all ${STORIES.length} stories: ${cuts} in ${operations} flash operations and ${messages / 2} messages`,
    ...pairs,
  ]);
  await world.close();
});

describe.each(STORIES)("$name", (story) => {
  test("is whole after every cut", async () => {
    const count = await world.sweep(story, WHOLE.includes(story.name.replace(".ndjson", "")) ? EVERY : FEW);
    expect(count.operations).toBeGreaterThan(1);
    cuts += count.cuts;
    operations += count.operations;
    messages += count.messages;
  });
});

describe.each(STORIES.filter(({ name }) => PAIRED.includes(name)))("$name", (story) => {
  test("is whole after every pair of cuts", async () => {
    const count = await world.sweep(story, FEW, FEW);
    expect(count.pairs).toBeGreaterThan(200);
    pairs.push(`  pairs of cuts, ${story.name}: ${count.pairs}`);
  });
});

test("all of them were played", () => expect(cuts).toBeGreaterThan(CUTS_MIN));
