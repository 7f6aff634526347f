/** Data objects and object lists: real FCIs, the worked examples of a public EMV library, every truncation, every flipped bit, bombs. */
import { describe, expect, test } from "vitest";
import { fillDol } from "../../src/proto/dol";
import { OWN_BYTES } from "../../src/proto/emv-own.table";
import { ownValue, withOwn } from "../../src/proto/emv-own";
import { noTlvs, readTemplate, readTlvs, tagOf, type Tlvs, valueOf } from "../../src/proto/tlv";
import { setValue, tlv as write } from "../../src/proto/tlv-write";

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex").toString("latin1");
const hex = (text: string | null) => text && Buffer.from(text, "latin1").toString("hex").toUpperCase();
const listed = (list: Tlvs) =>
  list.values.map((value, at) => `${hex(list.tags.substr(2 * at, 2))?.replace(/^00/, "")}=${hex(value)}`);
const tlv = (tag: number, value: string) => write(tagOf(tag), value);
function read(text: string, whole = ""): string[] | null {
  const list = noTlvs();
  return readTlvs(list, text, whole) ? listed(list) : null;
}
function listOf(pairs: [number, string][]): Tlvs {
  const list = noTlvs();
  for (const [tag, value] of pairs) setValue(list, tagOf(tag), bytes(value));
  return list;
}

// A PPSE of a card with two applications, and an FCI with a PDOL, as cards answer them.
const PPSE =
  "6F3B 840E325041592E5359532E4444463031 A529 BF0C26 6110 4F07A0000000031010 870101 9F2A0103 6112 4F07A0000000041010 8701025004 56495341";
const FCI = "6F21 8407A0000000031010 A516 5004 56495341 9F380C 9F66049F02069F37045F2A02 00";

describe("objects of a card", () => {
  test("templates are entered, directory entries kept whole, padding is skipped", () => {
    const list = noTlvs();
    expect(readTemplate(list, bytes(PPSE), tagOf(0x6f), tagOf(0x61))).toBe(true);
    expect(listed(list)).toEqual([
      "84=325041592E5359532E4444463031",
      "61=4F07A00000000310108701019F2A0103",
      "61=4F07A0000000041010870102500456495341",
    ]);
    expect(read(bytes(FCI))).toEqual(["84=A0000000031010", "50=56495341", "9F38=9F66049F02069F37045F2A02"]);
    expect(read("\0\0\x5a\x01\x12\0\0\x82\x02\x20\x00\0")).toEqual(["5A=12", "82=2000"]);
    expect(read(bytes("70099F1F01 30 DF812901 02 00"))).toEqual(["9F1F=30", "8129=02"]);
  });

  test.each([0, 1, 127, 128, 255, 256, 2048])("a value of %i bytes is written and read", (count) => {
    const value = "x".repeat(count);
    expect(tlv(0x9f10, value).length - count).toBe(count < 128 ? 3 : count < 256 ? 4 : 5);
    const list = noTlvs();
    expect(readTlvs(list, tlv(0x9f10, value), "")).toBe(true);
    expect(valueOf(list, tagOf(0x9f10))).toBe(value);
  });

  test.each([
    ["a length without end", "5A80 1234 0000"],
    ["a length of three bytes", "5A83000001 12"],
    ["64 kB that are not there", "5A82FFFF 12"],
    ["one byte too few", "5A03 1234"],
    ["a length that is cut", "5A82 01"],
    ["a tag that is cut", "9F"],
    ["a tag of four bytes", "9F818101 01 00"],
    ["no length", "5A"],
    ["an object longer than its template", "7003 5A02 12 34"],
    ["an object twice", "5A0112 5A0112"],
    ["an object twice, in another template", "7003 5A0112 7703 5A0113"],
    ["templates nested too deep", "E10B E109 E107 E105 5A03 123456"],
  ])("%s is refused", (what, text) => {
    if (what === "templates nested too deep") {
      const nest = (depth: number) =>
        Array.from({ length: depth }).reduce<string>((inner) => tlv(0xe1, inner), "\x5a\0");
      expect(read(nest(4))).toEqual(["5A="]);
      expect(read(nest(5))).toBeNull();
      expect(read(nest(200))).toBeNull();
    } else expect(read(bytes(text))).toBeNull();
  });

  test("no list grows without bound", () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => tlv(0x9f00 + (at % 127), "")).join("");
    expect(read(many(96))).toHaveLength(96);
    expect(read(many(97))).toBeNull();
    expect(read(tlv(0x5a, "x".repeat(3041)))).toBeNull();
    expect(read(tlv(0x61, "").repeat(96), tagOf(0x61))).toHaveLength(96);
    expect(read(tlv(0x61, "").repeat(97), tagOf(0x61))).toBeNull();
  });

  test("a template is one, and the right one", () => {
    expect(readTemplate(noTlvs(), bytes("77035A0112"), tagOf(0x70), "")).toBe(false);
    expect(readTemplate(noTlvs(), bytes("70035A0112 5B0112"), tagOf(0x70), "")).toBe(false);
    expect(readTemplate(noTlvs(), "", tagOf(0x70), "")).toBe(false);
    expect(readTemplate(noTlvs(), bytes("70035A0112 0000"), tagOf(0x70), "")).toBe(true);
  });

  test("no truncation and no flipped bit of a real answer is read past its end", () => {
    for (const text of [bytes(PPSE), bytes(FCI).slice(0, -1)]) {
      for (let end = 1; end < text.length; end++) expect(read(text.slice(0, end)), `${end} bytes`).toBeNull();
      for (let bit = 0; bit < text.length * 8; bit++) {
        const codes = Buffer.from(text, "latin1");
        codes[bit >> 3] = (codes[bit >> 3] as number) ^ (1 << (bit & 7));
        const list = noTlvs();
        readTlvs(list, codes.toString("latin1"), tagOf(0x61));
        expect(list.values.join("").length).toBeLessThanOrEqual(text.length);
        expect(list.values.every((value) => codes.toString("latin1").includes(value))).toBe(true);
      }
    }
  });
});

describe("object lists", () => {
  const own = [
    [0x9c, "09"],
    [0x9a, "240217"],
    [0x5f2a, "0978"],
    [0x9f02, "000123456789"],
    [0x9f03, "000987654321"],
    [0x9f1a, "0528"],
    [0x9f37, "DEADBEEF"],
    [0x95, "1234554321"],
  ].reduce((text, [tag, value]) => withOwn(text, tagOf(tag as number), bytes(value as string)), "\0".repeat(OWN_BYTES));
  const card = listOf([
    [0x9f45, "DAC1"],
    [0x5f34, "07"],
  ]);

  // The three worked examples of emv-utils (emv_dol_test.c, tests 5 to 7).
  test.each([
    [
      "9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704",
      "000123456789 000987654321 0528 1234554321 0978 240217 09 DEADBEEF",
    ],
    ["9F0203 9F0307 9F1A02 9506 5F2A02 9A00 9C03 9F3703", "456789 00000987654321 0528 123455432100 0978 000009 DEADBE"],
    ["9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F37", null],
    ["9F6604 DF812902", "00000000 0000"],
    ["9F4502 5F3402 9F4501", "DAC1 0700 DA"],
    ["9F81", null],
    ["9F818101", null],
    ["9F0280", null],
    ["", ""],
  ])("%s", (dol, expected) => {
    expect(hex(fillDol(bytes(dol), own, card))).toBe(expected && expected.replaceAll(" ", ""));
  });

  test("own data goes before the card's", () => {
    expect(fillDol(bytes("9F0206"), own, listOf([[0x9f02, "000000000001"]]))).toBe(bytes("000123456789"));
  });

  test("each has its place in the one string", () => {
    expect(own).toHaveLength(OWN_BYTES);
    expect(hex(ownValue(own, tagOf(0x95)))).toBe("1234554321");
    expect([ownValue(own, tagOf(0x5a)), ownValue(own, tagOf(0x9f45))]).toEqual(["", ""]);
  });

  test("no card gets more than one command holds", () => {
    expect(fillDol(bytes("9F027F 9F037D"), own, card)).toHaveLength(252);
    expect(fillDol(bytes("9F027F 9F037E"), own, card)).toBeNull();
  });
});
