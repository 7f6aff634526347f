/**
 * Cryptograms of cards, judged by numbers from elsewhere: pyemv's tests (test_cvn_hsm, test_ac_hsm, test_kd_hsm), made with an HSM. A
 * key is compared by its check value.
 */
import { createCipheriv } from "node:crypto";
import { describe, expect, test } from "vitest";
import { arpc1, arpc2, cardKey, type ChipSale, mac, sessionKey, verifyArqc } from "../../src/host/emv";
import { tagOf } from "../../src/proto/tlv";
import { tlv } from "../../src/proto/tlv-write";

const bytes = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex");
const hex = (data: Uint8Array) => Buffer.from(data).toString("hex").toUpperCase();
const ISSUER = bytes("0123456789ABCDEFFEDCBA9876543210");

function checkValue(key: Buffer): string {
  const cipher = createCipheriv("des-ede3", Buffer.concat([key, key.subarray(0, 8)]), null);
  return hex(cipher.update(Buffer.alloc(8))).slice(0, 4);
}

describe("published numbers", () => {
  test.each([
    ["1234567890123456", "00", "BAB0"],
    ["9901234567890123", "45", "1DA5"],
    ["12345678901234567", "45", "FF08"],
  ])("the key of card %s %s", (pan, sequence, expected) => {
    expect(checkValue(cardKey(ISSUER, pan, sequence))).toBe(expected);
  });

  const own = cardKey(ISSUER, "9901234567890123", "45");
  const key = sessionKey(own, bytes("1234567890123456"));
  const data = bytes("0123456789ABCDEF0123456789ABCDEF");

  test("the key of a transaction", () => {
    expect(checkValue(key)).toBe("0995");
    expect(checkValue(sessionKey(cardKey(ISSUER, "1234567890123456", "00"), bytes("001C000000000000")))).toBe("22C8");
  });

  test("cryptograms with either padding", () => {
    expect(hex(mac(key, data, true))).toBe("4B46013359B7A58B");
    expect(hex(mac(key, data, false))).toBe("922F3E83125EB46B");
    expect(hex(mac(key, Buffer.concat([data, bytes("01")]), false))).toBe("2E141C6BC4A20DA8");
  });

  test("answers by method 1 and by method 2", () => {
    expect(hex(arpc1(own, bytes("4B46013359B7A58B"), "\0\0"))).toBe("F8C9CECAABD55AD1");
    expect(hex(arpc1(own, bytes("922F3E83125EB46B"), "\0\0"))).toBe("8AE6E836084B0E80");
    const arqc = bytes("4B46013359B7A58B");
    expect(hex(arpc2(key, arqc, Buffer.alloc(4), bytes("1234567890ABCDEF")))).toBe("4962B76C");
    expect(hex(arpc2(key, arqc, Buffer.alloc(4), Buffer.alloc(0)))).toBe("7DFB1188");
  });
});

/** The sale of 40.00 that pyemv's versions 10 and 18 are tested with; version 10 shows only its CVR there. */
const SALE: [number, string][] = [
  [0x9f02, "000000004000"],
  [0x9f03, "000000000000"],
  [0x9f1a, "0124"],
  [0x95, "8000048000"],
  [0x5f2a, "0124"],
  [0x9a, "191105"],
  [0x9c, "01"],
  [0x9f37, "52BF4585"],
  [0x82, "1800"],
  [0x9f36, "001C"],
  [0x9f27, "80"],
];
const VERSIONS = [
  { version: 10, arqc: "29CCA15AE665FA2E", issued: "06010A03A06010", arpc: "28993816AFAE4AEB" },
  { version: 18, arqc: "7A788EA6B8A3E733", issued: "06011203A0B800", arpc: "" },
];

describe.each(VERSIONS)("a sale with a cryptogram of version $version", ({ arqc, issued, arpc }) => {
  const objects: [number, string][] = [...SALE, [0x9f26, arqc], [0x9f10, issued]];
  const chip = (changed: readonly [number, string][] = []) =>
    Buffer.concat(
      objects.map(([tag, value]) => {
        const text = new Map(changed).get(tag) ?? value;
        return Buffer.from(tlv(tagOf(tag), bytes(text).toString("latin1")), "latin1");
      }),
    );
  const good: ChipSale = {
    issuerKey: ISSUER,
    pan: "1234567890123456",
    sequence: "",
    chip: chip(),
    amountMinor: 4000,
    currency: "124",
    lastAtc: 0x1b,
  };

  test("is valid, once", () => {
    const { verdict, atc, issuerData } = verifyArqc(good);
    expect([verdict, atc]).toEqual(["valid", 0x1c]);
    if (arpc) expect(hex(issuerData("00"))).toBe(`${arpc}3030`);
    else expect(hex(issuerData("00")).slice(8)).toBe("00800000");
    expect(verifyArqc({ ...good, lastAtc: atc }).verdict).toBe("replayed");
    expect(verifyArqc({ ...good, lastAtc: 0xffff }).verdict).toBe("replayed");
    expect(verifyArqc({ ...good, lastAtc: -1 }).verdict).toBe("valid");
  });

  test("no bit of what is signed can be another one", () => {
    for (const [tag, value] of objects) {
      const codes = bytes(value);
      for (let bit = 0; bit < codes.length * 8; bit++) {
        const flipped = Buffer.from(codes);
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        // Version 10 leaves key index and lengths unsigned; of the cryptogram's kind only the top bits count.
        const isUnsigned = tag === 0x9f10 ? bit < 16 && arpc !== "" : tag === 0x9f27 && bit % 8 < 6;
        if (isUnsigned) continue;
        const { verdict, issuerData } = verifyArqc({ ...good, chip: chip([[tag, hex(flipped)]]) });
        expect(verdict, `${tag.toString(16)} bit ${bit}`).not.toBe("valid");
        expect(issuerData("00")).toHaveLength(0);
      }
    }
  });

  test.each([
    ["another amount in the message", { amountMinor: 4001 }, "amount or currency differ"],
    ["another currency in the message", { currency: "978" }, "amount or currency differ"],
    [
      "an amount that was changed in both places",
      { amountMinor: 1, chip: chip([[0x9f02, "000000000001"]]) },
      "wrong cryptogram",
    ],
    ["another card's number", { pan: "1234567890123457" }, "wrong cryptogram"],
    ["another sequence number", { sequence: "001" }, "wrong cryptogram"],
    ["another issuer's key", { issuerKey: Buffer.alloc(16, 1) }, "wrong cryptogram"],
    ["a refusal of the card", { chip: chip([[0x9f27, "00"]]) }, "not an ARQC"],
    ["an offline approval", { chip: chip([[0x9f27, "40"]]) }, "not an ARQC"],
    ["a version that nobody issued", { chip: chip([[0x9f10, "06011603A06010"]]) }, "unknown version"],
    ["no issuer data", { chip: chip([[0x9f10, "06"]]) }, "malformed"],
    ["a short cryptogram", { chip: chip([[0x9f26, arqc.slice(2)]]) }, "malformed"],
    ["nothing", { chip: Buffer.alloc(0) }, "malformed"],
  ])("%s is refused: %#", (_, change, verdict) => {
    expect(verifyArqc({ ...good, ...change }).verdict).toBe(verdict);
  });

  test("every truncation is malformed", () => {
    for (let end = 0; end < good.chip.length; end++)
      expect(verifyArqc({ ...good, chip: good.chip.subarray(0, end) }).verdict).toBe("malformed");
  });
});
