/** The ISO 8583 codec: messages worked out by hand, a second implementation, and nothing accepted that is not as the table says. */
import fc from "fast-check";
import Iso8583 from "iso_8583";
import { describe, expect, test } from "vitest";
import { FIELDS, LAYOUT, MESSAGE_TYPES } from "../../src/proto/fields.table";
import { pack, unpack } from "../../src/proto/iso8583";

const SALE_FIELDS = [3, 4, 11, 22, 25, 35, 41, 42, 49, 60];
// Fields 3 4 11 22 25 35 41 42 49 60: bits 3, 4 = 30; 11 = 20; 22 = 04; 25 = 80; 35 = 20; 41, 42 = c0; 49 = 80; 60 = 10.
const SALE_VALUES = [
  "0",
  "1250",
  "1",
  "022",
  "0",
  "4761739001010010=28122011143800000000",
  "00000001",
  "000000000000001",
  "978",
  "22000001",
];
const SALE =
  "0200\x30\x20\x04\x80\x20\xc0\x80\x10" +
  "000000" +
  "000000001250" +
  "000001" +
  "022" +
  "00" +
  "374761739001010010=28122011143800000000" +
  "00000001" +
  "000000000000001" +
  "978" +
  "00822000001";

test("a sale request, by hand", () => {
  expect(pack("0200", SALE_FIELDS, SALE_VALUES)).toBe(SALE);
});

// And 26, 52, 53, 59: bit 26 = 40 in the fourth byte; 49, 52, 53 = 98 in the seventh; 59, 60 = 30 in the eighth.
const SERIAL = "\x12\x34\x56\x78\x90\x12\x34\x56\x00\x00\x00\x01";
const BLOCK_0 = "\xff\x00\x20\x7f\x80\x0a\x0d\x1b";
const PIN_SALE =
  "0200\x30\x20\x04\xc0\x20\xc0\x98\x30" +
  "000000" +
  "000000001250" +
  "000001" +
  "021" +
  "00" +
  "12" +
  "374761739001010010=28122011143800000000" +
  "00000001" +
  "000000000000001" +
  "978" +
  BLOCK_0 +
  "2600000000000000" +
  `012${SERIAL}` +
  "00822000001";

test("a sale request with a PIN block of format 0, by hand", () => {
  const fields = [3, 4, 11, 22, 25, 26, 35, 41, 42, 49, 52, 53, 59, 60];
  const values = [
    ...["0", "1250", "1", "021", "0", "12", "4761739001010010=28122011143800000000", "00000001", "000000000000001"],
    ...["978", BLOCK_0, "2600000000000000", SERIAL, "22000001"],
  ];
  expect(pack("0200", fields, values)).toBe(PIN_SALE);
  expect(unpack(PIN_SALE)?.[52]).toBe(BLOCK_0);
  expect(unpack(PIN_SALE)?.[59]).toBe(SERIAL);
});

/** Where the other implementation goes by a newer edition. */
const OUR_FORMATS = { 53: { ContentType: "n", Label: "security", LenType: "fixed", MaxLen: 16 } };

// The other implementation takes binary fields as hexadecimal digits.
const theirValue = (field: number, value: string) =>
  field === 52 ? Buffer.from(value, "latin1").toString("hex") : value;

// The other implementation always sends the second bitmap, as ISO 8583-1 4.2 lets it: bit 1 set and eight bytes more.
test.each(MESSAGE_TYPES)("another implementation packs and unpacks the same $mti", ({ mti, fields }) => {
  const values = fields.map((field) => sampleOf(field));
  const ours = pack(mti, [...fields], values);
  const bitmap = String.fromCharCode(ours.charCodeAt(4) | 0x80) + ours.slice(5, 12) + "\0".repeat(8);
  const extended = mti + bitmap + ours.slice(12);
  const theirValues = fields.map((field, index) => theirValue(field, values[index] ?? ""));
  const message = Object.fromEntries(fields.map((field, index) => [field, theirValues[index] ?? ""]));
  const theirs = new Iso8583({ 0: mti, ...message }, OUR_FORMATS);
  expect(theirs.getBufferMessage().toString("latin1").slice(2)).toBe(extended);
  const length = String.fromCharCode(extended.length >> 8, extended.length & 255);
  const unpacked = new Iso8583(undefined, OUR_FORMATS).getIsoJSON(Buffer.from(length + extended, "latin1"));
  expect(fields.map((field) => unpacked[field])).toEqual(theirValues);
});

/** A value that fills its field: other implementations do not fill up with zeros or blanks. */
function sampleOf(field: number): string {
  const found = FIELDS.find((each) => each.field === field);
  return found?.kind === "a" && ![41, 42, 49].includes(field)
    ? "A".repeat(found.length)
    : "1".repeat(found?.length ?? 0);
}

test("unpack gives what was packed", () => {
  const fields = unpack(SALE);
  expect(fields?.[0]).toBe("0200");
  expect(fields?.[4]).toBe("000000001250");
  expect(fields?.[35]).toBe("4761739001010010=28122011143800000000");
  expect(fields?.[41]).toBe("00000001");
  expect(fields?.[2]).toBeUndefined();
});

describe("pack refuses", () => {
  test.each([
    ["a number that is too long", [11], ["1234567"]],
    ["letters in a number", [4], ["12a"]],
    ["a sign", [4], ["-1"]],
    ["text that is too long", [41], ["123456789"]],
    ["a variable field that is too long", [35], ["1".repeat(38)]],
  ])("%s", (_, fields, values) => {
    expect(pack("0200", fields as number[], values as string[])).toBe("");
  });

  test("and leaves out what is empty", () => {
    expect(pack("0210", [3, 38, 39], ["0", "", "51"])).toBe(pack("0210", [3, 39], ["0", "51"]));
  });
});

describe("unpack refuses", () => {
  test("every truncation", () => {
    for (const whole of [SALE, PIN_SALE]) {
      for (let length = 0; length < whole.length; length++) expect(unpack(whole.slice(0, length))).toBeNull();
    }
  });

  test("bytes left over", () => {
    expect(unpack(`${SALE}0`)).toBeNull();
  });

  test("fields that are not in the table, among them the second bitmap", () => {
    for (let bit = 0; bit < 64; bit++) {
      const known = LAYOUT.charAt((bit + 1) * 4) !== " ";
      const bitmap = Buffer.alloc(8);
      bitmap[bit >> 3] = 128 >> (bit & 7);
      if (!known) expect(unpack(`0800${bitmap.toString("latin1")}${"0".repeat(200)}`)).toBeNull();
    }
  });

  test("letters among digits and lengths", () => {
    expect(unpack(SALE.replace("000000001250", "00000000125x"))).toBeNull();
    expect(unpack(SALE.replace("374761", "3x4761"))).toBeNull();
    expect(unpack(SALE.replace("374761", "384761"))).toBeNull();
    expect(unpack(SALE.replace("0200", "02o0"))).toBeNull();
  });
});

test("100,000 mutated messages: never an exception, and what is accepted packs to the same bytes", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(SALE.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Buffer.from(SALE, "latin1");
      for (const [at, value] of changes) bytes[at] = value;
      const text = bytes.toString("latin1");
      const fields = unpack(text);
      if (!fields) return;
      const numbers = FIELDS.map(({ field }) => field).filter(
        (field) => fields[field] !== undefined && fields[field] !== "",
      );
      const values = numbers.map((field) => fields[field] as string);
      if (numbers.length === Object.keys(fields).length - 1)
        expect(pack(fields[0] as string, numbers, values)).toBe(text);
    }),
    { numRuns: 100_000 },
  );
});
