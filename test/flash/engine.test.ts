/** Engine images onto a chip that was written from Espressif's documents: what is refused, and that every cut can be repaired by running it again. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Area, aroundAreas, type EngineFile, partsOf, writeEngine } from "../../flash/engine";
import type { Line } from "../../flash/line";
import { md5 } from "../../flash/md5";
import { seededBytes } from "../../src/sim/random";
import { AREAS } from "../../src/sim/twins/flash";
import { COMMAND, FakeRom } from "./rom";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
afterEach(() => void vi.useRealTimers());

/** A cable to the chip. `pullAt`: it is pulled when the chip has heard so many commands. */
function cable(rom: () => FakeRom, pullAt = Infinity, garble: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes) {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let isPulled = false;
  let lose = () => undefined as void;
  const line = {
    readable: null as ReadableStream<Uint8Array> | null,
    writable: null as WritableStream<Uint8Array> | null,
    open: async () => {
      if (isPulled) throw new Error("no such port");
      line.readable = new ReadableStream<Uint8Array>({
        start: (opened) => {
          controller = opened;
        },
      });
      line.writable = new WritableStream<Uint8Array>({
        write: (bytes) => {
          if (isPulled) throw new Error("closed");
          rom().take(garble(bytes));
          if (rom().log.length < pullAt) return;
          isPulled = true;
          controller?.close();
          lose();
        },
      });
    },
    close: async () => {
      line.readable = line.writable = controller = null;
    },
    setSignals: async ({ requestToSend }: { requestToSend?: boolean }) => {
      if (requestToSend && !isPulled && rom().isInDownload) rom().reset();
    },
    getInfo: () => ({}),
    onLost: (act: () => void) => {
      lose = act;
    },
  } satisfies Line;
  const hear = (bytes: Buffer) => {
    if (!isPulled) controller?.enqueue(new Uint8Array(bytes));
  };
  return { line, hear };
}

/** A program for a chip as its header says it (magic, segments, ..., chip id at 12), with content that does not deflate to nothing. */
function image(byteCount: number, chipId = 0, seed = 1): Uint8Array {
  const block = Buffer.from(seededBytes(seed)(Math.min(byteCount, 50_000)), "latin1");
  const bytes = Uint8Array.from({ length: byteCount }, (_, index) => block[index % block.length]);
  bytes.set([0xe9, 3, 2, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, chipId, 0], 0);
  return bytes;
}

const file = (bytes: Uint8Array, address: number | null = null): EngineFile => ({ name: "engine.bin", bytes, address });

interface Attempt {
  areas?: readonly Area[];
  files?: EngineFile[];
  pullAt?: number;
  garble?: (bytes: Uint8Array) => Uint8Array;
  check?: (areas: Uint8Array) => Promise<void>;
}

/** Runs in virtual time. Resolves to "written" or to the sentence. */
async function attempt(
  rom: FakeRom,
  hearing: { hear: (bytes: Buffer) => void },
  options: Attempt = {},
): Promise<string> {
  const { line, hear } = cable(() => rom, options.pullAt, options.garble);
  hearing.hear = hear;
  const order = {
    files: options.files ?? [file(image(40_000))],
    areas: options.areas ?? AREAS,
    check: options.check ?? (async () => undefined),
    onProgress: () => undefined,
  };
  let outcome: string | null = null;
  writeEngine(line, "ttyX", order).then(
    () => (outcome = "written"),
    (error: Error) => (outcome = error.message),
  );
  while (outcome === null) await vi.advanceTimersByTimeAsync(20);
  return outcome;
}

function chip() {
  const hearing = { hear: (_: Buffer): void => undefined };
  const rom = new FakeRom((bytes) => hearing.hear(bytes));
  return { rom, hearing };
}

describe("images", () => {
  test("MD5 is that of Node", () => {
    for (const byteCount of [0, 1, 55, 56, 63, 64, 65, 1000]) {
      const bytes = image(byteCount + 24).subarray(24);
      expect(md5(bytes)).toBe(createHash("md5").update(bytes).digest("hex"));
    }
  });

  test("without an address they go where their content says", () => {
    const table = Uint8Array.from([0xaa, 0x50, ...new Uint8Array(0xbfe)]);
    const whole = (start: number) => {
      const bytes = image(0x12000);
      bytes.set(table, 0x8000 - start);
      return bytes;
    };
    expect(partsOf([file(image(100_000))])[0].address).toBe(0x10000);
    expect(partsOf([file(image(20_000))])[0].address).toBe(0x1000);
    expect(partsOf([file(image(20_000, 9))])[0].address).toBe(0);
    expect(partsOf([file(table)])[0].address).toBe(0x8000);
    expect(partsOf([file(whole(0x1000))])[0].address).toBe(0x1000);
    expect(partsOf([file(whole(0))])[0].address).toBe(0);
  });

  test("what is no image is named before anything is connected", () => {
    expect(() => partsOf([file(new Uint8Array(100))])).toThrow(/engine.bin is no ESP image/);
    expect(() => partsOf([file(new Uint8Array(0), 0x1000)])).toThrow(/no ESP image/);
    expect(() => partsOf([file(image(100), 0x8000)])).toThrow(/no ESP image/);
    expect(() => partsOf([file(image(100), 0x1001)])).toThrow(/multiple of 0x1000/);
  });

  test("what they have over the journal is left out, and nothing else", () => {
    const data = image(0x400000 - 0x1000);
    const parts = aroundAreas([{ name: "whole", data, address: 0x1000 }], AREAS);
    const flash = new Uint8Array(0x400000);
    for (const part of parts) flash.set(part.data, part.address);
    for (const { address, byteCount } of AREAS) {
      expect(flash.subarray(address, address + byteCount).every((byte) => byte === 0)).toBe(true);
      flash.set(data.subarray(address - 0x1000, address - 0x1000 + byteCount), address);
    }
    expect(Buffer.from(flash.subarray(0x1000)).equals(Buffer.from(data))).toBe(true);
  });
});

describe("onto a chip", () => {
  test("an image is written, read back, and the journal stays", async () => {
    const { rom, hearing } = chip();
    const money = seededBytes(7)(100);
    for (const { address } of AREAS) rom.flash.set(Buffer.from(money, "latin1"), address);
    const whole = image(0x320000);
    whole.set([0xaa, 0x50], 0x7000);
    let checked: Uint8Array = new Uint8Array();
    const check = async (areas: Uint8Array) => {
      checked = areas;
    };
    expect(await attempt(rom, hearing, { files: [file(whole)], check })).toBe("written");
    expect(Buffer.from(checked.subarray(0, 100)).toString("latin1")).toBe(money);
    const expected = whole.slice();
    for (const { address, byteCount } of AREAS) {
      expected.fill(0xff, address - 0x1000, address - 0x1000 + byteCount);
      expected.set(Buffer.from(money, "latin1"), address - 0x1000);
    }
    expect(Buffer.from(rom.flash.subarray(0x1000, 0x1000 + whole.length)).equals(Buffer.from(expected))).toBe(true);
  });

  test("nothing is written when the journal must not be risked", async () => {
    const { rom, hearing } = chip();
    const check = async () => {
      throw Object.assign(new Error("A sale waits."), { name: "JournalError" });
    };
    expect(await attempt(rom, hearing, { check })).toBe("A sale waits.");
    expect(rom.log).not.toContain(COMMAND.deflBegin);
  });

  test("one for another chip is refused", async () => {
    const { rom, hearing } = chip();
    const outcome = await attempt(rom, hearing, { files: [file(image(40_000, 9))] });
    expect(outcome).toMatch(/^engine.bin is for ESP32-S3 and the board has an ESP32: /);
    expect(rom.log).not.toContain(COMMAND.memBegin);
  });

  test("a bootloader at another chip's address is refused", async () => {
    const { rom, hearing } = chip();
    expect(await attempt(rom, hearing, { files: [file(image(4096), 0)] })).toMatch(/starts from 0x1000/);
  });

  test("a chip that nobody knows", async () => {
    const { rom, hearing } = chip();
    rom.chip = "unknown";
    expect(await attempt(rom, hearing)).toMatch(/^The chip at ttyX is none that Espruino runs on/);
  });

  test("a board that runs its program instead of the loader", async () => {
    const { rom, hearing } = chip();
    rom.isInDownload = false;
    expect(await attempt(rom, hearing)).toMatch(/^No ESP chip answers at ttyX: hold BOOT/);
    rom.isInDownload = true;
    expect(await attempt(rom, hearing)).toBe("written");
  });

  test("flash that does not keep what is written", async () => {
    const { rom, hearing } = chip();
    rom.wornAddress = 0x10010;
    expect(await attempt(rom, hearing)).toMatch(/flash does not hold what was written/);
    rom.wornAddress = -1;
    expect(await attempt(rom, hearing)).toBe("written");
  });

  test("a byte that is garbled once is sent again; a bad cable is named", async () => {
    const { rom, hearing } = chip();
    let left = 1;
    const garble = (bytes: Uint8Array) => {
      const isData = bytes[2] === COMMAND.deflData && left-- > 0;
      return isData ? bytes.map((byte, index) => (index === 500 ? (byte === 1 ? 2 : 1) : byte)) : bytes;
    };
    expect(await attempt(rom, hearing, { garble })).toBe("written");
    left = 100;
    expect(await attempt(rom, hearing, { garble })).toMatch(/arrives garbled: use a shorter cable/);
    left = 0;
    expect(await attempt(rom, hearing, { garble })).toBe("written");
  });

  test("the cable is pulled at every command: a sentence, and the same again makes it whole", async () => {
    const areas = [{ address: 0xe000, byteCount: 4096 }];
    const { rom: whole, hearing: heard } = chip();
    expect(await attempt(whole, heard, { areas })).toBe("written");
    const commandCount = whole.log.length;
    expect(commandCount).toBeGreaterThan(20);
    for (let pullAt = 1; pullAt <= commandCount; pullAt++) {
      const { rom, hearing } = chip();
      const outcome = await attempt(rom, hearing, { pullAt, areas });
      // At the last command everything is there already.
      expect(outcome, `command ${pullAt}`).toMatch(/cable was pulled|No ESP chip answers/);
      rom.log.length = 0;
      expect(await attempt(rom, hearing, { areas }), `after command ${pullAt}`).toBe("written");
      expect(Buffer.from(rom.flash.subarray(0x10000, 0x10000 + 40_000)).equals(Buffer.from(image(40_000)))).toBe(true);
    }
  });
});
