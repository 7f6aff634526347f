/** QR code (ISO/IEC 18004) versions 1 to 10 at level M: table 9 (codewords), annex E (alignment patterns), annex D (version information). */

interface Version {
  readonly ecCodewords: number;
  /** Blocks, and data codewords of the first one. Blocks that have one more stand at the end. */
  readonly blocks: number;
  readonly dataCodewords: number;
  readonly longBlocks: number;
  /** Centres of the alignment patterns, without the one at 6. */
  readonly centres: readonly number[];
}

const VERSIONS: readonly Version[] = [
  { ecCodewords: 10, blocks: 1, dataCodewords: 16, longBlocks: 0, centres: [] },
  { ecCodewords: 16, blocks: 1, dataCodewords: 28, longBlocks: 0, centres: [18] },
  { ecCodewords: 26, blocks: 1, dataCodewords: 44, longBlocks: 0, centres: [22] },
  { ecCodewords: 18, blocks: 2, dataCodewords: 32, longBlocks: 0, centres: [26] },
  { ecCodewords: 24, blocks: 2, dataCodewords: 43, longBlocks: 0, centres: [30] },
  { ecCodewords: 16, blocks: 4, dataCodewords: 27, longBlocks: 0, centres: [34] },
  { ecCodewords: 18, blocks: 4, dataCodewords: 31, longBlocks: 0, centres: [22, 38] },
  { ecCodewords: 22, blocks: 4, dataCodewords: 38, longBlocks: 2, centres: [24, 42] },
  { ecCodewords: 22, blocks: 5, dataCodewords: 36, longBlocks: 2, centres: [26, 46] },
  { ecCodewords: 26, blocks: 5, dataCodewords: 43, longBlocks: 1, centres: [28, 50] },
];

/** Six characters a version, each a number from `0` (30h) on: the fields above, centres last, 0 for none. */
export const VERSION_LENGTH = 6;
export const VERSION_TABLE = VERSIONS.map(({ ecCodewords, blocks, dataCodewords, longBlocks, centres }) =>
  [ecCodewords, blocks, dataCodewords, longBlocks, centres[0] ?? 0, centres[1] ?? 0]
    .map((value) => String.fromCharCode(0x30 + value))
    .join(""),
).join("");

/** Remainder of `value` by the generator polynomial, both bit by bit. */
function remainder(value: number, generator: number): number {
  const degree = generator.toString(2).length;
  let rest = value;
  while (rest.toString(2).length >= degree) rest ^= generator << (rest.toString(2).length - degree);
  return rest;
}

/** Version information of versions 7 to 10: six bits and the (18, 6) Golay code's twelve, the low bit first. */
export const VERSION_BITS = [7, 8, 9, 10]
  .map((version) => (version << 12) | remainder(version << 12, 0x1f25))
  .map((bits) => [...bits.toString(2).padStart(18, "0")].reverse().join(""))
  .join("");

/** The mask of all symbols (table 10: rows and columns that add up to an even number are turned over). Readers take any. */
const MASK = 0;
/** Level M is 00 (table 12); (15, 5) BCH code, turned over by the constant of clause 7.9. Bit 14 first. */
export const FORMAT_BITS = (((MASK << 10) | remainder(MASK << 10, 0x537)) ^ 0x5412).toString(2).padStart(15, "0");
