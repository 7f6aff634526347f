/** The bank's side: BCD form and outer layer on messages that others published, and a stream that may be anything. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packBcd, unpackBcd } from "../../src/host/bcd";
import type { Fields } from "../../src/host/iso8583";
import { answerTpdu, buildOuter, UpstreamError, UpstreamReader } from "../../src/host/upstream";
import { FIELDS, MESSAGE_TYPES } from "../../src/proto/fields.table";
import { sampleMessage, sampleValue } from "../proto/sample";

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ""), "hex");
const fieldsOf = (mti: string, values: Record<number, string>): Fields => Object.assign([mti] as Fields, values);

/**
 * Requests of a sale that integrators published to explain the form, with each field taken apart in words: a magnetic stripe with PIN (the
 * article on reading an ISO 8583 message that many Chinese sites copied, 2012), and a contactless chip (a blog's series on
 * the same, 2019). TPDU, a header of 6 bytes, message.
 */
const STRIPE = {
  outer: { tpdu: "6000030000", header: "603100310730" },
  wire: hex(`0070
      60000300006031003107300200302004c020c09811000000000000000001000349021000123062258221129963015d1511101000003536383532333134323335
      323134353236383539323336313536c624834d367e9e9e20000000000000000013220000080005003637413232393941`),
  fields: fieldsOf("0200", {
    3: "000000",
    4: "000000000001",
    11: "000349",
    22: "021",
    25: "00",
    26: "12",
    35: "62258221129963015=151110100000",
    41: "56852314",
    42: "235214526859236",
    49: "156",
    52: "\xc6\x24\x83\x4d\x36\x7e\x9e\x9e",
    53: "2000000000000000",
    60: "2200000800050",
    64: "67A2299A",
  }),
};
const CHIP_DATA = `9f260895bbe372271dda7c9f2701809f101307010103a00000010a010000000000ed538fe49f37047f9f349e9f36020157950500000000009a03
  1908309c01009f02060000000000015f2a02015682027c009f1a0201569f03060000000000009f3303e0e1c89f3501229f1e083130303030303139
  8408a0000003330101029f0902008c9f410400000403`;
const CHIP = {
  outer: { tpdu: "6000060000", header: "603100311003" },
  wire: hex(`
      01aa60000600006031003110030200702406c020c19a311662242429000001130000000000000000010004032806071000000012346224242900000113d28062
      0139490310133130303030303139383530313030303832343130303032000100313536d1eef419d0ae2609260000000000000001399f260895bbe372271dda7c
      9f2701809f101307010103a00000010a010000000000ed538fe49f37047f9f349e9f36020157950500000000009a031908309c01009f02060000000000015f2a
      02015682027c009f1a0201569f03060000000000009f3303e0e1c89f3501229f1e0831303030303031398408a0000003330101029f0902008c9f410400000403
      01533132323038393836303631373038303030323538333939333133313148465431373038303330313134313432303139303833303039333433353135303230
      3031373232424433302e3632313535352c3131342e33363139353441323630303130323032303231363030303032393032313030313537303830333036303030
      3131333034303830343234373239323035303848373036323830310014220000240006003846363531423236`),
  fields: fieldsOf("0200", {
    2: "6224242900000113",
    3: "000000",
    4: "000000000001",
    11: "000403",
    14: "2806",
    22: "071",
    23: "000",
    25: "00",
    26: "12",
    35: "6224242900000113=28062013949031013",
    41: "10000019",
    42: "850100082410002",
    48: "0",
    49: "156",
    52: "\xd1\xee\xf4\x19\xd0\xae\x26\x09",
    53: "2600000000000000",
    55: hex(CHIP_DATA).toString("latin1"),
    59:
      "1220898606170800025839931311HFT170803011414201908300934351502001722BD30.621555,114.361954A2600102020216000029021001570803060001130408" +
      "042472920508H7062801",
    60: "22000024000600",
    64: "8F651B26",
  }),
};

/** The same frame as it would come from the other side. */
function mirrored({ outer, wire }: typeof CHIP): Buffer {
  const copy = Buffer.from(wire);
  Buffer.from(answerTpdu(outer.tpdu), "hex").copy(copy, 2);
  return copy;
}

describe.each([
  ["stripe", STRIPE],
  ["chip", CHIP],
])("the published sale by %s", (_, published) => {
  const { outer, wire, fields } = published;
  const message = wire.subarray(2 + 5 + 6);

  test("is unpacked, and packed to the same bytes", () => {
    expect(unpackBcd(message)).toEqual(fields);
    expect(packBcd(fields).toString("hex")).toBe(message.toString("hex"));
  });

  test("goes into its outer layer, and comes out of it in any pieces", () => {
    expect(buildOuter(outer, packBcd(fields))).toEqual(wire);
    for (let at = 0; at <= wire.length; at++) {
      const reader = new UpstreamReader(outer);
      const answer = mirrored(published);
      const messages = [...reader.feed(answer.subarray(0, at)), ...reader.feed(answer.subarray(at))];
      expect(messages).toEqual([message]);
    }
  });

  test("with any byte missing is none, with any bit flipped is another or none", () => {
    for (let length = 0; length < message.length; length++) expect(unpackBcd(message.subarray(0, length))).toBeNull();
    expect(unpackBcd(Buffer.concat([message, Buffer.from([0])]))).toBeNull();
    for (let bit = 0; bit < message.length * 8; bit++) {
      const flipped = Buffer.from(message);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      const found = unpackBcd(flipped);
      if (found) expect(packBcd(found)).toEqual(flipped);
    }
  });
});

/** Any of the table's fields with values of any length that they may have. */
const anyMessage = fc
  .tuple(
    fc.constantFrom(...MESSAGE_TYPES),
    fc.uniqueArray(fc.constantFrom(...FIELDS), { selector: (each) => each.field }),
  )
  .chain(([{ mti }, fields]) =>
    fc.tuple(...fields.map(({ length, prefixDigits }) => fc.nat(prefixDigits > 0 ? length - 1 : 0))).map((spare) =>
      fields.reduce<Fields>(
        (all, field, place) => {
          const text = sampleValue({ ...field, field: 0 }).repeat(30);
          all[field.field] = text
            .slice(0, field.length - (spare[place] ?? 0))
            .padEnd(field.prefixDigits > 0 ? 1 : field.length, "0");
          return all;
        },
        [mti],
      ),
    ),
  );

test("any messages, in any pieces, come out as they went in", () => {
  const sent = { tpdu: "6000030000", header: "603100310730" };
  const back = { ...sent, tpdu: answerTpdu(sent.tpdu) };
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 4 }), fc.array(fc.nat(400), { maxLength: 12 }), (messages, cuts) => {
      const stream = Buffer.concat(messages.map((each) => buildOuter(back, packBcd(each))));
      const reader = new UpstreamReader(sent);
      const found: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        found.push(...reader.feed(stream.subarray(at, at + cut)));
        at += cut;
      }
      found.push(...reader.feed(stream.subarray(at)));
      expect(found.map((each) => unpackBcd(each))).toEqual(messages);
    }),
    { seed: 8583, numRuns: 500 },
  );
});

test("digits that fill up must be zeros", () => {
  // Field 22 is filled up behind, field 23 in front, 60 behind.
  const message = packBcd(fieldsOf("0200", { 22: "021", 23: "001", 60: "2200000800050" }));
  const [at22, at23, at60] = [10, 12, message.length - 1];
  expect(message.subarray(at22).toString("hex")).toBe("02100001001322000008000500");
  for (const [at, value] of [
    [at22 + 1, 0x11],
    [at23, 0x10],
    [at60, 0x01],
  ] as const) {
    const other = Buffer.from(message);
    other[at] = value;
    expect(unpackBcd(other)).toBeNull();
  }
});

describe("the outer layer", () => {
  const outer = { tpdu: "6000030000", header: "" };
  const message = packBcd(sampleMessage("0810"));
  const answer = buildOuter({ ...outer, tpdu: answerTpdu(outer.tpdu) }, message);

  test("swaps the addresses", () => {
    expect(answerTpdu("6012345678")).toBe("6056781234");
  });

  test("takes several frames out of one piece", () => {
    expect(new UpstreamReader(outer).feed(Buffer.concat([answer, answer, answer]))).toEqual([
      message,
      message,
      message,
    ]);
  });

  test.each([
    [
      "a TPDU that is not ours",
      Buffer.concat([answer.subarray(0, 2), Buffer.from("6000030001", "hex"), answer.subarray(7)]),
    ],
    ["our own request", buildOuter(outer, message)],
    ["a length of nothing", Buffer.from("0000", "hex")],
    ["a length that holds no message", Buffer.from("000e", "hex")],
    ["a length beyond any message", Buffer.from("0801", "hex")],
    ["text", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
  ])("%s ends the connection", (_, bytes) => {
    expect(() => new UpstreamReader(outer).feed(bytes)).toThrow(UpstreamError);
    expect(() => new UpstreamReader(outer).feed(Buffer.concat([answer, bytes]))).toThrow(UpstreamError);
  });

  test("holds no more than one frame", () => {
    const reader = new UpstreamReader(outer) as unknown as { feed(bytes: Buffer): Buffer[]; rest: Buffer };
    for (let i = 0; i < 1000; i++) {
      reader.feed(answer.subarray(0, 100));
      expect(reader.rest.length).toBeLessThan(2100);
      reader.feed(answer.subarray(100));
      expect(reader.rest.length).toBe(0);
    }
  });

  test("is not built from what is not right", () => {
    expect(() => buildOuter({ tpdu: "60", header: "" }, message)).toThrow();
    expect(() => buildOuter({ tpdu: "6000030000", header: "1" }, message)).toThrow();
    expect(() => buildOuter(outer, Buffer.alloc(2048))).toThrow();
  });
});
