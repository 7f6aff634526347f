/** The masked log: what a message says, no card data, and of what cannot be parsed only how long it is. */
import { expect, test } from "vitest";
import { describe } from "../../src/host/describe";
import { pack } from "../../src/host/iso8583";
import { sampleMessage } from "../proto/sample";

test("a sale, line by line", () => {
  const message = pack(
    Object.assign(["0200"], {
      2: "4761739001010010",
      3: "000000",
      4: "000000001250",
      11: "000007",
      14: "2812",
      22: "071",
      35: "4761739001010010=28122011143800000000",
      41: "00000001",
      52: "\x01\x23\x45\x67\x89\xab\xcd\xef",
      55: "\x9f\x26\x08",
      60: "22000001",
      64: "\xde\xad\xbe\xef\x00\x01\x02\x03",
    }) as string[],
  );
  expect(describe(message)).toEqual([
    "0200 sale",
    "   2 pan: 476173******0010",
    "   3 processingCode: 000000",
    "   4 amountMinor: 000000001250",
    "  11 stan: 000007",
    "  14 expiry: (4 characters)",
    "  22 posEntryMode: 071",
    "  35 track2: (37 characters)",
    "  41 tid: 00000001",
    "  52 pinBlock: (8 bytes)",
    "  55 chipData: (3 bytes)",
    "  60 batch: 22000001",
    "  64 mac: deadbeef00010203",
  ]);
});

const asked = (mti: string, fields: Record<number, string>) =>
  describe(pack(Object.assign([mti], fields) as string[]))[0];

test.each([
  ["0200", "200000", "23000001", "void"],
  ["0210", "200000", "23000001", "answer to void"],
  ["0200", "090000", "22000001", "sale with cash-back"],
  ["0220", "200000", "25000001", "refund"],
  ["0100", "030000", "10000001", "pre-authorisation"],
  ["0110", "200000", "11000001", "answer to cancel of a pre-authorisation"],
  ["0230", "000000", "24000001", "answer to completion, advice"],
  ["0200", "200000", "21000001", "void of a completion"],
  ["0220", "000000", "34000001", "tip adjust"],
  ["0400", "200000", "23000001", "reversal of void"],
  ["0410", "000000", "22000001", "answer to reversal of sale"],
  ["0320", "000000", "30000001201", "upload of offline sale"],
  ["0220", "000000", "22000001", "refund, offline sale, tip adjust"],
])("%s %s %s is said in words: %s", (mti, processing, batch, name) => {
  expect(asked(mti, { 3: processing, 60: batch })).toBe(`${mti} ${name}`);
});

test.each([
  ["0500", "00000001201", "settlement"],
  ["0510", "00000001202", "answer to settlement after the upload"],
  ["0800", "00000001301", "echo"],
  ["0810", "61000001000", "answer to query about a transaction"],
  ["0800", "00000001002", "sign-off"],
])("%s %s: %s", (mti, batch, name) => expect(asked(mti, { 60: batch })).toBe(`${mti} ${name}`));

test("a type that the table does not know", () => {
  expect(describe(pack(["1644"]))).toEqual(["1644 no type of ours"]);
});

test("a card number in somebody's text is masked, a merchant's number is not", () => {
  const lines = describe(
    pack(Object.assign(["0210"], { 42: "000000000000001", 44: "CARD 4761739001010010" }) as string[]),
  );
  expect(lines).toEqual([
    "0210 answer to 0200",
    "  42 mid: 000000000000001",
    "  44 institutions: CARD 476173******0010",
  ]);
});

test("what is not a message is a length, whatever it holds", () => {
  const message = pack(sampleMessage("0200"));
  for (let length = 0; length < message.length; length++) {
    expect(describe(message.slice(0, length))).toEqual([`not a message: ${length} bytes`]);
  }
  expect(describe(";4761739001010010=28122011143800000000?")).toEqual(["not a message: 39 bytes"]);
});
