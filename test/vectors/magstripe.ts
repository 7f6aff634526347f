/**
 * Bits as heads gave them, and characters as tables print them; none of it made with this project's code.
 * - Captures published as `test_data` of ossguy/libbitconvert at a69cd94 (ISC licence): shop and club cards; the first bit is the first
 *   one that passed the head.
 * - Captures published in tests of Induct-ie/magstripe-rs at 4a02bdc (MPL 2.0), turned round here: that head gives inverted bits.
 * - Character tables as in Phrack 37-6 ("Card-O-Rama", 1992, "ANSI/ISO BCD Data Format" and "ANSI/ISO ALPHA Data Format"), least significant
 *   bit first, parity last.
 */

const zeros = (count: number) => "0".repeat(count);

function inverted(bytes: readonly number[], bitCount: number): string {
  return bytes
    .map((byte) => (~byte & 255).toString(2).padStart(8, "0"))
    .join("")
    .slice(0, bitCount);
}

export interface Capture {
  from: string;
  track: 1 | 2;
  bits: string;
  text: string;
}

export const CAPTURES: readonly Capture[] = [
  {
    from: "magstripe-rs, integration_tests",
    track: 2,
    bits: inverted([255, 255, 255, 151, 222, 246, 253, 190, 141, 247, 7, 127, 255, 255, 255, 255, 192], 130),
    text: ";0004048712?",
  },
  {
    from: "magstripe-rs, track2_tests, a fob",
    track: 2,
    bits: inverted([255, 255, 255, 151, 222, 242, 135, 119, 239, 102, 4, 191, 255, 255, 255, 255, 192], 130),
    text: ";0005721443?",
  },
  {
    from: "magstripe-rs, track2_tests, through a contactless reader",
    track: 2,
    bits: inverted([255, 255, 255, 229, 243, 253, 235, 153, 239, 53, 192, 175, 255, 255, 240], 116),
    text: ";0100231132?",
  },
  {
    from: "libbitconvert, brock_conference_card; a one from behind the stripe",
    track: 2,
    bits: `${zeros(8)}1101010000101010100001000101011000011111001${zeros(193)}1`,
    text: ";152251?",
  },
  {
    from: "libbitconvert, eb_edge; a one from behind the stripe",
    track: 2,
    bits: `${zeros(8)}11010100000110100001000011000010101101010100011100111001001110000111110001${zeros(156)}1`,
    text: ";160015527791?",
  },
  {
    from: "libbitconvert, mm_meat_shops_max-6770",
    track: 1,
    bits: `${zeros(47)}10100010110100111010111101010000100111010101001010000100000110111111001000101${zeros(569)}`,
    text: "%67707208?",
  },
  {
    from: "libbitconvert, mm_meat_shops_max-6770",
    track: 2,
    bits: `${zeros(8)}1101001101111001110000001111000100000001000101111111111${zeros(178)}`,
    text: ";67707208?",
  },
  {
    from: "libbitconvert, mm_meat_shops_max-7351",
    track: 1,
    bits: `${zeros(44)}101000111101011100100101010010001011001100000010011001001010100111110010101${zeros(574)}`,
    text: "%73519035?",
  },
  {
    from: "libbitconvert, mm_meat_shops_max-7351",
    track: 2,
    bits: `${zeros(5)}110101110011001101011000010011000011100110101111111101${zeros(179)}`,
    text: ";73519035?",
  },
];

/** A capture that its publisher could not read either. */
export const UNREADABLE = inverted(
  [255, 255, 255, 187, 247, 223, 125, 189, 182, 237, 247, 125, 253, 255, 255, 255, 255, 255, 224],
  147,
);

/** Bits of `0` to `?`, tracks 2 and 3. */
export const BCD_TABLE =
  "00001 10000 01000 11001 00100 10101 01101 11100 00010 10011 01011 11010 00111 10110 01110 11111".split(" ");

/** Bits of SPACE to `W`, track 1. */
export const ALPHA_TABLE = (
  "0000001 1000000 0100000 1100001 0010000 1010001 0110001 1110000 " +
  "0001000 1001001 0101001 1101000 0011001 1011000 0111000 1111001 " +
  "0000100 1000101 0100101 1100100 0010101 1010100 0110100 1110101 " +
  "0001101 1001100 0101100 1101101 0011100 1011101 0111101 1111100 " +
  "0000010 1000011 0100011 1100010 0010011 1010010 0110010 1110011 " +
  "0001011 1001010 0101010 1101011 0011010 1011011 0111011 1111010 " +
  "0000111 1000110 0100110 1100111 0010110 1010111 0110111 1110110"
).split(" ");

/** What readers with a UART send, as MagTek's manuals print it ("Port Powered Swipe Reader", section 2; "RS-232 IntelliHead", page 6). */
export const ASCII_FRAMES = [
  {
    frame: "%B123^Smith/Joann^9812101000?;112222333333444444444?\r",
    tracks: null,
    why: "small letters are not on a track 1: the manual's own slip",
  },
  {
    frame: "%B123^SMITH/JOANN^9812101000?;112222333333444444444?\r",
    tracks: ["%B123^SMITH/JOANN^9812101000?", ";112222333333444444444?", ""],
    why: "two tracks",
  },
  {
    frame: "%11111111111111111111?;E?+33333333333333333333?\r",
    tracks: ["%11111111111111111111?", "", ";33333333333333333333?"],
    why: "track 2 has an error",
  },
  {
    frame: ";22222222222222222222?+E?\r",
    tracks: ["", ";22222222222222222222?", ""],
    why: "no track 1, track 3 has an error",
  },
  {
    frame: "%E?;22222222222222222222?+E?\r",
    tracks: ["", ";22222222222222222222?", ""],
    why: "tracks 1 and 3 have errors",
  },
] as const;
