/** The terminal's ISO 8583: messages worked out by hand, the host's codec and a third one, and nothing taken that is not as the table says. */
import fc from "fast-check";
import Iso8583 from "iso_8583";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fields, pack, unpack as hostUnpack } from "../../src/host/iso8583";
import { FIELDS, LAYOUT, MESSAGE_TYPES, REVERSAL_HEAD, SALE_HEAD } from "../../src/proto/fields.table";
import { headOf } from "../../src/proto/head";
import { counted2, counted3, unpack } from "../../src/proto/iso8583";
import { Bench, buildProbe, openProbeEngine } from "../engine/bench";
import { BARE_ENGINES } from "../engines";
import { sampleMessage } from "./sample";

// Fields 3 4 11 22 25 35 41 42 49 60: bits 3, 4 = 30; 11 = 20; 22 = 04; 25 = 80; 35 = 20; 41, 42 = c0; 49 = 80; 60 = 10.
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

const SALE_FIELDS: [number, string][] = [
  [0, "0200"],
  [3, "000000"],
  [4, "000000001250"],
  [11, "000001"],
  [22, "022"],
  [25, "00"],
  [35, "4761739001010010=28122011143800000000"],
  [41, "00000001"],
  [42, "000000000000001"],
  [49, "978"],
  [60, "22000001"],
];

function listed(fields: readonly (string | undefined)[] | null): [number, string][] | null {
  return fields && fields.flatMap((value, field) => (value === undefined ? [] : [[field, value] as [number, string]]));
}

test("a sale request, by hand", () => {
  expect(listed(unpack(SALE))).toEqual(SALE_FIELDS);
  expect(SALE.startsWith(SALE_HEAD)).toBe(true);
});

test("heads: bit 1 is the highest of the first byte, bit 64 the lowest of the last", () => {
  expect(headOf("0800", [])).toBe(`0800${"\0".repeat(8)}`);
  expect(headOf("0200", [1, 8, 9, 64])).toBe("0200\x81\x80\0\0\0\0\0\x01");
  expect(REVERSAL_HEAD).toBe("0400\x30\x20\x04\x80\x02\xc0\x80\x10");
});

test("lengths have two or three digits", () => {
  expect([0, 1, 9, 10, 99].map((count) => counted2("x".repeat(count)).slice(0, 2))).toEqual([
    "00",
    "01",
    "09",
    "10",
    "99",
  ]);
  expect([0, 9, 10, 99, 100, 322].map((count) => counted3("x".repeat(count)).slice(0, 3))).toEqual([
    "000",
    "009",
    "010",
    "099",
    "100",
    "322",
  ]);
});

describe.each(MESSAGE_TYPES)("$mti, $name", ({ mti }) => {
  test("as the host packs it, with all its fields", () => {
    const fields = sampleMessage(mti);
    expect(listed(unpack(pack(fields)))).toEqual(listed(fields));
  });
});

describe("refused", () => {
  test("every truncation", () => {
    for (let length = 0; length < SALE.length; length++) expect(unpack(SALE.slice(0, length))).toBeNull();
  });

  test("bytes left over", () => {
    expect(unpack(`${SALE}0`)).toBeNull();
  });

  test("fields that are not in the table, among them the second bitmap", () => {
    for (let field = 1; field <= 64; field++) {
      if (LAYOUT.charAt(field * 4) === " ") expect(unpack(headOf("0800", [field]) + "0".repeat(200))).toBeNull();
    }
  });

  test.each([
    ["a letter in the type", SALE.replace("0200", "02o0")],
    ["a letter among digits", SALE.replace("000000001250", "00000000125x")],
    ["a sign", SALE.replace("000000001250", "-00000001250")],
    ["a letter in a length", SALE.replace("374761", "3x4761")],
    ["a blank in a length", SALE.replace("374761", " 74761")],
    ["a length above the table's", `${SALE.replace("374761", "38476100")}`],
    ["a length past the end", SALE.replace("00822000001", "00922000001")],
    ["letters in digits of varying length", SALE.replace("00822000001", "008220000x1")],
  ])("%s", (_, text) => expect(unpack(text)).toBeNull());
});

test("what a head meant is remembered rightly, though only the last few heads are", () => {
  const messages = MESSAGE_TYPES.map(({ mti }) => sampleMessage(mti));
  for (const step of [1, 3, 5, 7]) {
    for (let i = 0; i < 100; i++) {
      const fields = messages[(i * step) % messages.length] as Fields;
      expect(listed(unpack(pack(fields)))).toEqual(listed(fields));
      expect(unpack(pack(fields).slice(0, 12))).toBeNull();
    }
  }
});

test("every flipped bit: never an exception, and what the host takes the terminal takes alike", () => {
  const message = pack(sampleMessage("0210"));
  for (let bit = 0; bit < message.length * 8; bit++) {
    const bytes = Buffer.from(message, "latin1");
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    const text = bytes.toString("latin1");
    const [own, host] = [unpack(text), hostUnpack(text)];
    if (host) expect(listed(own)).toEqual(listed(host));
  }
});

// The third implementation always sends the second bitmap, as ISO 8583-1 4.2 lets it: bit 1 set and eight bytes more.
test.each(MESSAGE_TYPES)("another implementation packs and unpacks the same $mti", ({ mti, must }) => {
  const fields = sampleMessage(mti).map((value, field) => (must.includes(field) || field === 0 ? value : undefined));
  const ours = pack(fields as Fields);
  const bitmap = String.fromCharCode(ours.charCodeAt(4) | 0x80) + ours.slice(5, 12) + "\0".repeat(8);
  const extended = mti + bitmap + ours.slice(12);
  const theirs = new Iso8583(Object.fromEntries(listed(fields) ?? []));
  expect(theirs.getBufferMessage().toString("latin1").slice(2)).toBe(extended);
  const length = String.fromCharCode(extended.length >> 8, extended.length & 255);
  const unpacked = new Iso8583().getIsoJSON(Buffer.from(length + extended, "latin1"));
  expect(must.map((field) => unpacked[field])).toEqual(must.map((field) => fields[field]));
});

test("100,000 mutated messages: never an exception, and what is taken is all of the message", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(SALE.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Buffer.from(SALE, "latin1");
      for (const [at, value] of changes) bytes[at] = value;
      const text = bytes.toString("latin1");
      const fields = unpack(text);
      if (!fields) return;
      const body = FIELDS.flatMap(({ field, prefixDigits }) => {
        const value = fields[field];
        return value === undefined
          ? []
          : [prefixDigits > 0 ? String(value.length).padStart(prefixDigits, "0") + value : value];
      });
      expect(text.slice(0, 12) + body.join("")).toBe(text);
    }),
    { numRuns: 100_000, seed: 8583 },
  );
});

describe.each(BARE_ENGINES)("on $name", ({ name, isHere }) => {
  let bench: Bench;
  beforeAll(async () => {
    if (!isHere) return;
    bench = new Bench(openProbeEngine(name, await buildProbe("test/proto/iso8583.probe.ts")));
    await bench.open();
  });
  afterAll(() => bench?.close());

  test.skipIf(!isHere)("each message of the table, whole, cut and spoilt, is unpacked as on Node", async () => {
    for (const { mti } of MESSAGE_TYPES) {
      const message = pack(sampleMessage(mti));
      const spoilt = message.replace(/[0-9](?=[^0-9]*$)/, "x");
      for (const text of [message, message.slice(0, -1), `${message} `, spoilt]) {
        const [report] = await bench.command(0, text);
        expect(report).toEqual((listed(unpack(text)) ?? []).flat());
      }
    }
  });
});
