/** Numbers and plain twins of native helpers, against published values and Node. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBigEndian, fromDigits, isDigits, toBigEndian, toDigits } from "../../src/proto/bytes";
import { plain } from "../../src/proto/plain";

const byteString = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("latin1"));

test("CRC-32 of the check string (ITU-T V.42, RFC 1952)", () => {
  expect(plain.crc32("123456789")).toBe(0xcbf43926);
  expect(plain.crc32("")).toBe(0);
});

// RFC 4648 section 10.
test.each([
  ["", ""],
  ["f", "Zg=="],
  ["fo", "Zm8="],
  ["foo", "Zm9v"],
  ["foob", "Zm9vYg=="],
  ["fooba", "Zm9vYmE="],
  ["foobar", "Zm9vYmFy"],
])("base64 of %j is %j", (text, coded) => {
  expect(plain.base64(text)).toBe(coded);
  expect(plain.unbase64(coded)).toBe(text);
});

test("base64 equals Node's, both ways", () => {
  fc.assert(
    fc.property(byteString, (text) => {
      const coded = Buffer.from(text, "latin1").toString("base64");
      return plain.base64(text) === coded && plain.unbase64(coded) === text;
    }),
  );
});

test("what is not base64 gives nothing", () => {
  for (const bad of ["Zm9v!", "Zm 9v", "\n", "Zm9v-_", "Zm9v\x00"]) expect(plain.unbase64(bad)).toBe("");
});

test("byte strings and typed arrays", () => {
  fc.assert(
    fc.property(byteString, (text) => {
      const bytes = new Uint8Array(text.length + 2);
      plain.toBytes(text, bytes, 1);
      return plain.toText(bytes) === `\0${text}\0`;
    }),
  );
});

test("sums, and bytes by a table", () => {
  const upside = Array.from({ length: 256 }, (_, code) => String.fromCharCode(255 - code)).join("");
  expect([plain.sum(""), plain.sum("\xff\x00\x02"), plain.sum("\xff".repeat(300))]).toEqual([0, 257, 76500]);
  expect([plain.translate("", upside), plain.translate("\x00\x01\xfe\xff", upside)]).toEqual(["", "\xff\xfe\x01\x00"]);
});

describe("numbers", () => {
  test("big-endian", () => {
    expect(toBigEndian(0x310000, 4)).toBe("\x00\x31\x00\x00");
    expect(fromBigEndian("\xff\xff\xff\xff", 0, 4)).toBe(4294967295);
    expect(fromBigEndian("\x01", 0, 2)).toBeNaN();
    fc.assert(fc.property(fc.nat(0xffffffff), (value) => fromBigEndian(`x${toBigEndian(value, 4)}`, 1, 4) === value));
  });

  test("digits keep their zeros and are decimal", () => {
    expect(toDigits(42, 6)).toBe("000042");
    expect(fromDigits("000000001250")).toBe(1250);
    expect([isDigits("0123"), isDigits(""), isDigits("1a"), isDigits("-1"), isDigits("1\n")]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
