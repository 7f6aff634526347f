/** Numbers of ISO/IEC 18004 for versions 1 to 10, made at build time: the field, the generator polynomials, the blocks. */
import { plain } from "./plain";

/** Powers of 2 in GF(256) with the polynomial 11Dh (7.5.2), and their exponents. */
const POWERS: number[] = [1];
while (POWERS.length < 255) {
  const next = (POWERS[POWERS.length - 1] as number) << 1;
  POWERS.push(next > 255 ? next ^ 0x11d : next);
}
const EXPONENTS = Array.from({ length: 256 }, (_, value) => Math.max(0, POWERS.indexOf(value)));

const bytes = (values: readonly number[]) => String.fromCharCode(...values);

/** 255 powers, then 256 exponents (that of 0 is not used). */
export const FIELD = plain.base64(bytes([...POWERS, ...EXPONENTS]));

/** (x - 1)(x - 2)(x - 4)... with `degree` factors; exponents of its coefficients from the second highest on. */
function generator(degree: number): number[] {
  let product = [1];
  for (let i = 0; i < degree; i++) {
    const root = POWERS[i] as number;
    const shifted = [...product, 0];
    product.forEach((coefficient, at) => {
      const times =
        coefficient && (POWERS[((EXPONENTS[coefficient] as number) + (EXPONENTS[root] as number)) % 255] as number);
      shifted[at + 1] = (shifted[at + 1] as number) ^ times;
    });
    product = shifted;
  }
  return product.slice(1).map((coefficient) => EXPONENTS[coefficient] as number);
}

/** Per version: check codewords of a block and number of blocks (table 9), at the levels M and L. */
const BLOCKS_M = [
  [10, 1],
  [16, 1],
  [26, 1],
  [18, 2],
  [24, 2],
  [16, 4],
  [18, 4],
  [22, 4],
  [22, 5],
  [26, 5],
] as const;
const BLOCKS_L = [
  [7, 1],
  [10, 1],
  [15, 1],
  [20, 1],
  [26, 1],
  [18, 2],
  [20, 2],
  [24, 2],
  [30, 2],
  [18, 4],
] as const;

const pair = ([checks, blocks]: readonly [number, number]) => `${String(checks).padStart(2, "0")}${blocks}`;
/** Three digits a version: check codewords of a block, blocks. */
export const BLOCKS = [...BLOCKS_M, ...BLOCKS_L].map(pair).join("");

const DEGREES = [...new Set([...BLOCKS_M, ...BLOCKS_L].map(([checks]) => checks))];
/** Two digits for the degree, then so many exponents of three digits, and a semicolon. */
export const GENERATORS = DEGREES.map(
  (degree) =>
    `${String(degree).padStart(2, "0")}:${generator(degree)
      .map((exponent) => String(exponent).padStart(3, "0"))
      .join("")};`,
).join("");

/** All codewords of each version (table 1), three digits each. */
export const CODEWORDS = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346]
  .map((count) => String(count).padStart(3, "0"))
  .join("");
