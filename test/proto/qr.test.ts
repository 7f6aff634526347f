/** QR symbols: vectors of the standard, and an independent reader for every version, level and mask. */
import jsQR from "jsqr";
import { describe, expect, test } from "vitest";
import { plain } from "../../src/proto/plain";
import { divide, formatBits, openQr, QR_MASK, stepQr, versionBits } from "../../src/proto/qr";
import { FIELD } from "../../src/proto/qr.table";

/** Bytes that the versions 1 to 10 hold (table 7). */
const HELD = { M: [14, 26, 42, 62, 84, 106, 122, 152, 180, 213], L: [17, 32, 53, 78, 106, 134, 154, 192, 230, 271] };
const VERSIONS = HELD.M.map((_, index) => index + 1);

const printable = (length: number) =>
  Array.from({ length }, (_, index) => String.fromCharCode(33 + ((index * 37 + length) % 90))).join("");

function symbolOf(text: string, isLow = false, mask: number = QR_MASK): string {
  const qr = openQr(plain, text, isLow, mask);
  if (!qr) throw new Error("too long");
  for (let steps = 0; steps < 200; steps++) {
    const symbol = stepQr(qr);
    if (symbol) return symbol;
  }
  throw new Error("no end");
}

/** Rows of modules, 1 for dark. */
function modulesOf(symbol: string): number[][] {
  const size = symbol.charCodeAt(0);
  expect(symbol.length).toBe(1 + size * 8);
  const isLight = (x: number, y: number) => (symbol.charCodeAt(1 + x * 8 + ((y + 4) >> 3)) >> ((y + 4) & 7)) & 1;
  return Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => 1 - isLight(x, y)));
}

function read(symbol: string) {
  const modules = modulesOf(symbol);
  const scale = 4;
  const side = (modules.length + 8) * scale;
  const rgba = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (modules[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4])
        rgba.fill(0, 4 * (y * side + x), 4 * (y * side + x) + 3);
    }
  }
  return jsQR(rgba, side, side);
}

describe("the standard's own examples", () => {
  test("check codewords of 01234567 in version 1-M (annex I.2)", () => {
    const table = new Uint8Array(511);
    plain.toBytes(plain.unbase64(FIELD), table, 0);
    // (x - 2^0) ... (x - 2^9), annex A.
    const generator = Uint8Array.from([251, 67, 46, 61, 118, 70, 64, 94, 32, 45]);
    const checks = new Uint8Array(10);
    for (const codeword of Buffer.from("10200C56618 0EC11EC11EC11EC11EC11".replace(" ", ""), "hex"))
      divide(table, generator, checks, codeword);
    expect(Buffer.from(checks).toString("hex").toUpperCase()).toBe("A524D4C1ED36C7872C55");
  });

  test("format information of level M and mask 5 (annex C)", () => {
    expect(formatBits(false, 5).toString(2)).toBe("100000011001110");
  });

  test("version information of version 7 (annex D)", () => {
    expect(versionBits(7).toString(2).padStart(18, "0")).toBe("000111110010010100");
  });
});

describe.each(["M", "L"] as const)("level %s", (level) => {
  test.each(VERSIONS)("version %i, filled to the last byte, is read", (version) => {
    const text = printable(HELD[level][version - 1] as number);
    const found = read(symbolOf(text, level === "L"));
    expect(found?.data).toBe(text);
    expect(found?.version).toBe(version);
  });

  test.each(VERSIONS)("one byte more than version %i holds takes the next", (version) => {
    const text = printable((HELD[level][version - 1] as number) + 1);
    const qr = openQr(plain, text, level === "L", QR_MASK);
    expect(qr ? qr.version : 11).toBe(version + 1);
  });
});

test.each([0, 1, 2, 3, 4, 5, 6, 7])("mask %i is read, in a small and in a large symbol", (mask) => {
  for (const length of [5, 40, 130, 213])
    expect(read(symbolOf(printable(length), false, mask))?.data).toBe(printable(length));
});

test("any bytes are kept", () => {
  const text = String.fromCharCode(...Array.from({ length: 128 }, (_, index) => index));
  expect(read(symbolOf(text))?.binaryData).toEqual(Array.from({ length: 128 }, (_, index) => index));
  expect(read(symbolOf(""))?.data).toBe("");
});

test("some modules may be lost", () => {
  const symbol = symbolOf(printable(60));
  const column = 1 + 20 * 8;
  const spoilt = `${symbol.slice(0, column + 2)}\xff\xff${symbol.slice(column + 4)}`;
  expect(spoilt).not.toBe(symbol);
  expect(read(spoilt)?.data).toBe(printable(60));
});
