/** Check digits and kinds of codes, against the sum as GS1 prints it. */
import { CodeKind, codeKind, expandUpcE } from "../../src/proto/gtin";
import { assert, digits, mutated, noise, pick } from "./inputs";
import type { Random } from "./runner";

const GOOD = ["4006381333931", "73513537", "036000291452", "06543217", "04252614", "00000000", "0000000000000"];

/** Positions from the right, 0 is the check digit. */
function isGood(text: string): boolean {
  const sum = [...text].reverse().reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

export function fuzz(random: Random): void {
  const good = pick(random, GOOD);
  const text = pick(random, [
    () => mutated(random, good),
    () => digits(random, good.length),
    () => digits(random, random(20)),
    () => noise(random, 20),
  ])();
  const kind = codeKind(text);
  const isNumber = /^[0-9]*$/.test(text) && !text.includes("\n");
  if (kind === CodeKind.Ean13) assert(isNumber && text.length === 13 && isGood(text), "EAN-13", text);
  else if (kind === CodeKind.Ean8) assert(isNumber && text.length === 8 && isGood(text), "EAN-8", text);
  else if (kind === CodeKind.UpcA) assert(isNumber && text.length === 12 && isGood(text), "UPC-A", text);
  else if (kind === CodeKind.UpcE) assert(isNumber && text.length === 8 && isGood(expandUpcE(text)), "UPC-E", text);
  else assert(!isNumber || ![8, 12, 13].includes(text.length) || !isGood(text), "other", text);
  const long = expandUpcE(text);
  assert(long === "" || long.length === 12, "UPC-E expands to 12 digits", text, long);
}
