/** The S-box of AES (FIPS 197 section 5.1.1), worked out at build time: inverse in GF(2^8), then the affine map. Hexadecimal. */

function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) if ((b >> bit) & 1) product ^= a << bit;
  for (let bit = 14; bit >= 8; bit--) if ((product >> bit) & 1) product ^= 0x11b << (bit - 8);
  return product;
}

function substituted(value: number): number {
  let inverse = 0;
  for (let each = 1; each < 256; each++) if (times(value, each) === 1) inverse = each;
  let result = 0x63;
  for (let turn = 0; turn < 5; turn++) result ^= (inverse << turn) | (inverse >> (8 - turn));
  return result & 255;
}

export const SBOX = Array.from({ length: 256 }, (_, value) => substituted(value).toString(16).padStart(2, "0")).join(
  "",
);
