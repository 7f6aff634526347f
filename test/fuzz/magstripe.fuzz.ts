/** Tracks as a bad head gives them: what is read must stand in the bits, in one direction or the other. */
import { openStripe, readTrack, stripeQuality } from "../../src/drivers/magstripe";
import { flipBit, trackBits } from "../../src/sim/twins/magstripe";

const LEAD = 22;
const TRACKS = (
  [
    [1, "%B4761739001010010^TEST/CARD ONE^28122011143800000000?"],
    [1, "%67707208?"],
    [2, ";4761739001010010=28122011143800000000?"],
    [2, ";160015527791?"],
    [3, ";011234567890123445=724724000000000000000300000020200099010=000000000000=1=1000000?"],
  ] as const
).map(([track, text]) => ({ track, bits: trackBits(track, text) }));

const stripe = openStripe();
const reversed = (bits: string) => [...bits].reverse().join("");

/** One more thing that can go wrong. */
function spoil(bits: string, random: (below: number) => number): string {
  const at = random(bits.length + 1);
  const many = random(12);
  switch (random(8)) {
    case 0:
      return bits.slice(0, at) + bits.slice(at + many);
    case 1:
      return bits.slice(0, at) + bits.slice(at, at + many) + bits.slice(at);
    case 2:
      return bits.slice(at);
    case 3:
      return bits.slice(0, at);
    case 4:
      return reversed(bits);
    case 5:
      return "1".repeat(many) + "0".repeat(random(20)) + bits;
    default:
      return at < bits.length ? flipBit(bits, at) : bits;
  }
}

export function fuzz(random: (below: number) => number): void {
  const { track, bits } = TRACKS[random(TRACKS.length)] ?? { track: 2 as const, bits: "" };
  let spoilt = bits;
  if (random(16) === 0)
    spoilt = random(2 ** 30)
      .toString(2)
      .repeat(random(40));
  for (let left = random(5); left > 0; left--) spoilt = spoil(spoilt, random);
  const other = random(20) === 0 ? 1 + random(3) : track;
  const text = readTrack(stripe, other, spoilt);
  if (stripeQuality(stripe, other) < 0 || stripeQuality(stripe, other) > 100) throw new Error("quality");
  if (text === "") {
    if (stripe.fault === 0) throw new Error("nothing read, and no fault");
    return;
  }
  const written = trackBits(other as 1 | 2 | 3, text).slice(LEAD, -LEAD);
  const isThere = stripe.isBackward ? reversed(spoilt).includes(written) : spoilt.includes(written);
  if (!isThere || stripe.fault !== 0) throw new Error(`${text} is not in ${spoilt}`);
}
