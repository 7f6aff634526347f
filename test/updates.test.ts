/**
 * Updates from the host into a whole handheld: fetched while it idles, tried, kept or given up; and power cuts in each write of it. The handheld's
 * engine has one bundle, so that here only the slots change; `board/linux` and `flash/install` run what stands in them.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { headOf, MARK, packBundle, readSlot, SET, type Slot, type Update } from "../flash/slots";
import { newUpdateKey, signUpdate } from "../flash/update";
import { keepFirmware, readUpdate } from "../src/host/firmware";
import { BOOT_MS } from "../src/sim/script";
import { readBook } from "../src/sim/journal-image";
import { FlashTwin, type PlannedCut, withSlots } from "../src/sim/twins/flash";
import type { World } from "../src/cli/world";
import { report } from "./report";
import { newImage, openSharedHost, type SharedHost } from "./world";

const PAGES = 4;
/** Of the cuts, unless CUTS in the environment asks for all. */
const CUTS = 24;
const MINUTE_MS = 60_000;
const KEY = newUpdateKey();

const bundle = (version: number, profile = "console", length = 9000): Update =>
  packBundle(`let version=${version};//${"an update ".repeat(length / 10)}`, profile, version);

/** A handheld with version 1 in its first slot. */
function imageOne(pages = PAGES): Uint8Array {
  const flash = new FlashTwin(withSlots(newImage(), pages));
  const [address = 0] = flash.slots();
  const one = bundle(1, "console", 100);
  flash.write(address, headOf(one, 1));
  flash.write(address + 4096, one.content);
  for (const mark of [MARK.complete, MARK.good]) flash.write(address + mark, SET);
  return flash.image;
}

let shared: SharedHost;
const counts: string[] = [];
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(async () => {
  report("4-updates", counts);
  await shared.close();
});

interface Play {
  world: World;
  displays: string[];
  /** What stands in the slots. */
  slots(): (Slot | null)[];
  shown(): string;
}

async function inWorld(
  updates: readonly Update[],
  act: (play: Play) => Promise<void>,
  image = imageOne(),
  cut?: PlannedCut,
): Promise<void> {
  const displays: string[] = [];
  const world = await shared.openWorld(
    {
      ...{ engine: "node", seed: 1, onChange: () => undefined },
      onEvent: (_, event) => {
        if ("display" in event) displays.push(event.display.join("\n"));
      },
    },
    image,
  );
  try {
    for (const update of updates) await offer(update);
    if (cut) world.flash.plan(cut);
    await world.handheld.powerOn();
    const slots = () => world.flash.slots().map((at) => readSlot(world.flash.read(at, MARK.end)));
    await act({ world, displays, slots, shown: () => displays.at(-1) ?? "" });
  } finally {
    await world.close();
  }
}

const offer = (update: Update) =>
  shared.host.store.transact((session) => keepFirmware(session, readUpdate(signUpdate(update, KEY), KEY.publicKey)));
const press = async ({ handheld }: World, keys: string) => {
  for (const key of keys) {
    await handheld.press(key);
    await handheld.runFor(300);
  }
};
const sell = async (world: World) => {
  const { handheld } = world;
  await press(world, "1250E");
  await handheld.swipe({ t2: ";4761739001010010=28122011143800000000?" });
  await handheld.runFor(20_000);
  await press(world, "E");
};
const firmwareKnown = async () =>
  (await shared.host.store.query("select firmware, firmware_state from terminal where tid = '00000001'"))[0];

describe("an update", () => {
  test("is fetched while the terminal idles, started by itself, found good, and the host hears of it", async () => {
    await inWorld([bundle(2)], async ({ world, slots }) => {
      await world.handheld.runFor(5 * MINUTE_MS);
      expect(slots()).toMatchObject([
        { version: 1, isGood: true },
        { version: 2, isGood: true, isBad: false, trials: 1, sequence: 2, profile: "console" },
      ]);
      await world.handheld.powerCut();
      await world.handheld.powerOn();
      await world.handheld.runFor(MINUTE_MS);
      expect(await firmwareKnown()).toEqual({ firmware: 2, firmware_state: 0 });
      await sell(world);
      expect(await world.host.totals(world.tid, 1)).toEqual({ count: 1, total: 1250 });
    });
  });

  test("goes into the other slot each time", async () => {
    await inWorld([bundle(2)], async ({ world, slots }) => {
      await world.handheld.runFor(5 * MINUTE_MS);
      await offer(bundle(30));
      await world.handheld.runFor(65 * MINUTE_MS);
      expect(slots()).toMatchObject([
        { version: 30, isGood: true, sequence: 3 },
        { version: 2, isGood: true },
      ]);
    });
  });

  test("waits for the end of the batch, and says so", async () => {
    await inWorld([], async ({ world, slots, shown }) => {
      await world.handheld.runFor(MINUTE_MS);
      await sell(world);
      await offer(bundle(2));
      await world.handheld.runFor(65 * MINUTE_MS);
      expect(shown()).toMatch(/Update waits:\nsettle first\./);
      expect(slots()[1]).toBeNull();
      await press(world, "F4E");
      await world.handheld.runFor(MINUTE_MS);
      await press(world, "E");
      await world.handheld.runFor(10 * MINUTE_MS);
      expect(readBook(world.flash.image).batch).toBe(2);
      expect(slots()[1]).toMatchObject({ version: 2, isGood: true });
      expect(shown()).not.toMatch(/Update/);
    });
  });

  test("gives way to a sale, and a sale on the way finds all of it again", async () => {
    await inWorld([bundle(2)], async ({ world, slots }) => {
      await world.handheld.runFor(BOOT_MS + 25_000);
      const written = world.flash.operations.filter(({ address }) => address >= 0x321000).length;
      expect(written).toBeGreaterThan(10);
      await sell(world);
      expect(await world.host.totals(world.tid, 1)).toEqual({ count: 1, total: 1250 });
      await press(world, "F4E");
      await world.handheld.runFor(MINUTE_MS);
      await press(world, "E");
      await world.handheld.runFor(10 * MINUTE_MS);
      expect(slots()[1]).toMatchObject({ version: 2, isGood: true });
      const erased = world.flash.operations.filter(({ kind, address }) => kind === "erase" && address >= 0x321000);
      // The head, three pages, and at most the one that was being written once more.
      expect(erased.length).toBeLessThanOrEqual(5);
    });
  });

  test("goes on after the host was away", async () => {
    await inWorld([bundle(2)], async ({ world, slots }) => {
      await world.handheld.runFor(BOOT_MS + 25_000);
      await world.handheld.setLink(false);
      await world.handheld.runFor(10 * MINUTE_MS);
      expect(slots()[1]).toBeNull();
      await world.handheld.setLink(true);
      await world.handheld.runFor(10 * MINUTE_MS);
      expect(slots()[1]).toMatchObject({ version: 2, isGood: true });
    });
  });

  test("that never says that it is good is given up; screen and host are told, and it is not fetched again", async () => {
    await inWorld([bundle(2)], async ({ world, slots, shown }) => {
      while (!slots()[1]) await world.handheld.runFor(1_000);
      await world.handheld.setLink(false);
      for (let start = 0; start < 3; start++) {
        await world.handheld.powerCut();
        await world.handheld.powerOn();
        await world.handheld.runFor(BOOT_MS);
      }
      await world.handheld.setLink(true);
      const before = world.flash.operations.length;
      await world.handheld.runFor(65 * MINUTE_MS);
      expect(shown()).toMatch(/Update did not start:\nthe old one runs\./);
      expect(await firmwareKnown()).toEqual({ firmware: 1, firmware_state: 2 });
      expect(world.flash.operations.slice(before).every(({ address }) => address < 0x321000)).toBe(true);
      await sell(world);
      expect(await world.host.totals(world.tid, 1)).toEqual({ count: 1, total: 1250 });
    });
  });

  test.each([
    ["for another board", bundle(2, "wroom"), PAGES],
    ["no newer than its own", bundle(1), PAGES],
    ["longer than the slot", bundle(2), 3],
  ])("%s is left alone", async (_, update, pages) => {
    await inWorld(
      [update],
      async ({ world, slots, shown }) => {
        await world.handheld.runFor(10 * MINUTE_MS);
        expect(slots()[1]).toBeNull();
        expect(world.flash.operations.every(({ address }) => address < 0x321000)).toBe(true);
        expect(shown()).not.toMatch(/Update/);
      },
      imageOne(pages),
    );
  });

  test.each([
    ["a byte of the content", "update firmware set content = set_byte(content, 5000, 0)"],
    ["the end of the content", "update firmware set content = substring(content from 1 for 8000)"],
    ["a byte of the digest", "update firmware set head = set_byte(head, 40, get_byte(head, 40) # 1)"],
  ])("whose host has lost %s is never started", async (_, damage) => {
    await inWorld([bundle(2)], async ({ world, slots }) => {
      await shared.host.store.query(damage);
      await world.handheld.runFor(10 * MINUTE_MS);
      expect(slots()).toMatchObject([{ version: 1 }, null]);
      await sell(world);
      expect(await world.host.totals(world.tid, 1)).toEqual({ count: 1, total: 1250 });
    });
  });
});

test(
  "is whole after a power cut in any write or erase of it, and money is untouched",
  { timeout: 600_000 },
  async () => {
    let operations: { byteCount: number; kind: string; address: number; index: number }[] = [];
    await inWorld([bundle(2, "console", 4500)], async ({ world }) => {
      await world.handheld.runFor(5 * MINUTE_MS);
      operations = world.flash.operations
        .map((operation, index) => ({ ...operation, index }))
        .filter(({ address }) => address >= 0x321000);
    });
    const cuts = operations.flatMap(({ byteCount, kind, index }) => {
      const done =
        kind === "erase"
          ? [0, 1, 100, 140, 300, 4095]
          : byteCount === 4
            ? [0, 1, 2, 3, 4]
            : [0, 1, byteCount / 2, byteCount];
      return done.map((bytesDone) => ({ operation: index + 1, bytesDone: Math.floor(bytesDone) }));
    });
    let startsWithOld = 0;
    const count = process.env.CUTS ? cuts.length : CUTS;
    const chosen = Array.from({ length: count }, (_, index) => cuts[Math.floor(((index + 0.5) * cuts.length) / count)]);
    for (const cut of chosen.filter((each) => each !== undefined)) {
      await inWorld(
        [bundle(2, "console", 4500)],
        async ({ world, slots }) => {
          await world.handheld.runFor(5 * MINUTE_MS);
          const where = `cut in operation ${cut.operation} after ${cut.bytesDone} bytes`;
          expect(world.handheld.isOn, where).toBe(false);
          expect(slots()[0], where).toMatchObject({ version: 1, isGood: true });
          if (!slots()[1]) startsWithOld++;
          await world.handheld.powerOn();
          await world.handheld.runFor(4 * MINUTE_MS);
          expect(world.handheld.isOn, where).toBe(true);
          expect(slots()[1], where).toMatchObject({ version: 2, isGood: true, isBad: false });
          const book = readBook(world.flash.image);
          expect([book.count, book.batch, await world.host.openBatch(world.tid)], where).toEqual([0, 1, 1]);
        },
        imageOne(),
        cut,
      );
    }
    expect(startsWithOld).toBeGreaterThan(0);
    expect(startsWithOld).toBeLessThan(count);
    counts.push(
      `Power cuts in an update: ${count} of ${cuts.length}, all end in the new firmware; ${startsWithOld} of them start with the old once more`,
    );
  },
);
