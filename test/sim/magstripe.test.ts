/** The card twin against bits worked out by hand from ISO/IEC 7811-2: low bit first, then odd parity, LRC at the end. */
import { expect, test } from "vitest";
import { flipBit, trackBits } from "../../src/sim/twins/magstripe";

const ZEROS = "0".repeat(22);

test("track 2: five bits a character", () => {
  const hand = [
    "11010", // ; is B
    "10000", // 1
    "10110", // = is D
    "00001", // 0
    "10011", // 9
    "11111", // ? is F
    "10000", // LRC: B ^ 1 ^ D ^ 0 ^ 9 ^ F is 1
  ];
  expect(trackBits(2, ";1=09?")).toBe(ZEROS + hand.join("") + ZEROS);
});

test("track 1: seven bits a character", () => {
  const hand = [
    "1010001", // % is 05
    "0100011", // B is 22
    "1000101", // 1 is 11
    "0111110", // ^ is 3E
    "1000011", // A is 21
    "1111100", // ? is 1F
    "0110111", // LRC: 05 ^ 22 ^ 11 ^ 3E ^ 21 ^ 1F is 36
  ];
  expect(trackBits(1, "%B1^A?")).toBe(ZEROS + hand.join("") + ZEROS);
});

// A capture of a real card with a 130-bit head, published with the magstripe-rs decoder; the head gives inverted bits.
test("a captured card", () => {
  const captured = [255, 255, 255, 151, 222, 246, 253, 190, 141, 247, 7, 127, 255, 255, 255, 255, 192];
  const bits = captured.map((byte) => (~byte & 255).toString(2).padStart(8, "0")).join("");
  const data = (text: string) => text.slice(text.indexOf("1"), text.lastIndexOf("1"));
  expect(data(trackBits(2, ";0004048712?"))).toBe(data(bits.slice(0, 130)));
});

test.each([
  [2, ";A?", '"A"'],
  [2, ";/?", '"/"'],
  [1, "%a?", '"a"'],
  [1, "%\n?", '"\\n"'],
] as const)("track %i cannot hold %j", (track, text, char) => {
  expect(() => trackBits(track, text)).toThrow(`track ${track} cannot hold ${char}`);
});

test("one flipped bit", () => {
  expect(flipBit("0100", 0)).toBe("1100");
  expect(flipBit("0100", 1)).toBe("0000");
  expect(flipBit("0100", 3)).toBe("0101");
});
