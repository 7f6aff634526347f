/** Bits of a stripe: what is decoded, the twin writes as the very same bits. */
import { decodeTrack } from "../../src/drivers/magstripe";
import { trackBits } from "../../src/sim/twins/magstripe";
import { assert, pick } from "./inputs";
import type { Random } from "./runner";

const GOOD = [
  [1, trackBits(1, "%B4761739001010010^TEST/CARD ONE^28122011143800000000?")],
  [2, trackBits(2, ";4761739001010010=28122011143800000000?")],
  [2, trackBits(2, ";1=?")],
] as const;

function bits(random: Random, count: number): string {
  let text = "";
  for (let i = 0; i < count; i++) text += random(2);
  return text;
}

function spoilt(random: Random, good: string): string {
  let out = good;
  for (let changes = random(3); changes >= 0; changes--) {
    const at = random(out.length + 1);
    const [before, after] = [out.slice(0, at), out.slice(at)];
    const kind = random(5);
    if (kind === 0) out = before + after.slice(1);
    else if (kind === 1) out = before + bits(random, random(9)) + after;
    else if (kind === 2) out = before;
    else out = before + (after.startsWith("1") ? "0" : "1") + after.slice(1);
  }
  return out;
}

const fromFirstOne = (text: string) => text.slice(text.indexOf("1"));

export function fuzz(random: Random): void {
  const [track, good] = pick(random, GOOD);
  const read = random(6) === 0 ? bits(random, random(1200)) : spoilt(random, good);
  const text = decodeTrack(track, read);
  if (text === "") return;
  const written = fromFirstOne(trackBits(track, text));
  const kept = written.slice(0, written.lastIndexOf("1") + 1);
  assert(fromFirstOne(read).startsWith(kept), "decoded as written", track, read, text);
}
