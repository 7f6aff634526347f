/** Records in flash: their bytes, and that nothing torn or flipped is ever taken for one. */
import { describe, expect, test } from "vitest";
import { plain } from "../../src/proto/plain";
import { seededBytes } from "../../src/sim/random";
import { buildRecord, recordBody, recordBytes } from "../../src/txn/record";
import { crc32 } from "../crc32";

const random = seededBytes(8);
/** One of each kind, as long as they come; the last is a sale with the longest reversal. */
const RECORDS = (
  [
    ["P", "0000000001000001000001000000000000000000002601"],
    ["K", random(40)],
    ["A", "00000160051200000712345620260105120002"],
    ["D", "00000151"],
    ["N", "000001"],
    ["V", "000001"],
    ["R", "000001"],
    ["C", "00000001|000000000000001|EUR|978|2|host|7583|SHOP|PLACE|2601|test"],
    ["S", `0000010000000012504761730010${random(32 + 317)}`],
  ] as const
).map(([kind, body]) => ({ kind, body, text: buildRecord(kind, body, plain.crc32) }));

/** What a reader would take for the body of a record that begins `bytes`, "" for none. */
function read(bytes: string): string {
  const byteCount = recordBytes(bytes, 0);
  return byteCount > 0 ? recordBody(bytes, 0, byteCount, plain.crc32) : "";
}

function flip(text: string, ...bits: number[]): string {
  const bytes = Buffer.from(text, "latin1");
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
  return bytes.toString("latin1");
}

test("kind, length, a check of those, body, CRC-32 of all that", () => {
  const bytes = Buffer.from("R\x00\x06\xf1000001....", "latin1");
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 10)), 10);
  expect(Buffer.from(buildRecord("R", "000001", plain.crc32), "latin1")).toEqual(bytes);
});

test("erased flash is no record and not torn; whatever else is no header is torn", () => {
  expect(recordBytes("\xff\xff\xff\xff", 0)).toBe(0);
  expect(recordBytes("\x00\x00\x00\x00", 0)).toBe(-1);
  expect(recordBytes("R\x00\x06", 0)).toBe(-1);
  expect(recordBytes("", 0)).toBe(-1);
});

test("the longest length is that of its two bytes", () => {
  expect(recordBytes("S\xff\xff\xf6", 0)).toBe(65543);
  expect(recordBody("S\xff\xff\xf6", 0, 65543, plain.crc32)).toBe("");
});

describe.each(RECORDS)("$kind", ({ body, text }) => {
  test("is read back, wherever it stands", () => {
    expect(read(text)).toBe(body);
    expect(recordBytes(`xyz${text}`, 3)).toBe(text.length);
    expect(recordBody(`xyz${text}`, 3, text.length, plain.crc32)).toBe(body);
  });

  test("cut after any byte, on erased flash, is nothing", () => {
    for (let length = 0; length < text.length; length++) {
      // A last byte of 0xFF that is missing is there all the same.
      if (text.slice(length) === "\xff".repeat(text.length - length)) continue;
      expect(read(text.slice(0, length).padEnd(text.length, "\xff")), `${length} bytes`).toBe("");
      expect(read(text.slice(0, length)), `${length} bytes and no more`).toBe("");
    }
  });

  test("with any one bit flipped is nothing", () => {
    for (let bit = 0; bit < text.length * 8; bit++) expect(read(flip(text, bit)), `bit ${bit}`).toBe("");
  });

  test("with any two of its first 112 bits flipped is nothing", () => {
    const following = buildRecord("N", "000002", plain.crc32) + "\xff".repeat(65536);
    for (let a = 0; a < 112; a++) {
      for (let b = 0; b < a; b++) {
        const flipped = flip(text.slice(0, 14), a, b) + text.slice(14);
        // Two flips may pass the header's check with another length: then the bytes behind are taken along.
        if (read(flipped) !== "" || (recordBytes(flipped, 0) > 0 && read(flipped + following) !== ""))
          throw new Error(`bits ${a} and ${b}`);
      }
    }
  });
});
