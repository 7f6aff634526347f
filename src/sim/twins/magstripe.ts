/**
 * A card passing the head: text to the bits of ISO/IEC 7811-2, low bit first, odd parity, LRC, zeros before and after. Written
 * from the standard's tables, without the driver's.
 */

const LEAD_IN_BITS = 22;

/** Parity makes the number of ones odd. */
function withParity(value: number, dataBits: number): string {
  const bits = Array.from({ length: dataBits }, (_, index) => (value >> index) & 1);
  const ones = bits.reduce((sum, bit) => sum + bit, 0);
  return [...bits, (ones + 1) % 2].join("");
}

/** Bits of `text`, sentinels included, as a head gives them. Throws for a character that the track does not have. */
export function trackBits(track: 1 | 2, text: string): string {
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
