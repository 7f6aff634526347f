/** Tracks 1 and 2: no card is made of what is none, and no mask shows a PAN. */
import { maskPan, panOfTrack1, parseTrack2 } from "../../src/proto/track";
import { assert, digits, mutated, noise, pick } from "./inputs";
import type { Random } from "./runner";

const GOOD = [
  ";4761739001010010=28122011143800000000?",
  ";5413330089020011=2812201?",
  ";6250947000000014=28122011143800000000?",
  ";378282246310005=2812201999999999?",
];

/** ISO/IEC 7812-1 annex B, by the table of doubled digits. */
function hasCheckDigit(pan: string): boolean {
  const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
  const sum = [...pan].reverse().reduce((total, digit, at) => total + (at % 2 ? doubled[+digit] : +digit), 0);
  return sum % 10 === 0;
}

export function fuzz(random: Random): void {
  const text = pick(random, [
    () => mutated(random, pick(random, GOOD)),
    () => `;${digits(random, random(22))}=${digits(random, random(22))}?`,
    () => noise(random, 45),
  ])();
  const card = parseTrack2(text);
  if (card) {
    const { pan, expiry, serviceCode } = card;
    assert(text.startsWith(`;${pan}=${expiry}${serviceCode}`) && text.endsWith("?"), "parts of the track", text, card);
    assert(/^\d{12,19}$/.test(pan) && hasCheckDigit(pan), "PAN", text);
    assert(/^\d\d(0[1-9]|1[0-2])$/.test(expiry) && /^\d{3}$/.test(serviceCode), "expiry and service code", text);
    const masked = maskPan(pan);
    assert(masked.length === 10 && !masked.includes(pan), "mask", pan, masked);
  }
  const pan = panOfTrack1(text.replace(";", "%B").replace("=", "^CARD^"));
  assert(!pan.includes("^"), "PAN of track 1", text, pan);
}
