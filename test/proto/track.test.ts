/** Track 2 and PANs: published examples, the check digit, and what must not pass. */
import { describe, expect, test } from "vitest";
import { isLuhn, maskPan, panOfTrack1, parseTrack2 } from "../../src/proto/track";

// Test numbers that the card schemes publish for their sandboxes.
test.each([
  "4111111111111111",
  "5555555555554444",
  "378282246310005",
  "6011111111111117",
  "3530111333300000",
  "6250947000000014",
])("%s has a good check digit, and no other digit there is good", (pan) => {
  expect(isLuhn(pan)).toBe(true);
  for (let digit = 0; digit < 10; digit++) {
    const other = pan.slice(0, -1) + digit;
    if (other !== pan) expect(isLuhn(other)).toBe(false);
  }
});

describe("track 2", () => {
  test("takes apart PAN, expiry and service code", () => {
    expect(parseTrack2(";4761739001010010=28122011143800000000?")).toEqual({
      pan: "4761739001010010",
      expiry: "2812",
      serviceCode: "201",
    });
  });

  test.each([
    ["no start sentinel", "4761739001010010=2812201?"],
    ["no end sentinel", ";4761739001010010=2812201"],
    ["no separator", ";47617390010100102812201?"],
    ["wrong check digit", ";4761739001010011=2812201?"],
    ["month 13", ";4761739001010010=2813201?"],
    ["month 0", ";4761739001010010=2800201?"],
    ["no service code", ";4761739001010010=2812?"],
    ["a letter", ";476173900101001A=2812201?"],
    ["a PAN of 20 digits", ";47617390010100100000=2812201?"],
    ["a PAN of 10 digits, of which a mask would hide nothing", ";4761739002=2812201?"],
    ["too long", `;4761739001010010=2812201${"0".repeat(20)}?`],
    ["two separators", ";4761739001010010=2812=201?"],
    ["nothing", ""],
  ])("refuses %s", (_, text) => {
    expect(parseTrack2(text)).toBeNull();
  });
});

test("track 1 gives its PAN", () => {
  expect(panOfTrack1("%B4761739001010010^TEST/CARD^28122011143800000000?")).toBe("4761739001010010");
  expect(panOfTrack1("%A12345^X?")).toBe("");
  expect(panOfTrack1("")).toBe("");
});

test("of a PAN six and four digits stay", () => {
  expect(maskPan("4761739001010010")).toBe("4761730010");
});
