/** The keys of PINs on simulated flash: each is the host's, none comes twice, and a used one is gone wherever the power goes. */
import { describe, expect, test } from "vitest";
import { FACTORY_TID } from "../../src/cli/world";
import { initialKey, loadRegisters, workingKey } from "../../src/host/dukpt";
import { testBaseKey, testPinKeyId } from "../../src/host/keys";
import { plain } from "../../src/proto/plain";
import { readPinKeys } from "../../src/sim/journal-image";
import { seededBytes } from "../../src/sim/random";
import { AREAS, FlashTwin, offset, PAGE_BYTES, type PlannedCut, PowerCut } from "../../src/sim/twins/flash";
import {
  dropPinKey,
  hasPinKeys,
  isPinKeysBusy,
  loadPinKeys,
  onPinKeysFlash,
  openPinKeys,
  type PinKeys,
  takePinKey,
} from "../../src/txn/pinkeys";
import { nodeKey, pinKeyNames, pinKeysIn } from "../pin-keys";
import { newImage } from "../world";

const AREA = AREAS[2];
const SLOTS_A_PAGE = 7;
const SLOT_BYTES = 576;
const BASE_KEY = testBaseKey().key;
/** More than a worst case takes. */
const READS_MAX = 14 * 12 + 1;

/** Keys on a flash that answers at once. */
class Device {
  readonly k: PinKeys;
  private readonly answers: string[] = [];

  constructor(readonly flash: FlashTwin) {
    this.k = openPinKeys(
      {
        read: (address, byteCount) => this.answers.push(flash.read(address, byteCount)),
        write: (address, text) => flash.write(address, text),
        erase: (address) => flash.erase(address),
      },
      plain,
    );
  }

  /** True when there are keys. */
  load(): boolean {
    loadPinKeys(this.k);
    this.rest();
    return hasPinKeys(this.k);
  }

  /** The serial number of the key that was handed out, "" when none was. Checks that the key is the host's. */
  take(): string {
    takePinKey(this.k, true);
    this.rest();
    const { key, serial } = this.k;
    dropPinKey(this.k);
    const hosts = serial && workingKey(BASE_KEY, Buffer.from(serial, "latin1"), "PIN, AES-128").toString("latin1");
    expect(key).toBe(hosts);
    return serial;
  }

  private rest(): void {
    for (let reads = 0; isPinKeysBusy(this.k); reads++) {
      if (reads > READS_MAX || this.answers.length !== 1) throw new Error(`${this.answers.length} reads under way`);
      onPinKeysFlash(this.k, this.answers.shift() as string);
    }
    expect([this.answers, this.k.text]).toEqual([[], ""]);
  }
}

function loaded(flash: FlashTwin): Device {
  const device = new Device(flash);
  device.load();
  return device;
}

const counterOf = (serial: string) => Buffer.from(serial, "latin1").readUInt32BE(8);

/** An image in which `count` keys are used up. */
function usedImage(count: number): Uint8Array {
  const flash = new FlashTwin(newImage());
  const device = loaded(flash);
  for (let each = 0; each < count; each++) device.take();
  return flash.image;
}

test("a new device has the 32 registers that the host loads it with", () => {
  const id = testPinKeyId(FACTORY_TID);
  const stored = readPinKeys(newImage());
  expect(stored).toMatchObject({ counter: 1, slotCount: 1 });
  expect(Buffer.from(stored?.id ?? []).equals(id)).toBe(true);
  expect(Buffer.from(stored?.registers ?? []).equals(loadRegisters(initialKey(BASE_KEY, id), id))).toBe(true);
  expect(pinKeysIn(newImage())).toEqual(pinKeyNames(1));
});

test("2,000 keys in a row are the host's, over many power cycles; flash holds the ones to come and none that was", () => {
  const flash = new FlashTwin(newImage());
  let device = loaded(flash);
  for (let counter = 1; counter <= 2000; counter++) {
    expect(counterOf(device.take())).toBe(counter);
    expect(readPinKeys(flash.image)).toMatchObject({ counter: counter + 1, slotCount: 1 });
    if (counter % 97 === 0) {
      expect(pinKeysIn(flash.image)).toEqual(pinKeyNames(counter + 1));
      device = loaded(flash);
    }
  }
  const erased = flash.operations.filter(({ kind }) => kind === "erase").map(({ address }) => address);
  expect(new Set(erased)).toEqual(new Set([AREA.address, AREA.address + PAGE_BYTES]));
  expect(erased.length).toBe(Math.floor(2000 / SLOTS_A_PAGE));
  for (const { kind, byteCount } of flash.operations) if (kind === "write") expect(byteCount).toBeLessThanOrEqual(96);
});

describe("a power cut", () => {
  /** Then a page begins, three keys are made of one, and the first page begins again. */
  const USED = [6, 7, 13];

  test.each(USED)("while a key is used up, %i before it, anywhere: it is gone or was never handed out", (used) => {
    const prepared = usedImage(used);
    const perform = (image: Uint8Array, cut?: PlannedCut) => {
      const flash = new FlashTwin(image);
      const device = loaded(flash);
      if (cut) flash.plan(cut);
      let serial = "";
      try {
        serial = device.take();
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      return { flash, serial };
    };
    const whole = perform(prepared).flash;
    expect(whole.operations.some(({ kind }) => kind === "erase")).toBe((used + 1) % SLOTS_A_PAGE === 0);

    whole.operations.forEach(({ kind, byteCount }, index) => {
      for (let bytesDone = 0; bytesDone <= byteCount; bytesDone += kind === "write" ? 1 : byteCount / 4) {
        const name = `cut ${index + 1}:${bytesDone}`;
        const torn = perform(prepared, { operation: index + 1, bytesDone });
        expect(torn.serial, name).toBe("");
        // Every third time the power goes once more while what the cut left is being wiped.
        const flash = new FlashTwin(torn.flash.image);
        const first = new FlashTwin(torn.flash.image);
        const wipes = loaded(first).flash.operations.length;
        if (bytesDone % 3 === 0 && wipes > 0) {
          flash.plan({ operation: 1 + (bytesDone % wipes), bytesDone: bytesDone % 97 });
          expect(() => loaded(flash)).toThrow(PowerCut);
        }
        const device = loaded(flash);
        const counter = readPinKeys(flash.image)?.counter ?? 0;
        expect([used + 1, used + 2], name).toContain(counter);
        expect(readPinKeys(flash.image)?.slotCount, name).toBe(1);
        expect(pinKeysIn(flash.image), name).toEqual(pinKeyNames(counter));
        // It goes on as if nothing had been.
        expect(
          [0, 1, 2].map(() => counterOf(device.take())),
          name,
        ).toEqual([counter, counter + 1, counter + 2]);
        expect(pinKeysIn(flash.image), name).toEqual(pinKeyNames(counter + 3));
      }
    });
  });
});

/** Flash in which one bit of a slot stays as it is. */
class WornFlash extends FlashTwin {
  private readonly at: number[] = [];
  private isHigh = false;

  stick(slots: readonly number[], byte: number, isHigh: boolean): this {
    this.isHigh = isHigh;
    for (const slot of slots) {
      const page = Math.floor(slot / SLOTS_A_PAGE) * PAGE_BYTES;
      this.at.push(offset(AREA.address + page + (slot % SLOTS_A_PAGE) * SLOT_BYTES + byte, 1));
    }
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
    for (const at of this.at)
      this.image[at] = this.isHigh ? (this.image[at] as number) | 4 : (this.image[at] as number) & ~4;
  }
}

const ALL = Array.from({ length: 14 }, (_, slot) => slot);

describe("worn flash", () => {
  test.each([0, 3, 4, 12, 15, 16, 100, 300, 527, 531])(
    "a bit that stays, byte %i of a slot, costs the slot at most",
    (byte) => {
      for (const isHigh of [true, false]) {
        for (const slot of [1, 6, 7, 9, 13]) {
          const flash = new WornFlash(newImage()).stick([slot], byte, isHigh);
          let device = loaded(flash);
          for (let counter = 1; counter <= 30; counter++) {
            expect(counterOf(device.take()), `slot ${slot}`).toBe(counter);
            if (counter % 4 === 0) device = loaded(flash);
            expect(pinKeysIn(flash.image)).toEqual(pinKeyNames(counter + 1));
          }
        }
      }
    },
  );

  test("one good slot a page is enough to go on", () => {
    const flash = new WornFlash(newImage()).stick(
      ALL.filter((slot) => slot !== 0 && slot !== 12),
      20,
      true,
    );
    const device = loaded(flash);
    for (let counter = 1; counter <= 20; counter++) expect(counterOf(device.take())).toBe(counter);
  });

  test("when no slot is left the keys are lost for now: no key is handed out, and the state stays", () => {
    const flash = new WornFlash(newImage()).stick(ALL.slice(1), 20, true);
    const device = loaded(flash);
    expect(device.take()).toBe("");
    expect(hasPinKeys(device.k)).toBe(false);
    expect(readPinKeys(flash.image)?.counter).toBe(1);
    expect(loaded(flash).take()).toBe("");
    expect(pinKeysIn(flash.image)).toEqual(pinKeyNames(1));
  });
});

describe("a spoilt image", () => {
  const START = offset(AREA.address, 1);

  test("with any one bit of the state flipped has no keys, and none of it stays behind", () => {
    const good = usedImage(2);
    const slot = START + 2 * SLOT_BYTES;
    for (let bit = 0; bit < 532 * 8; bit += 3) {
      const image = good.slice();
      image[slot + (bit >> 3)] = (image[slot + (bit >> 3)] as number) ^ (1 << (bit & 7));
      const device = new Device(new FlashTwin(image));
      expect(device.load(), `bit ${bit}`).toBe(false);
      expect(pinKeysIn(device.flash.image), `bit ${bit}`).toEqual([]);
    }
  });

  test("that is blank, zero, noise, or two states of any age, is read to its end", () => {
    for (const byte of [0xff, 0, 0x55]) {
      const image = newImage();
      image.fill(byte, START, START + 2 * PAGE_BYTES);
      expect(new Device(new FlashTwin(image)).load()).toBe(false);
    }
    const noise = seededBytes(12);
    for (let run = 0; run < 20; run++) {
      const image = newImage();
      image.set(Buffer.from(noise(2 * PAGE_BYTES), "latin1"), START);
      expect(new Device(new FlashTwin(image)).load()).toBe(false);
    }
    const states = [1, 5, 9].map((used) => {
      const image = usedImage(used);
      const at = START + (used >= 7 ? PAGE_BYTES : 0) + (used % 7) * SLOT_BYTES;
      return image.slice(at, at + SLOT_BYTES);
    });
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const image = newImage();
      order.forEach((which, place) => image.set(states[which] as Uint8Array, START + place * SLOT_BYTES));
      const device = loaded(new FlashTwin(image));
      expect(readPinKeys(device.flash.image)).toMatchObject({ counter: 10, slotCount: 1 });
      expect(counterOf(device.take())).toBe(10);
    }
  });
});

/** The next key is the last one. */
function lastKeyImage(): Uint8Array {
  const image = newImage();
  const slot = image.subarray(offset(AREA.address, 1));
  const state = Buffer.from(slot.subarray(0, 528));
  state.writeUInt32BE(0xffff0000, 12);
  nodeKey(0xffff0000).copy(state, 16 + 16 * 16);
  state.copy(slot);
  Buffer.from(plain.crc32(state.toString("latin1")).toString(16).padStart(8, "0"), "hex").copy(slot, 528);
  return image;
}

test("after the last key there is none, and no older state takes its place", () => {
  const flash = new FlashTwin(lastKeyImage());
  const device = loaded(flash);
  // The power goes when both states are there.
  flash.plan({ operation: 7, bytesDone: 0 });
  expect(() => device.take()).toThrow(PowerCut);
  expect(readPinKeys(flash.image)).toMatchObject({ counter: 0, slotCount: 2 });
  const again = new Device(flash);
  expect(again.load()).toBe(false);
  expect(readPinKeys(flash.image)).toMatchObject({ counter: 0, slotCount: 1 });
  expect(new Device(flash).load()).toBe(false);
});

test("the last key is handed out, and says that it is the last", () => {
  const device = loaded(new FlashTwin(lastKeyImage()));
  expect(counterOf(device.take())).toBe(0xffff0000);
  expect(hasPinKeys(device.k)).toBe(false);
});
