/** The host's ISO 8583: by hand, every content check, and the bank's form and outer layer on messages that others published. */
import { describe, expect, test } from "vitest";
import { packBcd, unpackBcd } from "../../src/host/bcd";
import { type Fields, pack, unpack } from "../../src/host/iso8583";
import { FIELDS, MESSAGE_TYPES } from "../../src/proto/fields.table";
import { sampleMessage, sampleValue } from "../proto/sample";

function fieldsOf(mti: string, values: Record<number, string>): Fields {
  return Object.assign([mti] as Fields, values);
}

// Fields 3 4 11 12 13 37 38 39 41 42 49 60 63: bits 3, 4 = 30; 11, 12, 13 = 38; 37, 38, 39 = 0e; 41, 42 = c0; 49 = 80; 60, 63 = 12.
const ANSWER =
  "0210\x30\x38\0\0\x0e\xc0\x80\x12" +
  "000000" +
  "000000001250" +
  "000001" +
  "120002" +
  "0105" +
  "600512000001" +
  "971367" +
  "00" +
  "00000001" +
  "000000000000001" +
  "978" +
  "00822000001" +
  "0042026";

test("an answer, by hand, and short values filled up", () => {
  const answer = fieldsOf("0210", {
    3: "0",
    4: "1250",
    11: "1",
    12: "120002",
    13: "105",
    37: "600512000001",
    38: "971367",
    39: "00",
    41: "00000001",
    42: "000000000000001",
    49: "978",
    60: "22000001",
    63: "2026",
  });
  expect(pack(answer)).toBe(ANSWER);
  expect(unpack(ANSWER)?.[4]).toBe("000000001250");
  expect(unpack(ANSWER)?.[38]).toBe("971367");
  expect(unpack(ANSWER)?.[2]).toBeUndefined();
  expect(unpack(pack(fieldsOf("0210", { 42: "SHOP" })))?.[42]).toBe("SHOP           ");
});

test.each(MESSAGE_TYPES)("$mti is unpacked as it was packed, in both forms", ({ mti }) => {
  const fields = sampleMessage(mti);
  expect(unpack(pack(fields))).toEqual(fields);
  expect(unpackBcd(packBcd(fields))).toEqual(fields);
});

describe.each(FIELDS)("field $field, $format", (field) => {
  const { content, length, prefixDigits } = field;
  const longest = sampleValue({ ...field, field: 0 })
    .repeat(20)
    .slice(0, length)
    .padEnd(length, "1");
  const spoilt = { n: ["a", " ", "/", ":"], an: ["-", "\n"], ans: ["\x1f", "\x7f", "\xe9"], z: ["C", "?", " "], b: [] };
  const refuse = (value: string) =>
    expect(() => pack(fieldsOf("0200", { [field.field]: value }))).toThrow(/^field \d+ of 0200 does not fit$/);

  test("takes what fits, in both forms", () => {
    const fields = fieldsOf("0200", { [field.field]: longest });
    expect(unpack(pack(fields))).toEqual(fields);
    expect(unpackBcd(packBcd(fields))).toEqual(fields);
  });

  test("is not packed when it does not fit", () => {
    refuse(`${longest}1`);
    refuse("\u0100");
    refuse("");
    if (content === "b" && prefixDigits === 0) refuse(longest.slice(1));
    for (const bad of spoilt[content]) refuse(bad + longest.slice(1));
  });

  test("is not unpacked when it does not fit", () => {
    const good = pack(fieldsOf("0200", { [field.field]: longest }));
    const at = good.length - length;
    expect(unpack(good)).not.toBeNull();
    for (const bad of [...spoilt[content], "\u0100"])
      expect(unpack(good.slice(0, at) + bad + good.slice(at + 1))).toBeNull();
    for (let cut = 0; cut < good.length; cut++) expect(unpack(good.slice(0, cut))).toBeNull();
    expect(unpack(`${good}1`)).toBeNull();
    if (prefixDigits > 0) {
      const prefix = String(length + 1).padStart(prefixDigits, "0");
      expect(unpack(`${good.slice(0, 12) + prefix + longest}1`)).toBeNull();
      expect(unpack(good.slice(0, 12) + "x".repeat(prefixDigits) + longest)).toBeNull();
      expect(unpack(good.slice(0, 12) + "0".repeat(prefixDigits))).toBeNull();
      const bcd = packBcd(fieldsOf("0200", { [field.field]: longest }));
      const empty = Buffer.concat([bcd.subarray(0, 10), Buffer.alloc(Math.ceil(prefixDigits / 2))]);
      expect(unpackBcd(empty)).toBeNull();
    }
  });
});

test("unknown fields are neither packed nor unpacked", () => {
  for (let field = 1; field <= 64; field++) {
    if (FIELDS.some((each) => each.field === field)) continue;
    expect(() => pack(fieldsOf("0200", { [field]: "" }))).toThrow();
    const head = Buffer.alloc(12);
    head.write("0200");
    head.writeUInt8(128 >> ((field - 1) & 7), 4 + ((field - 1) >> 3));
    expect(unpack(head.toString("latin1"))).toBeNull();
    expect(unpackBcd(Buffer.concat([Buffer.from([2, 0]), head.subarray(4)]))).toBeNull();
  }
  expect(() => pack(["020"])).toThrow();
  expect(() => pack(["02x0"])).toThrow();
  expect(() => pack(fieldsOf("0200", { 65: "1" }))).toThrow();
});
