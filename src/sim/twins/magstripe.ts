/**
 * A card passing the head: text to the bits of ISO/IEC 7811-2 (tracks 1, 2) and ISO/IEC 4909 (track 3), low bit first, odd parity, LRC,
 * zeros before and after; what can go wrong on the way; and the ASCII that a reader with its own decoder sends. Written from the
 * standards' tables, without the driver's.
 */

const LEAD_IN_BITS = 22;

export type TrackNumber = 1 | 2 | 3;

/** Damage to a track: numbers of bits, counted from the first, leading zeros included. */
export interface Damage {
  flip?: readonly number[];
  /** The head missed them. */
  drop?: readonly number[];
  /** The head saw them twice. */
  double?: readonly number[];
  /** Bits that went by before the head was on the stripe, and after it had left it. */
  late?: number;
  early?: number;
  /** The card was pulled the other way. */
  back?: boolean;
}

/** Parity makes the number of ones odd. */
function withParity(value: number, dataBits: number): string {
  const bits = Array.from({ length: dataBits }, (_, index) => (value >> index) & 1);
  const ones = bits.reduce((sum, bit) => sum + bit, 0);
  return [...bits, (ones + 1) % 2].join("");
}

/** Bits of `text`, sentinels included, as a head gives them. Throws for a character that the track does not have. */
export function trackBits(track: TrackNumber, text: string): string {
  const dataBits = track === 1 ? 6 : 4;
  const first = track === 1 ? 0x20 : 0x30;
  const values = [...text].map((char) => {
    const value = char.charCodeAt(0) - first;
    if (value < 0 || value >= 1 << dataBits) throw new Error(`track ${track} cannot hold ${JSON.stringify(char)}`);
    return value;
  });
  const lrc = values.reduce((sum, value) => sum ^ value, 0);
  const zeros = "0".repeat(LEAD_IN_BITS);
  return zeros + [...values, lrc].map((value) => withParity(value, dataBits)).join("") + zeros;
}

/** Throws for a bit that the track does not have. */
export function flipBit(bits: string, index: number): string {
  if (index < 0 || index >= bits.length) throw new Error(`bit ${index} is none of the track's ${bits.length}`);
  return bits.slice(0, index) + (bits[index] === "1" ? "0" : "1") + bits.slice(index + 1);
}

/** What the head makes of `bits`. Every number counts the bits of the whole card. Throws for bits that the track does not have. */
export function damaged(
  bits: string,
  { flip = [], drop = [], double = [], late = 0, early = 0, back }: Damage,
): string {
  for (const bit of [...drop, ...double]) flipBit(bits, bit);
  if (late < 0 || early < 0) throw new Error("no swipe begins before the card or ends behind it");
  const read = [...flip.reduce(flipBit, bits)].map((bit, index) =>
    drop.includes(index) ? "" : double.includes(index) ? bit + bit : bit,
  );
  const seen = read.slice(late, read.length - early);
  return [...(back ? seen.reverse() : seen)].join("");
}

/**
 * F2F at the head: each bit cell begins with a flux transition, a one has another in its middle. The head's chip takes a transition
 * before three quarters of the last cell for the middle one, and so follows a hand that is not steady. `cellMs` says how long a cell
 * lasts under this hand, `jitter` by what part of it a transition is displaced.
 */
export function passHead(bits: string, cellMs: (index: number) => number, jitter: () => number): string {
  const transitionsMs: number[] = [];
  let nowMs = 0;
  [...bits].forEach((bit, index) => {
    const lastsMs = cellMs(index);
    transitionsMs.push(nowMs + jitter() * lastsMs);
    if (bit === "1") transitionsMs.push(nowMs + (0.5 + jitter()) * lastsMs);
    nowMs += lastsMs;
  });
  let read = "";
  let lastMs = cellMs(0);
  let isHalf = false;
  for (let i = 1; i < transitionsMs.length; i++) {
    const sinceMs = (transitionsMs[i] ?? 0) - (transitionsMs[i - 1] ?? 0);
    if (sinceMs > 0.75 * lastMs) {
      read += "0";
      lastMs = sinceMs;
      isHalf = false;
    } else if (isHalf) {
      read += "1";
      lastMs = sinceMs + (transitionsMs[i - 1] ?? 0) - (transitionsMs[i - 2] ?? 0);
      isHalf = false;
    } else {
      isHalf = true;
    }
  }
  return read;
}

export interface Tracks {
  t1?: string | undefined;
  t2?: string | undefined;
  t3?: string | undefined;
}

/** What a reader with a UART sends (MagTek 99875051-7, figure 3-2): the tracks in order, track 3 begins with `+`, then CR. */
export function asciiFrame({ t1 = "", t2 = "", t3 = "" }: Tracks): string {
  return `${t1}${t2}${t3.replace(/^;/, "+")}\r`;
}
