/** Bits of a track to text: captures of heads, the tables of the standard, every wrong bit, and cards pulled by unsteady hands. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import {
  openStripe,
  readTrack,
  type Stripe,
  StripeFault,
  stripeQuality,
  TRACK_BITS_MAX,
} from "../../src/drivers/magstripe";
import { parseTrack2 } from "../../src/proto/track";
import { seededBytes } from "../../src/sim/random";
import { damaged, flipBit, passHead, trackBits, type TrackNumber } from "../../src/sim/twins/magstripe";
import { ALPHA_TABLE, BCD_TABLE, CAPTURES, UNREADABLE } from "../vectors/magstripe";

const TRACK1 = "%B4761739001010010^TEST/CARD ONE^28122011143800000000?";
const TRACK2 = ";4761739001010010=28122011143800000000?";
const TRACK3 =
  ";011234567890123445=724724000000000****00300XXXX020200099010=********************==1=100000000000000000**?".replace(
    /[*X]/g,
    "0",
  );

let stripe: Stripe;
beforeEach(() => {
  stripe = openStripe();
});

const read = (track: number, bits: string) => readTrack(stripe, track, bits);
const reversed = (bits: string) => [...bits].reverse().join("");

/** A whole number below `limit`. */
function below(random: (count: number) => string): (limit: number) => number {
  return (limit) =>
    ((random(1).charCodeAt(0) << 16) | (random(1).charCodeAt(0) << 8) | random(1).charCodeAt(0)) % limit;
}

describe.each(CAPTURES)("$from, track $track", ({ track, bits, text }) => {
  test("reads as published, in both directions", () => {
    expect(read(track, bits)).toBe(text);
    expect(stripe.isBackward).toBe(false);
    expect(read(track, reversed(bits))).toBe(text);
    expect(stripe.isBackward).toBe(true);
  });

  test("has no wrong bit that goes unnoticed, and no end too early", () => {
    const first = bits.indexOf("1");
    const lrcEnd = first + (text.length + 1) * (track === 1 ? 7 : 5);
    for (let bit = 0; bit < bits.length; bit++) {
      const told = read(track, flipBit(bits, bit));
      expect(["", text], `bit ${bit}`).toContain(told);
      if (bit >= first && bit < lrcEnd) expect(told, `bit ${bit}`).toBe("");
      expect(["", text], `bit ${bit}, backwards`).toContain(read(track, reversed(flipBit(bits, bit))));
    }
    for (let length = 0; length < lrcEnd; length++) expect(read(track, bits.slice(0, length))).toBe("");
    for (let from = first + 1; from <= lrcEnd; from++) expect(read(track, bits.slice(from))).toBe("");
  });
});

test("a capture that nobody could read stays unread", () => {
  expect(read(2, UNREADABLE)).toBe("");
  expect(read(1, UNREADABLE)).toBe("");
  expect(read(3, UNREADABLE)).toBe("");
});

describe("every character of the printed tables", () => {
  /** Sentinels and LRC put together by hand from the same table. */
  const card = (table: readonly string[], start: number, code: number) => {
    const lrc = [start, code, 31 & (table.length - 1)].reduce((sum, each) => sum ^ each, 0);
    const end = table.length > 16 ? 31 : 15;
    const codes = [start, code, end, start ^ code ^ end];
    expect(lrc).toBeGreaterThanOrEqual(0);
    return codes.every((each) => table[each] !== undefined)
      ? `000000${codes.map((each) => table[each]).join("")}000000`
      : "";
  };

  test("tracks 2 and 3", () => {
    for (let code = 0; code < 15; code++) {
      // 10, 12 and 14 are for hardware control.
      const text = [10, 12, 14].includes(code) ? "" : `;${String.fromCharCode(48 + code)}?`;
      for (const track of [2, 3]) expect(read(track, card(BCD_TABLE, 11, code))).toBe(text);
    }
  });

  test("track 1", () => {
    let seen = 0;
    for (let code = 0; code < ALPHA_TABLE.length; code++) {
      const bits = card(ALPHA_TABLE, 5, code);
      if (code === 31 || bits === "") continue;
      seen++;
      expect(read(1, bits)).toBe(`%${String.fromCharCode(32 + code)}?`);
    }
    expect(seen).toBeGreaterThan(40);
  });
});

describe("what the twin writes, the driver reads", () => {
  test.each([
    [1, /^[ -$&->@-_]{1,76}$/, "%"],
    [2, /^[0-9=]{1,37}$/, ";"],
    [3, /^[0-9=]{1,104}$/, ";"],
  ] as const)("track %i, in both directions", (track, pattern, start) => {
    fc.assert(
      fc.property(fc.stringMatching(pattern), fc.boolean(), (data, back) => {
        const text = `${start}${data}?`;
        return read(track, damaged(trackBits(track, text), { back })) === text;
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("and nothing longer than a track", () => {
    expect(read(1, trackBits(1, `%${"A".repeat(77)}?`))).toBe("");
    expect(read(2, trackBits(2, `;${"1".repeat(38)}?`))).toBe("");
    expect(read(3, trackBits(3, `;${"1".repeat(104)}?`))).not.toBe("");
    expect(read(3, trackBits(3, `;${"1".repeat(105)}?`))).toBe("");
    expect(stripe.fault).toBe(StripeFault.NoEnd);
  });
});

describe.each([
  [1, TRACK1],
  [2, TRACK2],
  [3, TRACK3],
] as const)("track %i", (track, text) => {
  const bits = trackBits(track, text);
  const first = bits.indexOf("1");
  const last = first + (text.length + 1) * (track === 1 ? 7 : 5) - 1;

  test("one wrong bit anywhere in the data gives nothing, in both directions", () => {
    for (let bit = first; bit <= last; bit++) {
      expect(read(track, flipBit(bits, bit)), `bit ${bit}`).toBe("");
      expect(read(track, reversed(flipBit(bits, bit))), `bit ${bit}, backwards`).toBe("");
    }
  });

  test("one missing or doubled bit never gives another text", () => {
    for (let bit = 0; bit < bits.length; bit++) {
      for (const back of [false, true]) {
        expect(["", text]).toContain(read(track, damaged(bits, { drop: [bit], back })));
        expect(["", text]).toContain(read(track, damaged(bits, { double: [bit], back })));
      }
    }
  });

  test("a swipe that begins late or ends early gives nothing, once data are gone", () => {
    for (let gone = 0; gone < bits.length; gone++) {
      expect(read(track, damaged(bits, { late: gone }))).toBe(gone <= first ? text : "");
      const told = read(track, damaged(bits, { early: gone }));
      // The last bits of the LRC may be zeros; the text is whole either way.
      expect(["", text]).toContain(told);
      if (gone >= bits.length - last) expect(told).toBe("");
    }
  });

  test("stray ones at the edges of the card do no harm, more of them are a bad read", () => {
    const noise = (ones: number) => `${"1".repeat(ones)}000`;
    expect(read(track, noise(1) + bits)).toBe(text);
    expect(read(track, noise(3) + bits + reversed(noise(3)))).toBe(text);
    expect(read(track, reversed(noise(3) + bits + reversed(noise(3))))).toBe(text);
    expect(read(track, noise(5) + bits)).toBe("");
  });
});

test("every two and three wrong bits of a track 2 are noticed", () => {
  const bits = trackBits(2, TRACK2);
  const first = bits.indexOf("1");
  const random = below(seededBytes(5));
  const size = (TRACK2.length + 1) * 5;
  for (let a = first; a < first + size; a++) {
    for (let b = a + 1; b < first + size; b++) {
      expect(read(2, flipBit(flipBit(bits, a), b))).toBe("");
    }
  }
  for (let i = 0; i < 20_000; i++) {
    const at = new Set([first + random(size), first + random(size), first + random(size)]);
    expect(read(2, [...at].reduce(flipBit, bits))).toBe("");
  }
});

/** The text that begins at `from`, if parity and LRC allow it: written from the standard, slowly. */
function readingAt(bits: string, from: number): string {
  const columns = [0, 0, 0, 0];
  let text = "";
  for (let at = from; at + 5 <= bits.length; at += 5) {
    const char = [...bits.slice(at, at + 5)].map(Number);
    if (char.reduce((sum, bit) => sum + bit, 0) % 2 === 0) return "";
    columns.forEach((sum, column) => (columns[column] = (sum + (char[column] ?? 0)) % 2));
    if (text.endsWith("?")) return columns.every((each) => each === 0) ? text : "";
    const [a = 0, b = 0, c = 0, d = 0] = char;
    text += "0123456789:;<=>?".charAt(a + 2 * b + 4 * c + 8 * d);
  }
  return "";
}

/** All texts that parity and LRC allow in `bits`, wherever they begin, whichever way round. */
function readings(bits: string): string[] {
  return [bits, reversed(bits)].flatMap((way) => [...way].map((_, from) => readingAt(way, from)));
}

test("100,000 spoilt swipes: none is taken that parity, LRC and check digit could have refused, and none is another card", () => {
  const random = below(seededBytes(11));
  const bits = trackBits(2, TRACK2);
  const places = (most: number) => Array.from({ length: random(most) }, () => random(bits.length));
  let good = 0;
  for (let i = 0; i < 100_000; i++) {
    const spoilt = damaged(bits, {
      flip: places(6),
      drop: random(3) === 0 ? places(4) : [],
      double: random(3) === 0 ? places(4) : [],
      late: random(8) === 0 ? random(60) : 0,
      early: random(8) === 0 ? random(60) : 0,
      back: random(2) === 0,
    });
    const text = read(2, spoilt);
    if (text === TRACK2) good++;
    else if (text !== "") {
      expect(readings(spoilt)).toContain(text);
      // What passes all three has wrong digits behind the PAN only; the issuer's own check value is against those.
      expect([undefined, "4761739001010010"]).toContain(parseTrack2(text)?.pan);
    }
  }
  expect(good).toBeGreaterThan(5_000);
});

describe("a hand that is not steady", () => {
  const random = below(seededBytes(3));
  const jitter = (part: number) => () => (random(2001) / 1000 - 1) * part;

  test.each([
    ["even", () => 1],
    ["four times as fast at the end", (index: number) => 1 / (1 + index / 80)],
    ["four times as slow at the end", (index: number) => 1 + index / 80],
    ["in waves", (index: number) => 1 + 0.4 * Math.sin(index / 12)],
  ] as const)("%s is read", (_, cellMs) => {
    for (const [track, text] of [
      [1, TRACK1],
      [2, TRACK2],
      [3, TRACK3],
    ] as const) {
      for (let i = 0; i < 20; i++)
        expect(read(track, passHead(trackBits(track, text), cellMs, jitter(0.02)))).toBe(text);
    }
  });

  test("jerking or scratched is read right or not at all", () => {
    let good = 0;
    for (let i = 0; i < 2_000; i++) {
      const jerkAt = random(250);
      const cellMs = (index: number) => (index > jerkAt && index < jerkAt + 20 ? 0.6 + random(100) / 125 : 1);
      const told = read(2, passHead(trackBits(2, TRACK2), cellMs, jitter(0.08)));
      expect(["", TRACK2]).toContain(told);
      if (told !== "") good++;
    }
    expect(good).toBeGreaterThan(0);
    expect(good).toBeLessThan(2_000);
  });
});

test("noise is no card, and overlong input is not even looked at", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("0", "1"), maxLength: 600 }), (bits) => {
      const text = read(2, bits);
      return text === "" || readings(bits).includes(text);
    }),
    { seed: 2, numRuns: 20_000 },
  );
  expect(read(2, trackBits(2, TRACK2) + "0".repeat(TRACK_BITS_MAX))).toBe("");
});

describe("for service", () => {
  const good = (track: TrackNumber = 2) => trackBits(track, track === 1 ? TRACK1 : TRACK2);

  test("the fault of the last read is told", () => {
    const bits = good();
    const first = bits.indexOf("1");
    expect([read(2, bits), stripe.fault]).toEqual([TRACK2, StripeFault.None]);
    expect([read(2, "0".repeat(200)), stripe.fault]).toEqual(["", StripeFault.Blank]);
    expect([read(2, ""), stripe.fault]).toEqual(["", StripeFault.Blank]);
    expect([read(2, `0001${"01110".repeat(9)}`), stripe.fault]).toEqual(["", StripeFault.NoStart]);
    expect([read(2, flipBit(bits, first + 30)), stripe.fault]).toEqual(["", StripeFault.Parity]);
    expect([read(2, flipBit(flipBit(bits, first + 30), first + 31)), stripe.fault]).toEqual(["", StripeFault.Lrc]);
    expect([read(2, bits.slice(0, first + 100)), stripe.fault]).toEqual(["", StripeFault.NoEnd]);
    expect([read(2, trackBits(2, ";12<34?")), stripe.fault]).toEqual(["", StripeFault.Control]);
    expect([read(2, trackBits(2, ";?")), stripe.fault]).toEqual(["", StripeFault.Control]);
    expect(stripe.faultCount).toEqual([1, 2, 1, 1, 1, 1, 2]);
  });

  test("good and bad reads of each track are counted, blank ones are not", () => {
    for (let i = 0; i < 5; i++) read(2, good());
    read(2, reversed(good()));
    read(2, flipBit(good(), 60));
    read(3, "0".repeat(300));
    read(1, good(1));
    expect(stripe.goodCount).toEqual([0, 1, 6, 0]);
    expect(stripe.badCount).toEqual([0, 0, 1, 0]);
    expect(stripe.backwardCount).toBe(1);
  });

  test("quality is the share of good reads among the last 31", () => {
    expect(stripeQuality(stripe, 2)).toBe(100);
    for (let i = 0; i < 31; i++) read(2, flipBit(good(), 60));
    expect(stripeQuality(stripe, 2)).toBe(0);
    expect(stripeQuality(stripe, 1)).toBe(100);
    for (let i = 0; i < 20; i++) read(2, good());
    expect(stripeQuality(stripe, 2)).toBe(64);
    for (let i = 0; i < 11; i++) read(2, good());
    expect(stripeQuality(stripe, 2)).toBe(100);
  });
});
