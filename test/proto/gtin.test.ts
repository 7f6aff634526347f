/** Check digits and kinds of trade item numbers, against numbers that others have published. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodeKind, codeKind, expandUpcE, hasCheckDigit } from "../../src/proto/gtin";

/** GS1's own example of its check digit calculator, then numbers that stand as examples in encyclopaedias and ISBN documents. */
const PUBLISHED: readonly [string, CodeKind][] = [
  ["6291041500213", CodeKind.Ean13],
  ["4006381333931", CodeKind.Ean13],
  ["5901234123457", CodeKind.Ean13],
  ["9780201379624", CodeKind.Ean13],
  ["73513537", CodeKind.Ean8],
  ["96385074", CodeKind.Ean8],
  ["036000291452", CodeKind.UpcA],
  ["036000241457", CodeKind.UpcA],
  ["065100004327", CodeKind.UpcA],
  ["042100005264", CodeKind.UpcA],
  ["06543217", CodeKind.UpcE],
  ["04252614", CodeKind.UpcE],
];

describe.each(PUBLISHED)("%s", (digits, kind) => {
  test("is what it is published as", () => expect(codeKind(digits)).toBe(kind));

  test("no single wrong bit keeps it", () => {
    for (let at = 0; at < digits.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped =
          digits.slice(0, at) + String.fromCharCode(digits.charCodeAt(at) ^ (1 << bit)) + digits.slice(at + 1);
        // Eight digits from 0 on are UPC-E, which see above.
        if (digits.length === 8 && (kind === CodeKind.UpcE || flipped.startsWith("0"))) continue;
        expect(codeKind(flipped), flipped).toBe(CodeKind.Other);
      }
    }
  });

  test("nothing shorter is that kind", () => {
    for (let length = 0; length < digits.length; length++) expect(codeKind(digits.slice(0, length))).not.toBe(kind);
  });
});

// Not so for UPC-E: its last digit but one says where zeros go, so another one there is another number.
test.each(PUBLISHED.filter(([, kind]) => kind !== CodeKind.UpcE))(
  "%s with any other digit in any place is not good",
  (digits) => {
    for (let at = 0; at < digits.length; at++) {
      for (const digit of "0123456789") {
        const other = digits.slice(0, at) + digit + digits.slice(at + 1);
        if (other !== digits) expect(hasCheckDigit(other), other).toBe(false);
      }
    }
  },
);

test("GS1's example of the longest number with this check digit, an SSCC", () => {
  expect(hasCheckDigit("376104250021234569")).toBe(true);
  expect(hasCheckDigit("376104250021234568")).toBe(false);
});

/** ISO/IEC 15420: which zeros UPC-E leaves out. The first two are published pairs; the others are one of each rule, by hand. */
test.each([
  ["06543217", "065100004327"],
  ["04252614", "042100005264"],
  ["01234505", "012000003455"],
  ["01234515", "012100003455"],
  ["01234525", "012200003455"],
  ["01234535", "012300000455"],
  ["01234545", "012340000055"],
  ["01234555", "012345000055"],
  ["01234595", "012345000095"],
])("%s is short for %s", (short, long) => expect(expandUpcE(short)).toBe(long));

test.each(["", "0123456", "012345678", "11234567", "a2345678"])("%s is short for nothing", (text) =>
  expect(expandUpcE(text)).toBe(""),
);

/** The other way round, from the twelve digits: the rules of GS1's UPC-E, in words of their own. */
function shorten(upcA: string): string | null {
  const [maker, item] = [upcA.slice(1, 6), upcA.slice(6, 11)];
  const check = upcA[11];
  if (/^..[012]00$/.test(maker) && item.startsWith("00"))
    return `0${maker.slice(0, 2)}${item.slice(2)}${maker[2]}${check}`;
  if (/^...00$/.test(maker) && item.startsWith("000")) return `0${maker.slice(0, 3)}${item.slice(3)}3${check}`;
  if (/^....0$/.test(maker) && item.startsWith("0000")) return `0${maker.slice(0, 4)}${item[4]}4${check}`;
  if (/^0000[5-9]$/.test(item)) return `0${maker}${item[4]}${check}`;
  return null;
}

function withCheckDigit(digits: string): string {
  return [..."0123456789"].map((last) => digits + last).find(hasCheckDigit) ?? "";
}

test("what was shortened is expanded to the same number", () => {
  const six = fc.stringMatching(/^[0-9]{6}$/);
  fc.assert(
    fc.property(six, (digits) => {
      const long = expandUpcE(`0${digits}0`).slice(0, 11);
      const upcA = withCheckDigit(long);
      const short = `0${digits}${upcA[11]}`;
      expect(codeKind(short)).toBe(CodeKind.UpcE);
      // Some of the six-digit forms stand for a number that has a shorter rule; that form expands to the same number too.
      expect(expandUpcE(shorten(upcA) ?? short)).toBe(upcA);
    }),
    { numRuns: 5000, seed: 1 },
  );
});

test("a number made with its check digit is good, and its neighbours swapped are not unless they differ by 5", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{12}$/), fc.nat(11), (digits, at) => {
      const good = withCheckDigit(digits);
      expect(codeKind(good)).toBe(CodeKind.Ean13);
      const [a, b] = [Number(good[at]), Number(good[at + 1])];
      const swapped = good.slice(0, at) + b + a + good.slice(at + 2);
      expect(hasCheckDigit(swapped)).toBe(Math.abs(a - b) % 5 === 0);
    }),
    { seed: 1 },
  );
});

test.each([
  "",
  " ",
  "4006381333931 ",
  "\n4006381333931",
  "4006381333931\n",
  "40063813339３1",
  "-006381333931",
  "4.06381333931",
])("%j is no trade item number", (text) => expect(codeKind(text)).toBe(CodeKind.Other));
