/**
 * The character of every pattern of bits that can pass a head (ISO/IEC 7811-2 tables 4 and 5), worked out at build time: the first
 * bit of the pattern is the least significant data bit, the last one is parity, and the number of ones is odd. Swiped backwards, the
 * same bits come the other way round.
 */

/** Stands where parity is wrong. */
export const BAD = "~";

function characters(dataBits: number, firstChar: number, isBackward: boolean): string {
  let text = "";
  for (let pattern = 0; pattern < 2 << dataBits; pattern++) {
    const read = pattern.toString(2).padStart(dataBits + 1, "0");
    const bits = isBackward ? read.split("").reverse().join("") : read;
    const ones = bits.split("1").length - 1;
    const value = parseInt(bits.slice(0, dataBits).split("").reverse().join(""), 2);
    text += ones % 2 === 1 ? String.fromCharCode(firstChar + value) : BAD;
  }
  return text;
}

/** Track 1: 6 data bits, from SPACE (20h) on. */
export const ALPHA = characters(6, 0x20, false);
export const ALPHA_BACKWARD = characters(6, 0x20, true);
/** Tracks 2 and 3: 4 data bits, from `0` (30h) on. */
export const NUMERIC = characters(4, 0x30, false);
export const NUMERIC_BACKWARD = characters(4, 0x30, true);
