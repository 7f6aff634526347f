/** A batch whose totals differ: every record goes up, the host notes what differs, and both begin the next batch, wherever the power goes. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { blockAt } from "../src/cli/block";
import { readBook } from "../src/sim/journal-image";
import { BOOT_MS, parseScript, play, type Player, settle } from "../src/sim/script";
import type { FlashOperation, PlannedCut } from "../src/sim/twins/flash";
import { almostFullImage, longBatchImage } from "./images";
import { report } from "./report";
import { newImage, openSharedHost, playOn, type SharedHost } from "./world";

const CARD = `{"swipe":{"t2":";4761739001010010=28122011143800000000?"}}\n{"settle":true}\n{"key":"E"}`;
const TRADE = `
{"keys":["1","2","5","0","E"]}\n${CARD}
{"keys":["7","0","0","E"]}\n${CARD}
{"keys":["F","1","1","E","E"]}\n{"settle":true}\n{"key":"E"}
`;
const SETTLE = `{"keys":["F","4","E"]}\n{"settle":true}`;

interface Ended {
  printed: string[];
  operations: FlashOperation[];
  image: Uint8Array;
}

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
const counts: string[] = [];
afterAll(async () => {
  report("2-cuts-settlement", ["Power cuts in a settlement", ...counts]);
  await shared.close();
});

/** Two sales and a void; at the host one of them comes to be another amount; then the batch is settled. The power may go in that. */
async function tradeAndSettle(image: Uint8Array, cut?: PlannedCut, trade = TRADE): Promise<Ended> {
  const printed: string[] = [];
  let displayed: string[] = [];
  const world = await shared.openWorld(
    {
      engine: "node",
      seed: 1,
      onEvent: (_, event) => {
        if ("printed" in event) printed.push(...event.printed);
        if ("display" in event) displayed = event.display;
      },
      onChange: () => undefined,
    },
    image,
  );
  const block = blockAt(world.host);
  const player: Player = { handheld: world.handheld, flash: world.flash, printed, displayed: () => displayed, block };
  const playAll = async (script: string) => {
    for (const { input } of parseScript(script)) if (world.handheld.isOn) await play(player, input);
  };
  try {
    await world.handheld.powerOn();
    await world.handheld.runFor(BOOT_MS);
    await playAll(trade);
    await shared.host.store.query("update txn set amount_minor = amount_minor + 5 where stan = 2");
    const before = world.flash.operations.length;
    if (cut) world.flash.plan(cut);
    await playAll(SETTLE).catch((error: unknown) => {
      if (world.handheld.isOn) throw error;
    });
    if (cut) {
      await world.handheld.powerOn();
      await world.handheld.runFor(BOOT_MS);
      await settle(player);
      // The green key came to nothing: it is pressed again.
      if (readBook(world.flash.image).batch === 1) await playAll(SETTLE);
    }
    return { printed, operations: world.flash.operations.slice(before), image: world.flash.image };
  } finally {
    await world.close();
  }
}

async function checkClosed({ image }: Ended): Promise<void> {
  const { query } = shared.host.store;
  const rows = (sql: string) => query.call(shared.host.store, sql);
  expect(await rows("select batch, answered from settlement")).toMatchObject([
    { batch: 1, answered: "0000000019550020000000012500012" },
  ]);
  const uploads = await rows("select stan, code, amount_minor, approval_code from upload order by stan");
  expect(uploads.map((row) => [row.stan, row.code, Number(row.amount_minor)])).toEqual([
    [1, "22", 1250],
    [2, "22", 700],
    [3, "23", 1250],
  ]);
  expect(await rows("select stan, terminal_minor, host_minor from difference")).toMatchObject([
    { stan: 2, terminal_minor: 700, host_minor: 705 },
  ]);
  expect(readBook(image)).toMatchObject({ batch: 2, count: 0, total: 0, creditCount: 0, creditTotal: 0, keyCount: 1 });
  expect(await shared.host.openBatch("00000001")).toBe(2);
}

test("every record is uploaded, the report says what the host has", async () => {
  const ended = await tradeAndSettle(newImage());
  await checkClosed(ended);
  expect(ended.printed.join("\n")).toContain("HOST HAS OTHER TOTALS");
  expect(ended.printed.find((line) => line.startsWith("Host debits"))).toMatch(/2 +EUR 19.55/);
});

test("a sale with a tip goes up with its whole amount: only what differs is noted", async () => {
  const tipped = `
{"keys":["1","0","0","0","E","E"]}\n${CARD}
{"keys":["7","0","0","E","E"]}\n${CARD}
{"keys":["F","D","D","1","1","E","1","0","0","E","E"]}\n{"settle":true}\n{"key":"E"}
`;
  await tradeAndSettle(newImage({ tip: 20 }), undefined, tipped);
  const rows = (sql: string) => shared.host.store.query(sql);
  const uploads = await rows("select stan, code, amount_minor from upload order by stan");
  expect(uploads.map((row) => [row.stan, row.code, Number(row.amount_minor)])).toEqual([
    [1, "22", 1100],
    [2, "22", 700],
  ]);
  const differences = await rows("select stan, terminal_minor, host_minor from difference");
  expect(differences).toMatchObject([{ stan: 2, terminal_minor: 700, host_minor: 705 }]);
});

test("a batch that has filled its pages asks for its closing, and takes no sale before", async () => {
  const script = `
{"keys":["F","1"]}
{"expect":{"display":"Batch full: settle."}}
{"keys":["E","1"]}
{"expect":{"display":"BATCH IS FULL"}}
{"key":"E"}
{"settle":true}
{"expect":{"display":"SETTLED"}}
{"keys":["1","2","5","0","E"]}\n${CARD}
{"expect":{"printed":"Batch 000002"}}`;
  const played = await playOn(shared, script, { image: longBatchImage(9) });
  expect([played.failure, played.agree]).toEqual(["", true]);
  const below = await playOn(shared, `{"keys":["1"]}\n{"expect":{"display":"SALE"}}`, { image: longBatchImage(8) });
  expect(below.failure).toBe("");
});

test.each([
  ["", newImage()],
  [" while a page turns", almostFullImage(1100)],
])("with the power cut in every write of it%s", async (name, image) => {
  const { operations } = await tradeAndSettle(image);
  const cuts = operations.flatMap(({ byteCount }, index) =>
    [0, 1, Math.floor(byteCount / 2), byteCount].map((bytesDone) => ({ operation: index + 1, bytesDone })),
  );
  for (const cut of cuts) {
    try {
      await checkClosed(await tradeAndSettle(image, cut));
    } catch (error) {
      throw new Error(`cut ${cut.operation}:${cut.bytesDone}: ${(error as Error).message}`);
    }
  }
  counts.push(`  totals differ${name}: ${cuts.length} cuts in ${operations.length} operations`);
});
