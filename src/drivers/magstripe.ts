/**
 * Magnetic stripe behind a head with clock and data lines: the bits of a track to its text. Zeros lead in, then characters from the
 * start sentinel to the end sentinel, then the LRC, which makes the ones in every column of data bits even; its parity bit is its
 * own. Swiped backwards the same bits come the other way round. Pure.
 *
 * Part: F2F decoder head, tracks 1 to 3
 * Bus: clocked bits
 * Document: ISO/IEC 7811-2:2018 clauses 9 and 10, ISO/IEC 7813:2006, ISO/IEC 4909:2006 (track 3)
 * Pins: clock and data a track, VCC, GND
 * Slowest: no wait
 */
import { ALPHA, ALPHA_BACKWARD, BAD, NUMERIC, NUMERIC_BACKWARD } from "./magstripe.table";

/** Track 1 has 79 characters of 7 bits, track 3 has 107 of 5 (ISO/IEC 7813, 4909); the rest is leading and trailing zeros. */
export const TRACK_BITS_MAX = 1024;
/** Characters of a track, sentinels and LRC included. */
const ALPHA_MAX = 79;
const TRACK2_MAX = 40;
const TRACK3_MAX = 107;
/** `%` and `;`, least significant bit first, and the same backwards. */
const ALPHA_START = "1010001";
const ALPHA_TRATS = "1000101";
const NUMERIC_START = "11010";
const NUMERIC_TRATS = "01011";
/** More zeros than two characters can have between their ones. */
const NUMERIC_LEAD = "0000000000";
const ALPHA_LEAD = "00000000000000";
/** Ones that may stand alone before the lead-in: the head touched the edge of the card. */
const STRAY_MAX = 3;
/** The quality figure looks back so many swipes: the bits of a number. */
const SWIPES = 31;

export const enum StripeFault {
  None = 0,
  /** No ones at all: the card does not have this track. */
  Blank = 1,
  /** No start sentinel in either direction, or more bits than a card has. */
  NoStart = 2,
  Parity = 3,
  Lrc = 4,
  /** No end sentinel. */
  NoEnd = 5,
  /** No data, or `:`, `<` or `>` on track 2 or 3, which are for hardware control (ISO/IEC 7811-2 table 5). Parity and LRC are right. */
  Control = 6,
}

/** What the head has read since power-on, for service. Indices 1 to 3 are tracks; blank ones do not count. */
export interface Stripe {
  /** Of the last read. */
  fault: StripeFault;
  isBackward: boolean;
  goodCount: number[];
  badCount: number[];
  /** One bit a swipe, the last one lowest: 1 was bad. */
  history: number[];
  backwardCount: number;
  /** Reads by fault. */
  faultCount: number[];
}

export function openStripe(): Stripe {
  return {
    fault: StripeFault.None,
    isBackward: false,
    goodCount: [0, 0, 0, 0],
    badCount: [0, 0, 0, 0],
    history: [0, 0, 0, 0],
    backwardCount: 0,
    faultCount: [0, 0, 0, 0, 0, 0, 0],
  };
}

/** Text of track 1, 2 or 3, sentinels included, or "" when a bit is wrong, missing or too many; `stripe.fault` says what. */
export function readTrack(stripe: Stripe, track: number, bits: string): string {
  const text = decode(stripe, track, bits);
  stripe.faultCount[stripe.fault]++;
  if (stripe.fault === StripeFault.Blank) return "";
  const isBad = text === "" ? 1 : 0;
  stripe.history[track] = ((stripe.history[track] << 1) | isBad) & 0x7fffffff;
  if (isBad) stripe.badCount[track]++;
  else stripe.goodCount[track]++;
  if (stripe.isBackward && !isBad) stripe.backwardCount++;
  return text;
}

/** Percent of the last 31 swipes that a track was read; 100 for a head that is new. Below 90 it wants cleaning. */
export function stripeQuality(stripe: Stripe, track: number): number {
  let goodCount = SWIPES;
  for (let bits = stripe.history[track]; bits; bits &= bits - 1) goodCount--;
  return ((goodCount * 100) / SWIPES) | 0;
}

function decode(stripe: Stripe, track: number, bits: string): string {
  stripe.isBackward = false;
  stripe.fault = bits.indexOf("1") < 0 ? StripeFault.Blank : StripeFault.NoStart;
  if (stripe.fault === StripeFault.Blank || bits.length > TRACK_BITS_MAX) return "";
  const isAlpha = track === 1;
  const at = startOf(bits, isAlpha ? ALPHA_START : NUMERIC_START, isAlpha ? ALPHA_LEAD : NUMERIC_LEAD);
  const text = at < 0 ? "" : follow(stripe, track, bits, at, isAlpha ? ALPHA : NUMERIC);
  if (text !== "" || (stripe.fault as StripeFault) === StripeFault.Control) return text;
  const fault = stripe.fault;
  const end = endOf(bits, isAlpha ? ALPHA_TRATS : NUMERIC_TRATS, isAlpha ? ALPHA_LEAD : NUMERIC_LEAD);
  if (end < 0) return "";
  stripe.isBackward = true;
  const back = follow(stripe, track, bits, end, isAlpha ? ALPHA_BACKWARD : NUMERIC_BACKWARD);
  // What was wrong with the better of two bad reads, as far as that can be told: the one that had a start.
  if (back === "" && fault !== StripeFault.NoStart) stripe.fault = fault;
  return back;
}

/** Where the start sentinel is, or -1: the first one, or behind stray ones and a lead-in. */
function startOf(bits: string, start: string, lead: string): number {
  const first = bits.indexOf("1");
  if (bits.substr(first, start.length) === start) return first;
  const at = indexOfAll(bits, lead + start);
  return at >= 0 && areStray(bits.substr(0, at)) ? at + lead.length : -1;
}

/** The same from the other end: where the bits of the start sentinel begin. */
function endOf(bits: string, trats: string, lead: string): number {
  const last = lastOne(bits) - trats.length + 1;
  if (last >= 0 && bits.substr(last, trats.length) === trats) return last;
  const at = indexOfAll(bits, trats + lead);
  return at >= 0 && areStray(bits.substr(at + trats.length)) ? at : -1;
}

/** On Espruino `indexOf` also finds what only begins at the very end; it cannot begin with a character that `wanted` does not have. */
function indexOfAll(bits: string, wanted: string): number {
  return (bits + ".").indexOf(wanted);
}

/** `lastIndexOf`, which only strings have on Espruino, so that nobody may use it: halves of the rest that hold no one are cut off. */
function lastOne(bits: string): number {
  let length = bits.length;
  for (let cut = TRACK_BITS_MAX; cut > 0; cut >>= 1) {
    if (cut <= length && bits.substr(length - cut, cut).indexOf("1") < 0) length -= cut;
  }
  return length - 1;
}

function areStray(bits: string): boolean {
  let at = bits.indexOf("1");
  for (let left = STRAY_MAX; left > 0 && at >= 0; left--) at = bits.indexOf("1", at + 1);
  return at < 0;
}

/** Characters from `at` on to the LRC; sets the fault. Backwards, parity is the first bit of a pattern, else the last. */
function follow(stripe: Stripe, track: number, bits: string, at: number, chars: string): string {
  const size = track === 1 ? 7 : 5;
  const step = stripe.isBackward ? -size : size;
  const dataBits = (1 << (size - 1)) - 1;
  let text = "";
  let lrc = 0;
  let left = track === 1 ? ALPHA_MAX : track === 2 ? TRACK2_MAX : TRACK3_MAX;
  let char = "";
  while (left > 0 && at >= 0 && at + size <= bits.length) {
    const pattern = parseInt(bits.substr(at, size), 2);
    const isLrc = char === "?";
    char = chars.charAt(pattern);
    if (char === BAD) {
      stripe.fault = StripeFault.Parity;
      return "";
    }
    lrc ^= pattern;
    if (isLrc) {
      const isEven = (stripe.isBackward ? lrc & dataBits : lrc >> 1) === 0;
      const isControl = text.length < 3 || (track !== 1 && /[:<>]/.test(text));
      stripe.fault = !isEven ? StripeFault.Lrc : isControl ? StripeFault.Control : StripeFault.None;
      return stripe.fault === StripeFault.None ? text : "";
    }
    text += char;
    at += step;
    left--;
  }
  stripe.fault = StripeFault.NoEnd;
  return "";
}
