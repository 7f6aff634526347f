/**
 * An update on the Linux board, which starts from the slots in its flash file by the boot code as boards have it: the rest of an update is fetched, the
 * real engine starts from the other slot, finds itself good, and a story plays on it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { headOf, MARK, packBundle, PAGE_BYTES, pagesOf, readSlot, SET, type Update } from "../../flash/slots";
import { newUpdateKey, signUpdate } from "../../flash/update";
import { ROOT } from "../../src/cli/world";
import { keepFirmware, readUpdate } from "../../src/host/firmware";
import { openLinuxBoard } from "../../src/sim/engines/linux";
import { FlashTwin, withSlots } from "../../src/sim/twins/flash";
import { hasEspruino } from "../engines";
import { newImage, openSharedHost, type SharedHost } from "../world";

const CODE = readFileSync(join(ROOT, "dist", "tillet-linux.js"), "latin1");
const PAGES = 40;
const KEY = newUpdateKey();

let shared: SharedHost;
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(() => shared.close());

function put(flash: FlashTwin, slot: number, update: Update, sequence: number, pageCount: number): number {
  const address = flash.slots()[slot] ?? 0;
  flash.write(address, headOf(update, sequence));
  flash.write(address + PAGE_BYTES, update.content.slice(0, pageCount * PAGE_BYTES));
  for (let page = 0; page < pageCount; page++) flash.write(address + 256 + 4 * page, SET);
  return address;
}

// A minute of a real engine: with STORIES=all.
describe.skipIf(!hasEspruino || process.env.STORIES !== "all")("on the Linux board", () => {
  test(
    "the end of an update is fetched, it is started and found good, and a sale is made on it",
    { timeout: 240_000 },
    async () => {
      const [one, two] = [packBundle(CODE, "linux", 1), packBundle(`${CODE}//2`, "linux", 2)];
      const image = new FlashTwin(withSlots(newImage(), PAGES));
      const own = put(image, 0, one, 1, pagesOf(one) - 1);
      for (const mark of [MARK.complete, MARK.good]) image.write(own + mark, SET);
      // As a power cut has left it, in its last page.
      put(image, 1, two, 2, pagesOf(two) - 2);
      const board = openLinuxBoard(join(ROOT, "dist", "tillet-linux.js"), image.image);
      const powers: string[] = [];
      let shown = "";
      const world = await shared.openWorld(
        {
          ...{ engine: board, seed: 1, onChange: () => undefined },
          onEvent: (_, event) => {
            if ("power" in event) powers.push(event.power);
            if ("display" in event) shown = event.display.join("\n");
          },
        },
        image.image,
      );
      const slots = () =>
        world.flash.slots().map((at) => {
          const head = at - 0x321000 + 18 * PAGE_BYTES;
          return readSlot(Buffer.from(board.image().subarray(head, head + MARK.end)).toString("latin1"));
        });
      try {
        await shared.host.store.transact((session) =>
          keepFirmware(session, readUpdate(signUpdate(two, KEY), KEY.publicKey)),
        );
        await world.handheld.powerOn();
        for (let minutes = 0; minutes < 20 && !slots()[1]?.isGood; minutes++) await world.handheld.runFor(60_000);
        expect(powers).toEqual(["on", "cut", "on"]);
        expect(slots()).toMatchObject([
          { version: 1, isGood: true },
          { version: 2, isGood: true, isBad: false, trials: 1 },
        ]);
        for (const key of "1250E") {
          await world.handheld.press(key);
          await world.handheld.runFor(300);
        }
        await world.handheld.swipe({ t2: ";4761739001010010=28122011143800000000?" });
        await world.handheld.runFor(20_000);
        expect(shown).toMatch(/APPROVED/);
        expect(await world.host.totals(world.tid, 1)).toEqual({ count: 1, total: 1250 });
        const [known] = await shared.host.store.query("select firmware, firmware_state from terminal where tid = $1", [
          world.tid,
        ]);
        expect(known).toEqual({ firmware: 2, firmware_state: 1 });
      } finally {
        await world.close();
        await board.close();
      }
    },
  );
});
