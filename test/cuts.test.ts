/**
 * Power cut inside every flash operation of a sale and what follows one, after every number of bytes, and at every message: terminal and
 * host agree at the end of each one. In Node by forks of the story (`cli/torture/cuts`); some of them from the start, and then turn by
 * turn on the bare engines. There a failing case is replayed with `tillet run --script FILE --cut N:BYTES`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CutWorld, EVERY, FEW } from "../src/cli/torture/cuts";
import type { EngineName } from "../src/sim/engines/engine";
import type { PlannedCut } from "../src/sim/twins/flash";
import { BARE_ENGINES } from "./engines";
import { almostFullImage } from "./images";
import { checkInvariants } from "./invariants";
import { expectSameOn, record } from "./replay";
import { report } from "./report";
import { newImage, openSharedHost, playOn, type SharedHost } from "./world";

interface Story {
  name: string;
  script: string;
  image: Uint8Array;
  /** Sales begun with the green key. */
  sales: number;
  /** On Node only, at a few places of each operation: to the engines, and byte by byte, it is one of the others. */
  isBrief?: boolean;
}

const FOLDER = join(import.meta.dirname, "scripts");
const script = (name: string) => readFileSync(join(FOLDER, name), "utf8");
const WITH_PIN = `
{"keys":["1","2","5","0","E"]}
{"swipe":{"t2":";6250947000000022=28122061143800000000?"}}
{"keys":["1","2","3","4","E"]}
{"settle":true}
`;
const WITH_TAP = `
{"keys":["1","2","5","0","E"]}
{"tap":"../cards/mastercard.json"}
{"settle":true}
`;
const STORIES: Story[] = [
  { name: "approved", script: script("sale.ndjson"), image: newImage(), sales: 1 },
  { name: "declined", script: script("declined-stolen.ndjson"), image: newImage(), sales: 1 },
  { name: "undone", script: script("answer-late.ndjson"), image: newImage(), sales: 1 },
  { name: "approved while a page turns", script: script("sale.ndjson"), image: almostFullImage(), sales: 1 },
  { name: "approved, then a page turns", script: script("sale.ndjson"), image: almostFullImage(230), sales: 1 },
  { name: "approved with a PIN", script: WITH_PIN, image: newImage(), sales: 1 },
  { name: "approved with a tap", script: WITH_TAP, image: newImage(), sales: 1 },
];

/** A sale, approved, with its receipt; then what comes behind it. */
const behindSale = (lines: string) =>
  `${script("sale.ndjson").trimEnd()}\n{"settle":true}\n{"key":"E"}\n${lines}\n{"settle":true}\n`;
STORIES.push(
  { name: "voided", script: behindSale('{"keys":["F","1","1","E","E"]}'), image: newImage(), sales: 1 },
  {
    name: "voided, and the answer is lost",
    script: behindSale(
      '{"link":{"answerMs":12000}}\n{"keys":["F","1","1","E","E"]}\n{"wait":36000}\n{"link":{"answerMs":300}}',
    ),
    image: newImage(),
    sales: 1,
  },
  {
    name: "refunded in part",
    script: behindSale(
      '{"keys":["F","2","E","1","E","5","0","0","E"]}\n{"swipe":{"t2":";4761739001010010=28122011143800000000?"}}',
    ),
    image: newImage(),
    sales: 1,
  },
  { name: "settled", script: behindSale('{"keys":["F","4","E"]}'), image: newImage(), sales: 1 },
  {
    name: "settled while a page turns",
    script: behindSale('{"keys":["F","4","E"]}'),
    image: almostFullImage(500),
    sales: 1,
  },
);

/** The other transactions: a script, cut in each of its writes, on a terminal that is set up for all of them. */
const GOOD = '{"swipe":{"t2":";4761739001010010=28122011143800000000?"}}\n{"settle":true}\n{"key":"E"}';
const brief = (name: string, sales: number, ...lines: string[]): void => {
  const image = newImage({ tip: 20, cash: 5, floor: 2000 });
  STORIES.push({ name, script: `${lines.join("\n")}\n{"settle":true}\n`, image, sales, isBrief: true });
};
const PREAUTH = ['{"keys":["F","D","D","2","1","0","0","0","E"]}', GOOD];
brief(
  "tipped before and after",
  1,
  '{"keys":["1","0","0","0","E","1","0","D"]}',
  GOOD,
  '{"keys":["F","D","D","1","1","E","1","0","0","E","E"]}',
);
brief(
  "pre-authorised, completed and voided",
  0,
  ...PREAUTH,
  '{"keys":["F","D","D","3","E","1","E","9","0","0","E","E"]}',
  '{"settle":true}',
  '{"keys":["E","F","1","2","E","E"]}',
);
brief("pre-authorised and cancelled", 0, ...PREAUTH, '{"keys":["F","D","D","4","E","1","E","E"]}');
brief(
  "pre-authorised, and the answer is lost",
  0,
  '{"link":{"answerMs":12000}}',
  ...PREAUTH,
  '{"link":{"answerMs":300}}',
);
brief(
  "completed without a link",
  0,
  ...PREAUTH,
  '{"link":"down"}',
  '{"wait":1000}',
  '{"keys":["F","D","D","3","E","1","E","9","0","0","E","E"]}',
  '{"wait":5000}',
  '{"link":"up"}',
);
brief("asked for a balance", 0, '{"keys":["F","D","D","5"]}', GOOD);
brief(
  "with cash back, and the answer is lost",
  1,
  '{"link":{"answerMs":12000}}',
  '{"keys":["F","D","D","7","1","0","0","E","5","0","0","E"]}',
  GOOD,
  '{"link":{"answerMs":300}}',
);
brief("paid in cash", 0, '{"keys":["F","D","D","6","1","2","5","3","E","E","E"]}');
brief(
  "paid in cash without a link",
  0,
  '{"link":"down"}',
  '{"wait":1000}',
  '{"keys":["F","D","D","6","1","2","5","3","E","E","E"]}',
  '{"wait":5000}',
  '{"link":"up"}',
);
brief(
  "approved by telephone",
  0,
  '{"keys":["1","0","0","0","E","E"]}',
  '{"swipe":{"t2":";4761739001010036=28122011143800000000?"}}',
  '{"settle":true}',
  '{"keys":["E","4","7","1","1","0","8","E"]}',
  '{"swipe":{"t2":";4761739001010036=28122011143800000000?"}}',
);
brief(
  "taken without a link",
  0,
  '{"link":"down"}',
  '{"wait":1000}',
  '{"keys":["1","0","0","0","E","E"]}',
  '{"swipe":{"t2":";4761739001010010=28121011143800000000?"}}',
  '{"wait":5000}',
  '{"link":"up"}',
);
brief(
  "paid in two parts",
  2,
  '{"keys":["F","D","D","8","1","0","0","0","E","4","0","0","E"]}',
  GOOD,
  '{"key":"E"}',
  GOOD,
);

let shared: SharedHost;
let world: CutWorld;
const counts: string[] = [];
beforeAll(async () => {
  shared = await openSharedHost();
  world = await CutWorld.open();
});
afterAll(async () => {
  report("2-cuts", ["Power cuts (story, engine: cuts in flash operations)", ...counts]);
  await shared.close();
  await world.close();
});

/** Cuts of each story on a bare engine, unless CUTS in the environment asks for more. */
const CUTS = Number(process.env.CUTS ?? 1);
/** And then of one story in so many only. */
const ENGINE_STEP = 4;

async function sweepForks(story: Story): Promise<void> {
  const { operations, messages, cuts } = await world.sweep(
    { ...story, scriptFolder: FOLDER },
    story.isBrief ? FEW : EVERY,
  );
  expect([operations > 2, messages > 0]).toEqual([true, true]);
  counts.push(`  ${story.name}, node: ${cuts} in ${operations} operations, ${messages / 2} messages`);
}

/** Cuts that are spread over the story's flash operations and their bytes: whole on Node, and the engine says there what Node says. */
async function sweep(story: Story, engine: EngineName): Promise<void> {
  const { flashOperations } = await playOn(shared, story.script, { image: story.image });
  const all: PlannedCut[] = flashOperations.flatMap(({ byteCount }, index) =>
    Array.from({ length: byteCount + 1 }, (_, bytesDone) => ({ operation: index + 1, bytesDone })),
  );
  const count = Math.min(CUTS, all.length);
  for (let i = 0; i < count; i++) {
    const cut = all[Math.floor(((i + 0.5) * all.length) / count)] as PlannedCut;
    const played = await record(shared, story.script, { cut, image: story.image });
    try {
      await checkInvariants(played, shared.host, story.sales);
      await expectSameOn(engine, played);
    } catch (error) {
      throw new Error(`--cut ${cut.operation}:${cut.bytesDone}: ${(error as Error).message}`);
    }
  }
  counts.push(`  ${story.name}, ${engine}: ${count} of ${all.length} in ${flashOperations.length} operations`);
}

describe.each(STORIES.map((story, index) => ({ name: story.name, story, index })))(
  "a sale that is $name",
  ({ story, index }) => {
    test("is whole after every cut", () => sweepForks(story));
    for (const { name, isHere } of BARE_ENGINES) {
      const isAsked = !story.isBrief && (process.env.CUTS !== undefined || index % ENGINE_STEP === 0);
      test.skipIf(!isHere || !isAsked)(`is whole after some of them on ${name}`, { timeout: 3_600_000 }, () =>
        sweep(story, name),
      );
    }
  },
);
