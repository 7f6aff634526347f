/** The terminal's ISO 8583: messages worked out by hand, the host's codec and a third one, and nothing taken that is not as the table says. */
import Iso8583 from "iso_8583";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fields, pack, unpack as hostUnpack } from "../../src/host/iso8583";
import {
  headOf,
  LAYOUT,
  packRequest,
  packer,
  PIN0_SALE_HEAD,
  REVERSAL_HEAD,
  SALE_HEAD,
} from "../../src/proto/codec.table";
import { MESSAGE_TYPES } from "../../src/proto/fields.table";
import { unpack } from "../../src/proto/iso8583";
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
  expect(unpack(PIN_SALE)?.[52]).toBe(BLOCK_0);
  expect(unpack(PIN_SALE)?.[59]).toBe(SERIAL);
});

test("heads: bit 1 is the highest of the first byte, bit 64 the lowest of the last", () => {
  expect(headOf("0800", [])).toBe(`0800${"\0".repeat(8)}`);
  expect(headOf("0200", [1, 8, 9, 64])).toBe("0200\x81\x80\0\0\0\0\0\x01");
  expect(REVERSAL_HEAD).toBe("0400\x30\x20\x04\x80\x02\xc0\x80\x10");
});

test("requests are packed as by hand, with and without a PIN, and a reversal", () => {
  const terminal = ["00000001", "000000000000001", "978"] as const;
  const [amount, stan, track2, batch] = ["000000001250", "000001", "4761739001010010=28122011143800000000", "22000001"];
  expect(
    packRequest([SALE_HEAD, "000000", amount, stan, "022", "00", "", track2, "", ...terminal, "", "", "", batch]),
  ).toBe(SALE);
  const pin = [BLOCK_0, "2600000000000000", SERIAL] as const;
  expect(
    packRequest([PIN0_SALE_HEAD, "000000", amount, stan, "021", "00", "12", track2, "", ...terminal, ...pin, batch]),
  ).toBe(PIN_SALE);
  expect(
    packRequest([REVERSAL_HEAD, "000000", amount, stan, "022", "00", "", "", "98", ...terminal, "", "", "", batch]),
  ).toBe(`${REVERSAL_HEAD}00000000000000125000000102200980000000100000000000000197800822000001`);
});

test("lengths have two or three digits", () => {
  const pack = packer([44, 55]);
  const ofLength = (count: number) => "x".repeat(count);
  expect([1, 9, 10, 25].map((count) => pack(["", ofLength(count), ""]).slice(0, 2))).toEqual(["01", "09", "10", "25"]);
  expect([1, 10, 100, 255].map((count) => pack(["", "", ofLength(count)]).slice(2, 5))).toEqual([
    "001",
    "010",
    "100",
    "255",
  ]);
});

test("a field that the table does not have cannot be packed", () => {
  expect(() => packer([3, 5])).toThrow("no field 5");
});

describe.each(MESSAGE_TYPES)("$mti, $name", ({ mti }) => {
  test("as the host packs it, with all its fields", () => {
    const fields = sampleMessage(mti);
    expect(listed(unpack(pack(fields)))).toEqual(listed(fields));
  });
});

describe("refused", () => {
  test("every truncation", () => {
    for (const whole of [SALE, PIN_SALE]) {
      for (let length = 0; length < whole.length; length++) expect(unpack(whole.slice(0, length))).toBeNull();
    }
  });

  test("bytes left over", () => {
    expect(unpack(`${SALE}0`)).toBeNull();
  });

  test("fields that are not in the table, among them the second bitmap", () => {
    for (let field = 1; field <= 64; field++) {
      if (LAYOUT.slice(field * 2, field * 2 + 2) === "00")
        expect(unpack(headOf("0800", [field]) + "0".repeat(200))).toBeNull();
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
    ["an empty field of two digits of length", SALE.replace(/374761.*00000000(?=00000001)/, "00")],
    ["an empty field of three digits of length", SALE.replace("00822000001", "000")],
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

/** Where the other implementation goes by a newer edition. */
const OUR_FORMATS = { 53: { ContentType: "n", Label: "security", LenType: "fixed", MaxLen: 16 } };

// The third implementation always sends the second bitmap, as ISO 8583-1 4.2 lets it: bit 1 set and eight bytes more.
test.each(MESSAGE_TYPES)("another implementation packs and unpacks the same $mti", ({ mti, must }) => {
  const fields = sampleMessage(mti).map((value, field) => (must.includes(field) || field === 0 ? value : undefined));
  const ours = pack(fields as Fields);
  const bitmap = String.fromCharCode(ours.charCodeAt(4) | 0x80) + ours.slice(5, 12) + "\0".repeat(8);
  const extended = mti + bitmap + ours.slice(12);
  const theirs = new Iso8583(Object.fromEntries(listed(fields) ?? []), OUR_FORMATS);
  expect(theirs.getBufferMessage().toString("latin1").slice(2)).toBe(extended);
  const length = String.fromCharCode(extended.length >> 8, extended.length & 255);
  const unpacked = new Iso8583(undefined, OUR_FORMATS).getIsoJSON(Buffer.from(length + extended, "latin1"));
  expect(must.map((field) => unpacked[field])).toEqual(must.map((field) => fields[field]));
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
