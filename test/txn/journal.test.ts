/** The journal on simulated flash, against a reader that shares no code with it: nothing is lost, wherever the power goes. */
import { describe, expect, test } from "vitest";
import { testKey } from "../../src/host/keys";
import { readBook } from "../../src/sim/journal-image";
import { seededBytes } from "../../src/sim/random";
import { AREAS, FlashTwin, PAGE_BYTES, type PlannedCut, PowerCut } from "../../src/sim/twins/flash";
import { sealedAt } from "../../src/txn/book";
import { BATCH_PAGES_MAX } from "../../src/txn/ring";
import { Record } from "../../src/txn/record";
import { Event } from "../../src/txn/state";
import { almostFullImage } from "../images";
import { newImage } from "../world";
import { chainsIn, Device, FRAME, known, loaded, stored } from "./device";
import { settings, transaction } from "./samples";

const PAGES = AREAS[1].byteCount / PAGE_BYTES;

describe("reading back", () => {
  test("a factory image", () => {
    const device = new Device(new FlashTwin(newImage()));
    expect(device.load()).toBe(Event.Clean);
    expect(device.t.settings).toMatchObject({
      ...settings({ pinFormat: "4", tap: "hsu", sleepMinutes: 0 }),
      host: "tillet-host",
    });
    expect(device.t).toMatchObject({ batchNumber: 1, month: "2601" });
    expect(known(device.t)).toEqual({ nextStan: 1, count: 0, total: 0, undone: [] });
    expect(device.j.counter).toBe(1);
    expect(Buffer.from(device.j.chainBytes).equals(testKey("00000001"))).toBe(true);
  });

  test.each([
    { kinds: "S", event: Event.Open, count: 0, status: "open" },
    { kinds: "SA", event: Event.Owed, count: 1, status: "owed" },
    { kinds: "SAR", event: Event.Clean, count: 1, status: "approved" },
    { kinds: "SD", event: Event.Clean, count: 0, status: "declined" },
    { kinds: "SN", event: Event.Clean, count: 0, status: "unsent" },
    { kinds: "SV", event: Event.Clean, count: 0, status: "undone" },
  ])("after $kinds", ({ kinds, event, count, status }) => {
    const flash = new FlashTwin(newImage());
    const live = loaded(flash);
    live.sell(1250, kinds);
    const device = new Device(flash);
    expect(device.load()).toBe(event);
    expect(known(device.t)).toEqual(known(live.t));
    expect(known(device.t)).toEqual(stored(flash.image));
    expect(known(device.t)).toMatchObject({ nextStan: 2, count, total: count * 1250 });
    expect(device.t.txn).toMatchObject({ stan: 1, amountMinor: 1250, panMasked: "4761730010" });
    expect(readBook(flash.image).transactions).toMatchObject([{ stan: 1, amountMinor: 1250, status }]);
    expect([device.j.counter, readBook(flash.image).counter]).toEqual([3, 3]);
    expect(chainsIn(flash.image, 3)).toEqual([2]);
    if (kinds === "S") expect(device.j.saleBody.slice(sealedAt(device.j.saleBody) + 32)).toBe(FRAME);
    if (kinds === "S") expect(device.j.saleBody).toBe(live.j.saleBody);
    if (kinds === "SA") expect(device.t.txn).toEqual({ ...live.t.txn, responseCode: "" });
    if (kinds === "SA") expect(device.t.month).toBe("2601");
  });

  test("a sale whose new key has a bad bit, when the power goes before they are written anew: nothing of it has left", () => {
    const flash = new FlashTwin(newImage());
    const live = loaded(flash);
    flash.plan({ operation: 2, bytesDone: 0 });
    expect(() => live.sell(1250, "S")).toThrow(PowerCut);
    expect(new Device(new FlashTwin(flash.image)).load()).toBe(Event.Open);
    const sale = Buffer.from(flash.image).indexOf("000001220000000012504761730010");
    (flash.image[sale - 20] as number) ^= 1;
    const device = new Device(flash);
    expect(device.load()).toBe(Event.Unsent);
    // The next request has the counter that this one would have had.
    expect(device.j.counter).toBe(1);
    expect(device.write(Record.Unsent)).not.toBe(Event.Lost);
    expect(new Device(flash).load()).toBe(Event.Clean);
  });

  test("the second copy of the settings, when the first is spoilt", () => {
    const image = newImage().fill(0, 0, 8);
    expect(new Device(new FlashTwin(image)).load()).toBe(Event.Clean);
    image.fill(0, PAGE_BYTES, PAGE_BYTES + 8);
    expect(new Device(new FlashTwin(image)).load()).toBe(Event.Lost);
  });
});

test("20,000 sales go round the ring: nothing is lost, no counter comes twice, all pages wear alike", () => {
  const flash = new FlashTwin(newImage());
  const amounts = seededBytes(3);
  let device = loaded(flash);
  let count = 0;
  let total = 0;
  let closed = 0;
  for (let sale = 1; sale <= 20_000; sale++) {
    const amountMinor = 1 + amounts(1).charCodeAt(0);
    const kinds = ["SAR", "SD", "SV", "SAR", "SN"][sale % 5] as string;
    device.sell(amountMinor, kinds);
    if (kinds === "SAR") {
      count++;
      total += amountMinor;
    }
    if (sale % 90 === 0) {
      expect(device.t.batchPages).toBeLessThan(BATCH_PAGES_MAX + 1);
      device.close();
      closed++;
      count = 0;
      total = 0;
    }
    if (sale % 97 === 0) {
      device = loaded(flash);
      expect(known(device.t)).toEqual({ nextStan: sale + closed + 1, count, total, undone: [] });
      expect(device.t.batchNumber).toBe(closed + 1);
      expect(device.j.counter).toBe(1 + 2 * (sale + closed));
    }
  }
  expect(stored(flash.image)).toEqual({ nextStan: 20_001 + closed, count, total, undone: [] });
  expect(readBook(flash.image)).toMatchObject({ counter: 40_001 + 2 * closed, keyCount: 1, batch: closed + 1 });
  const erases = new Array<number>(PAGES).fill(0);
  for (const { kind, address } of flash.operations) {
    if (kind === "erase")
      erases[(address - AREAS[1].address) / PAGE_BYTES] = (erases[(address - AREAS[1].address) / PAGE_BYTES] ?? 0) + 1;
  }
  expect(Math.min(...erases)).toBeGreaterThan(50);
  expect(Math.max(...erases) - Math.min(...erases)).toBeLessThanOrEqual(1);
});

test("STANs go on at 1 after 999999", () => {
  const flash = new FlashTwin(newImage());
  const device = loaded(flash);
  device.t.nextStan = 999999;
  device.sell(1);
  expect(stored(flash.image)).toMatchObject({ nextStan: 1, count: 1 });
  device.sell(2);
  expect(known(loaded(flash).t)).toEqual({ nextStan: 2, count: 2, total: 3, undone: [] });
});

function cutAt(flash: FlashTwin, cut: PlannedCut | undefined, act: () => unknown): void {
  if (cut) flash.plan(cut);
  try {
    act();
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
}

/** Flash that takes bytes only where it is erased; zeros it takes anywhere. */
class CleanFlash extends FlashTwin {
  override write(address: number, text: string): void {
    const isClean = /^\xff*$/.test(this.read(address, text.length));
    if (!isClean && !/^\0*$/.test(text)) throw new Error(`written twice: 0x${address.toString(16)}`);
    super.write(address, text);
  }
}

describe("a power cut", () => {
  /** What is there, what is written; `turns`: a new page is begun for it. */
  const ACTS = ["S", "SA", "SAR", "SD", "SN", "SV"].flatMap((kinds) => {
    const before = kinds.slice(0, -1);
    const full = { "": 100, S: 270, SA: 316 }[before] as number;
    return [
      { before, kind: kinds.slice(-1), turns: false, image: newImage() },
      { before, kind: kinds.slice(-1), turns: true, image: almostFullImage(full) },
    ];
  });

  test.each(ACTS)("in $kind after '$before' (page turn: $turns), anywhere: it was made or it was not", (act) => {
    const prepared = new FlashTwin(act.image);
    loaded(prepared).sell(1250, act.before);
    /** Does the act on a copy. False when the power went. */
    const perform = (image: Uint8Array, cut?: PlannedCut) => {
      const flash = new FlashTwin(image);
      const device = loaded(flash);
      device.t.txn ??= loaded(new FlashTwin(prepared.image)).t.txn;
      if (act.kind === "S")
        device.t.txn = { ...transaction(), ...device.t.txn, stan: device.t.nextStan, amountMinor: 1250 };
      cutAt(flash, cut, () => device.write(act.kind));
      return flash;
    };
    const whole = perform(prepared.image);
    const made = [stored(prepared.image), stored(whole.image)];
    expect(made[0]).not.toEqual(made[1]);
    expect(whole.operations.some(({ kind }) => kind === "erase")).toBe(act.turns);

    whole.operations.forEach(({ kind, byteCount }, index) => {
      for (let bytesDone = 0; bytesDone <= byteCount; bytesDone += kind === "write" ? 1 : byteCount / 4) {
        const name = `cut ${index + 1}:${bytesDone}`;
        const torn = perform(prepared.image, { operation: index + 1, bytesDone });
        // The power goes once more while what the cut left is being wiped.
        const again = new FlashTwin(torn.image);
        if (bytesDone % 2 === 1) cutAt(again, { operation: 1, bytesDone: bytesDone % 44 }, () => loaded(again));
        const flash = new CleanFlash(again.image);
        const device = loaded(flash);
        expect(made, name).toContainEqual(known(device.t));
        expect(stored(flash.image), name).toEqual(known(device.t));
        // A key that was torn is one of the future: it gives nothing of the past away, and must be gone before it is past itself.
        expect(chainsIn(flash.image, device.j.counter)[0], name).toBe(device.j.counter - 1);
        // What follows is as if nothing had been.
        const { count, total } = known(device.t);
        if (device.t.isOpen) device.write(Record.Undone);
        if (device.t.isOwed) device.write(Record.Printed);
        device.sell(30);
        device.sell(12);
        expect(known(loaded(flash).t), name).toMatchObject({ count: count + 2, total: total + 42, undone: [] });
        expect(chainsIn(flash.image, device.j.counter), name).toEqual([device.j.counter - 1]);
      }
    });
  });
});
