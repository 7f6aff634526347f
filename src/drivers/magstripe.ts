/**
 * Magnetic stripe: the bits of a track to its text. ISO/IEC 7811-2 clauses 9 and 10: zeros lead in, then characters from the
 * start sentinel to the end sentinel, then the LRC, which makes the ones in every column of data bits even. Pure; no wait.
 * Leaves out: backward swipes, track 3.
 *
 * Part: F2F decoder head, tracks 1 and 2
 * Bus: clocked bits
 * Document: ISO/IEC 7811-2:2018 clauses 9 and 10, ISO/IEC 7813:2006
 * Pins: clock and data a track, VCC, GND
 * Slowest: no wait
 */
import { ALPHA, BAD, NUMERIC } from "./magstripe.table";

/** Track 1 has at most 79 characters of 7 bits (ISO/IEC 7813); the rest is leading and trailing zeros. */
export const TRACK_BITS_MAX = 1024;

/** Text of track 1 or 2, sentinels included, or "" when a bit is wrong, missing or too many. */
export function decodeTrack(track: number, bits: string): string {
  const chars = track === 1 ? ALPHA : NUMERIC;
  const size = track === 1 ? 7 : 5;
  const startSentinel = track === 1 ? "%" : ";";
  let at = bits.indexOf("1");
  if (at < 0 || bits.length > TRACK_BITS_MAX) return "";
  let text = "";
  let lrc = 0;
  while (at + size <= bits.length) {
    const pattern = parseInt(bits.substr(at, size), 2);
    const char = chars.charAt(pattern);
    if (char === BAD) return "";
    lrc ^= pattern;
    at += size;
    if (text.charAt(text.length - 1) === "?") {
      // The LRC itself. Its parity bit is its own, not that of the row of parity bits.
      return lrc >> 1 === 0 && text.charAt(0) === startSentinel ? text : "";
    }
    text += char;
  }
  return "";
}
