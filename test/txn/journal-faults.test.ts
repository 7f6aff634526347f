/** The journal on flash that is worn or spoilt: a page that fails is left for the next one, and anything can be read without harm. */
import { describe, expect, test } from "vitest";
import { readBook } from "../../src/sim/journal-image";
import { seededBytes } from "../../src/sim/random";
import { AREAS, blankImage, FlashTwin, offset, PAGE_BYTES } from "../../src/sim/twins/flash";
import { Event } from "../../src/txn/state";
import { almostFullImage } from "../images";
import { newImage } from "../world";
import { chainsIn, Device, known, loaded, stored } from "./device";
import { transaction } from "./samples";

const PAGES = AREAS[1].byteCount / PAGE_BYTES;

/** Flash in which some bits stay as they are, whatever is written or erased. */
class WornFlash extends FlashTwin {
  private readonly stuck: { at: number; mask: number; isHigh: boolean }[] = [];

  stick(page: number, byte: number, mask: number, isHigh: boolean): this {
    this.stuck.push({ at: offset(AREAS[1].address + page * PAGE_BYTES + byte, 1), mask, isHigh });
    return this;
  }

  override write(address: number, text: string): void {
    super.write(address, text);
    this.hold();
  }

  override erase(address: number): void {
    super.erase(address);
    this.hold();
  }

  private hold(): void {
    for (const { at, mask, isHigh } of this.stuck) {
      const byte = this.image[at] as number;
      this.image[at] = isHigh ? byte | mask : byte & ~mask;
    }
  }
}

describe("worn flash", () => {
  const OFFSETS = [0, 3, 4, 20, 51, 52, 56, 60, 70, 95, 99, 100, 150, 260, 317, 318, 319, 400, 1000, 2500, 4090, 4095];
  const STUCK = OFFSETS.flatMap((byte) => [true, false].map((isHigh) => ({ byte, isHigh })));

  test.each(STUCK)("a bit that stays (byte $byte, high: $isHigh) costs a page at most", ({ byte, isHigh }) => {
    const flash = new WornFlash(almostFullImage(700)).stick(1, byte, byte % 2 ? 0x10 : 0x01, isHigh);
    let device = loaded(flash);
    for (let sale = 1; sale <= 16; sale++) {
      device.t.txn = transaction({ stan: device.t.nextStan, amountMinor: sale });
      for (const kind of "SAR") {
        expect(device.write(kind)).toBe(Event.None);
        device = loaded(flash);
        const undone = {
          S: [{ stan: sale, amountMinor: sale, status: "open" }],
          A: [{ stan: sale, amountMinor: sale, status: "owed" }],
        };
        const count = kind === "S" ? sale - 1 : sale;
        const wanted = {
          nextStan: sale + 1,
          count,
          total: (count * (count + 1)) / 2,
          undone: undone[kind as "S"] ?? [],
        };
        expect(known(device.t)).toEqual(wanted);
        expect(stored(flash.image)).toEqual(wanted);
        expect(device.j.counter).toBe(1 + 2 * sale);
        expect(chainsIn(flash.image, device.j.counter)).toEqual([2 * sale]);
      }
    }
  });

  test("two good pages are enough to go on", () => {
    const flash = new WornFlash(newImage());
    for (let page = 1; page < PAGES; page++)
      if (page !== 9) flash.stick(page, 0, page % 2 ? 0x01 : 0x10, page % 2 === 1);
    const device = loaded(flash);
    for (let sale = 1; sale <= 60; sale++) expect(device.sell(sale)).toBe(Event.None);
    expect(known(loaded(flash).t)).toEqual({ nextStan: 61, count: 60, total: 1830, undone: [] });
  });

  test.each(["S", "SA", "SAR"])("when no other page is left, the last %s ends in Lost and the book stays", (kinds) => {
    const flash = new WornFlash(almostFullImage({ S: 100, SA: 266, SAR: 312 }[kinds]));
    for (let page = 1; page < PAGES; page++) flash.stick(page, 0, page % 2 ? 0x01 : 0x10, page % 2 === 1);
    const device = loaded(flash);
    const before = device.sell(1250, kinds.slice(0, -1));
    expect(before).toBe(Event.None);
    const book = kinds === "S" ? { ...known(device.t), undone: [] } : known(device.t);
    device.t.txn ??= transaction({ stan: 1 });
    expect(device.write(kinds.slice(-1))).toBe(Event.Lost);
    const again = new Device(flash);
    expect(again.load()).toBe({ S: Event.Clean, SA: Event.Open, SAR: Event.Owed }[kinds]);
    expect(known(again.t)).toEqual(book);
    expect(stored(flash.image)).toEqual(book);
  });
});

describe("a spoilt image", () => {
  /** Loads it; whatever it holds, the journal comes to an end. */
  const load = (image: Uint8Array) => {
    const device = new Device(new FlashTwin(image));
    const event = device.load();
    expect([Event.Clean, Event.Open, Event.Owed, Event.Lost]).toContain(event);
    return { device, event };
  };

  test("with one flipped bit anywhere in the page in use gives the book without the record, or Lost", () => {
    const flash = new FlashTwin(newImage());
    const device = loaded(flash);
    device.sell(1000);
    device.sell(200, "SD");
    device.sell(30);
    device.sell(4, "SA");
    const usedBytes = 137 + 4 * 270 + 3 * 46 + 2 * 14 + 16;
    const whole = readBook(flash.image);
    const outcomes = new Set<string>();
    const names = new Map([
      [Event.Clean, "clean"],
      [Event.Open, "open"],
      [Event.Owed, "owed"],
    ]);
    for (let bit = 0; bit < usedBytes * 8; bit++) {
      const image = flash.image.slice();
      const at = offset(AREAS[1].address, PAGE_BYTES) + (bit >> 3);
      image[at] = (image[at] as number) ^ (1 << (bit & 7));
      const { device: found, event } = load(image);
      if (event === Event.Lost) {
        expect(() => readBook(image), `bit ${bit}`).toThrow("no page");
      } else {
        const book = readBook(image);
        expect(known(found.t), `bit ${bit}`).toMatchObject({
          count: book.count,
          total: book.total,
          nextStan: book.nextStan,
        });
        for (const { stan, amountMinor } of book.transactions)
          expect(whole.transactions.find((each) => each.stan === stan)?.amountMinor).toBe(amountMinor);
      }
      outcomes.add(event === Event.Lost ? "lost" : `${names.get(event)} ${known(found.t).total}`);
    }
    // Whole, one approved sale not seen (the last one: its S, or its A), or no key to go on with.
    expect([...outcomes].sort()).toEqual(["clean 1030", "lost", "open 1030", "owed 1004", "owed 1034", "owed 34"]);
  });

  test("that is blank, zero, or noise is Lost", () => {
    const noise = seededBytes(11);
    expect(load(blankImage()).event).toBe(Event.Lost);
    expect(load(blankImage().fill(0)).event).toBe(Event.Lost);
    for (let run = 0; run < 20; run++) {
      const image = newImage();
      image.set(Buffer.from(noise(PAGES * PAGE_BYTES), "latin1"), 2 * PAGE_BYTES);
      expect(load(image).event).toBe(Event.Lost);
    }
  });

  test("put together from pieces of good ones, 20,000 times, is read to its end", () => {
    const flash = new FlashTwin(newImage());
    const device = loaded(flash);
    for (let sale = 0; sale < 14; sale++) device.sell(sale, ["SAR", "SA", "S", "SD"][sale % 4]);
    const random = seededBytes(5);
    const number = (below: number) => (random(1).charCodeAt(0) * 256 + random(1).charCodeAt(0)) % below;
    const source = flash.image.slice();
    const image = source.slice();
    const counts = new Map<Event, number>();
    for (let run = 0; run < 20_000; run++) {
      if (run % 40 === 0) image.set(source);
      const [from, to, byteCount] = [number(2 * PAGE_BYTES), number(3 * PAGE_BYTES), number(300)];
      const start = 2 * PAGE_BYTES;
      image.copyWithin(start + to, start + from, start + from + byteCount);
      const { event } = load(image);
      counts.set(event, (counts.get(event) ?? 0) + 1);
    }
    expect(counts.size).toBe(4);
  });
});
