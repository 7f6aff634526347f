/** Pictures of receipts: one of each kind, as wide as its paper, with the words and symbols that it should have. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { peekSlips } from "../../src/cli/peek-slips";
import { readSlip } from "../pixels";
import { readSymbols } from "../readers";
import { openSharedHost, type SharedHost } from "../world";

const MARGIN_DOTS = 24;
const RRN = "600512000001";
const REFERENCE = `TILLET 00000001 000001 ${RRN}`;

let shared: SharedHost;
let folder: string;
let files: string[];
beforeAll(async () => {
  shared = await openSharedHost();
  folder = mkdtempSync(join(tmpdir(), "tillet-peek-"));
  files = await peekSlips(folder, (options) => shared.openWorld(options));
});
afterAll(async () => {
  await shared.close();
  rmSync(folder, { recursive: true, force: true });
});

const bytesOf = (file: string) => readFileSync(join(folder, file));

/** Rows of dots without the margin. */
function dotsOf(file: string): { rows: Uint8Array[]; width: number } {
  const { width, height, data } = PNG.sync.read(bytesOf(file));
  const rows = Array.from({ length: height - 2 * MARGIN_DOTS }, (_, y) =>
    Uint8Array.from({ length: width - 2 * MARGIN_DOTS }, (__, x) =>
      data[4 * ((y + MARGIN_DOTS) * width + x + MARGIN_DOTS)] === 0 ? 1 : 0,
    ),
  );
  return { rows, width: width - 2 * MARGIN_DOTS };
}

test("there is one of each kind, and no other file", () => {
  expect(readdirSync(folder).sort()).toEqual([...files].sort());
  expect(files.length).toBeGreaterThan(8);
});

test("each is as wide as its paper", () => {
  for (const file of files) expect(dotsOf(file).width, file).toBe(file.includes("-80-") ? 576 : 384);
});

describe("each says what it should", () => {
  const words = (file: string) => readSlip(bytesOf(file), MARGIN_DOTS).map((row) => row.trim());

  test("whose it is, for how much, and that it is approved", () => {
    for (const file of files) {
      const rows = words(file);
      expect(rows, file).toContain("TILLET CORNER");
      expect(rows, file).toContain("APPROVED");
      expect(
        rows.find((row) => /^TOTAL +EUR 12\.50$/.test(row)),
        file,
      ).toBeDefined();
    }
  });

  test("with its marks", () => {
    for (const file of files) {
      const rows = words(file);
      expect(rows.includes("TEST KEYS - NOT A REAL PAYMENT"), file).toBe(!file.includes("live"));
      expect(rows.includes("SALE - DUPLICATE"), file).toBe(file.includes("duplicate"));
    }
  });
});

test("each symbol can be read off the picture", async () => {
  for (const file of files) {
    const { rows, width } = dotsOf(file);
    const found = await readSymbols(rows, width);
    const wanted = file.includes("qr")
      ? [{ format: "QRCode", text: REFERENCE }]
      : file.includes("barcode")
        ? [{ format: "Code128", text: RRN }]
        : [];
    expect(found, file).toEqual(wanted);
  }
});
