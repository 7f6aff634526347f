/** The flash twin is NOR flash: bits only fall, pages erase whole, a cut leaves a prefix, and nothing else may be touched. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AREAS, blankImage, FlashTwin, offset, PAGE_BYTES, PowerCut } from "../../src/sim/twins/flash";

const [SETTINGS, JOURNAL] = AREAS.map(({ address }) => address) as [number, number];
const BLANK = "\xff".repeat(PAGE_BYTES);

let flash: FlashTwin;
beforeEach(() => {
  flash = new FlashTwin(null);
});

describe("NOR", () => {
  test("is blank at first, all ones", () => {
    for (const { address, byteCount } of AREAS) expect(flash.read(address, byteCount)).toBe("\xff".repeat(byteCount));
  });

  test("a write clears bits and sets none", () => {
    flash.write(JOURNAL + 5, "\xf0\x0f\xaa");
    expect(flash.read(JOURNAL + 4, 5)).toBe("\xff\xf0\x0f\xaa\xff");
    flash.write(JOURNAL + 5, "\x33\x33\x33");
    expect(flash.read(JOURNAL + 5, 3)).toBe("\x30\x03\x22");
    flash.write(JOURNAL + 5, "\xff\xff\xff");
    expect(flash.read(JOURNAL + 5, 3)).toBe("\x30\x03\x22");
  });

  test("an erase sets one page, and its neighbours stay", () => {
    for (let page = 0; page < 3; page++) flash.write(JOURNAL + page * PAGE_BYTES, "\0".repeat(PAGE_BYTES));
    flash.erase(JOURNAL + PAGE_BYTES);
    expect(flash.read(JOURNAL + PAGE_BYTES - 1, PAGE_BYTES + 2)).toBe(`\0${BLANK}\0`);
  });
});

describe("a power cut", () => {
  test.each([0, 1, 3, 6])("in a write leaves its first %i bytes", (bytesDone) => {
    flash.plan({ operation: 1, bytesDone });
    expect(() => flash.write(JOURNAL, "ABCDEF")).toThrow(PowerCut);
    expect(flash.read(JOURNAL, 6)).toBe("ABCDEF".slice(0, bytesDone).padEnd(6, "\xff"));
  });

  test("in an erase leaves the rest of the page as it was", () => {
    flash.write(JOURNAL, "\0".repeat(PAGE_BYTES));
    flash.plan({ operation: 1, bytesDone: 100 });
    expect(() => flash.erase(JOURNAL)).toThrow("in flash operation 2, after 100 of 4096 bytes");
    expect(flash.read(JOURNAL, PAGE_BYTES)).toBe("\xff".repeat(100) + "\0".repeat(PAGE_BYTES - 100));
  });

  test("comes in the operation that was named, once; reads are none", () => {
    flash.write(JOURNAL, "A");
    flash.plan({ operation: 2, bytesDone: 9 });
    flash.read(JOURNAL, 1);
    flash.write(JOURNAL + 1, "B");
    expect(() => flash.write(JOURNAL + 2, "C")).toThrow("after 1 of 1 bytes");
    flash.write(JOURNAL + 3, "D");
    expect(flash.read(JOURNAL, 4)).toBe("ABCD");
    expect(flash.operations.map(({ kind, byteCount }) => [kind, byteCount])).toEqual(new Array(4).fill(["write", 1]));
  });
});

describe("a fault of the firmware stops the simulator", () => {
  test.each([
    ["in front of the settings", SETTINGS - 1, 1],
    ["behind the settings", SETTINGS + 2 * PAGE_BYTES, 1],
    ["out of the settings", SETTINGS + 2 * PAGE_BYTES - 1, 2],
    ["in front of the journal", JOURNAL - 1, 2],
    ["out of the journal", JOURNAL + 16 * PAGE_BYTES - 1, 2],
    ["at 0", 0, 1],
  ])("%s", (_, address, byteCount) => {
    const wanted = `${byteCount} bytes at 0x${address.toString(16)}`;
    expect(() => flash.read(address, byteCount)).toThrow(wanted);
    expect(() => flash.write(address, "x".repeat(byteCount))).toThrow(wanted);
    expect(Buffer.compare(flash.image, blankImage())).toBe(0);
  });

  test("an erase beside a page's start", () => {
    expect(() => flash.erase(JOURNAL + 1)).toThrow("not the start of a page");
    expect(() => flash.erase(JOURNAL + 16 * PAGE_BYTES)).toThrow("outside");
  });
});

describe("in a file", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tillet-flash-"));
    file = join(folder, "handheld.flash");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("every change is there at once, and the next one finds it", () => {
    const image = blankImage();
    image[0] = 7;
    const first = new FlashTwin(image, file);
    first.write(JOURNAL, "AB");
    first.plan({ operation: 1, bytesDone: 1 });
    expect(() => first.write(JOURNAL + 2, "CD")).toThrow(PowerCut);
    const kept = readFileSync(file);
    expect(kept.subarray(offset(JOURNAL, 1)).subarray(0, 4).toString("latin1")).toBe("ABC\xff");
    first.close();
    const second = new FlashTwin(blankImage(), file);
    expect(Buffer.compare(second.image, kept)).toBe(0);
    second.erase(SETTINGS);
    expect(readFileSync(file)[0]).toBe(255);
    second.close();
  });

  test("of another size is refused", () => {
    writeFileSync(file, "no flash");
    expect(() => new FlashTwin(null, file)).toThrow("is no flash image: 73728 bytes wanted");
  });

  test("the caller's image is not touched", () => {
    const image = blankImage();
    new FlashTwin(image).write(JOURNAL, "A");
    expect(Buffer.compare(image, blankImage())).toBe(0);
  });
});
