/** Bits of a track to text: a real capture, the twin, and every single wrong bit. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeTrack, TRACK_BITS_MAX } from "../../src/drivers/magstripe";
import { flipBit, trackBits } from "../../src/sim/twins/magstripe";

const TRACK1 = "%B4761739001010010^TEST/CARD ONE^28122011143800000000?";
const TRACK2 = ";4761739001010010=28122011143800000000?";

// A capture of a real card with a 130-bit head, published with the magstripe-rs decoder; the head gives inverted bits.
test("a captured card", () => {
  const captured = [255, 255, 255, 151, 222, 246, 253, 190, 141, 247, 7, 127, 255, 255, 255, 255, 192];
  const bits = captured.map((byte) => (~byte & 255).toString(2).padStart(8, "0")).join("");
  expect(decodeTrack(2, bits.slice(0, 130))).toBe(";0004048712?");
});

test("what the twin writes, the driver reads", () => {
  expect(decodeTrack(1, trackBits(1, TRACK1))).toBe(TRACK1);
  expect(decodeTrack(2, trackBits(2, TRACK2))).toBe(TRACK2);
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9=]{1,37}$/),
      (data) => decodeTrack(2, trackBits(2, `;${data}?`)) === `;${data}?`,
    ),
  );
  fc.assert(
    fc.property(
      fc.stringMatching(/^[ -$&->@-_]{1,76}$/),
      (data) => decodeTrack(1, trackBits(1, `%${data}?`)) === `%${data}?`,
    ),
  );
});

describe.each([
  [1, TRACK1],
  [2, TRACK2],
] as const)("track %i", (track, text) => {
  const bits = trackBits(track, text);
  const first = bits.indexOf("1");
  const last = bits.lastIndexOf("1");

  test("one wrong bit anywhere in the data gives nothing", () => {
    for (let bit = first; bit <= last; bit++) expect(decodeTrack(track, flipBit(bits, bit)), `bit ${bit}`).toBe("");
  });

  test("one missing or doubled bit never gives another text", () => {
    for (let bit = 0; bit < bits.length; bit++) {
      expect(["", text]).toContain(decodeTrack(track, bits.slice(0, bit) + bits.slice(bit + 1)));
      expect(["", text]).toContain(decodeTrack(track, bits.slice(0, bit) + bits.charAt(bit) + bits.slice(bit)));
    }
  });

  test("a swipe that ends early gives nothing", () => {
    for (let length = 0; length < last - track; length++) expect(decodeTrack(track, bits.slice(0, length))).toBe("");
  });
});

test("noise is no card, and overlong input is not even looked at", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("0", "1"), maxLength: 600 }), (bits) => {
      const text = decodeTrack(2, bits);
      return text === "" || (text.startsWith(";") && text.endsWith("?"));
    }),
    { numRuns: 20_000 },
  );
  expect(decodeTrack(2, trackBits(2, TRACK2) + "0".repeat(TRACK_BITS_MAX))).toBe("");
});
