/** QR codes of every length: module for module as another encoder makes them with the same mask, and read back by two readers. */
import { correction, generate, mode } from "lean-qr";
import { describe, expect, test } from "vitest";
import { qrRow } from "../../src/drivers/symbol";
import { plain } from "../../src/proto/plain";
import { openQr, QR_MASK, stepQr } from "../../src/proto/qr";
import { seededBytes } from "../../src/sim/random";
import { readQr, readSymbols } from "../readers";

/** What version 10 holds at level M. */
const QR_BYTES_MAX = 213;

/** Rows of modules, line feeds between them; "" when the text is too long. */
function qrCode(text: string): string {
  const qr = openQr(plain, text, false, QR_MASK);
  if (!qr) return "";
  let symbol = "";
  for (let steps = 0; symbol === "" && steps < 200; steps++) symbol = stepQr(qr);
  return Array.from({ length: symbol.charCodeAt(0) }, (_, y) => qrRow(symbol, y)).join("\n");
}

const TEXTS = Array.from({ length: QR_BYTES_MAX + 1 }, (_, length) =>
  Array.from(seededBytes(length + 1)(length), (char) => String.fromCharCode(32 + (char.charCodeAt(0) % 95))).join(""),
);
const CAPACITIES = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213];

/** Four dots a module. */
function dots(rows: readonly string[]): Uint8Array[] {
  return rows.flatMap((row) => {
    const line = Uint8Array.from([...row].flatMap((module) => new Array<number>(4).fill(Number(module))));
    return [line, line, line, line];
  });
}

describe("every length from 1 byte to the greatest", () => {
  test("is the same symbol as another encoder's", () => {
    for (const text of TEXTS.slice(1)) {
      const options = { minCorrectionLevel: correction.M, maxCorrectionLevel: correction.M, mask: 0 } as const;
      const other = generate(mode.bytes(new TextEncoder().encode(text)), options);
      expect(qrCode(text), `${text.length} bytes`).toBe(
        other.toString({ on: "1", off: "0", lf: "\n", pad: 0 }).trimEnd(),
      );
    }
  });

  test("is read back", () => {
    for (const text of TEXTS.slice(1)) {
      const rows = dots(qrCode(text).split("\n"));
      expect(readQr(rows, rows.length), `${text.length} bytes`).toBe(text);
    }
  });
});

test("the version is the smallest that has room (ISO/IEC 18004 table 7, level M, bytes)", () => {
  CAPACITIES.forEach((capacity, index) => {
    const size = (text: string) => qrCode(text).split("\n").length;
    expect(size("a".repeat(capacity))).toBe(21 + 4 * index);
    if (capacity < QR_BYTES_MAX) expect(size("a".repeat(capacity + 1))).toBe(25 + 4 * index);
  });
});

test("bytes stay bytes", async () => {
  const text = "\x00\xff\xe5\x95\x86 caf\xe9";
  const rows = dots(qrCode(text).split("\n"));
  const [found] = await readSymbols(rows, rows.length);
  expect(found?.format).toBe("QRCode");
  const other = generate(mode.bytes(Uint8Array.from(text, (char) => char.charCodeAt(0))), {
    minCorrectionLevel: correction.M,
    maxCorrectionLevel: correction.M,
    mask: 0,
  });
  expect(qrCode(text)).toBe(other.toString({ on: "1", off: "0", lf: "\n", pad: 0 }).trimEnd());
});

test("what is too long is none", () => {
  expect(qrCode("a".repeat(QR_BYTES_MAX + 1))).toBe("");
  expect(qrCode("a".repeat(100000))).toBe("");
});

test("one module in eighty may be wrong", async () => {
  const random = seededBytes(7);
  for (const capacity of CAPACITIES) {
    const text = (TEXTS[capacity] as string) + "";
    const rows = qrCode(text).split("\n");
    const spoilt = rows.map((row, y) =>
      // Not in the patterns that a reader finds the symbol by.
      [...row]
        .map((module, x) => (x > 9 && y > 9 && random(1).charCodeAt(0) < 3 ? String(1 - Number(module)) : module))
        .join(""),
    );
    expect(spoilt).not.toEqual(rows);
    const picture = dots(spoilt);
    expect(await readSymbols(picture, picture.length), `${capacity} bytes`).toEqual([{ format: "QRCode", text }]);
  }
});
