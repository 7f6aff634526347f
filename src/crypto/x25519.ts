/**
 * X25519 (RFC 7748 section 5) in slices: an interpreter needs minutes for it, so it runs while nothing else happens, a few milliseconds at
 * a time. A number is sixteen limbs of 16 bits; the ladder is a program over eight such registers, one operation or a quarter of a
 * multiplication a slice. No branch and no index depends on the secret.
 */

/** Registers by name: `x` the point, `k` 121665, `i` what is inverted, the others as in the ladder of section 5. */
const NAMES = "abcdefxki";
const LIMBS = 16;
/** Rows of a multiplication in one slice. */
const ROWS = 4;

/** Operation, target, and two operands. `?` exchanges a with b and c with d where the scalar's bit changes. */
const LADDER = "?ab." + "+eac-aac+cbd-bbd*dee*faa*aca*cbe+eac-aac*baa-cdf*ack+aad*cca*adf*dbx*bee";
/** Undoes the last exchange and keeps what is to be inverted. */
const KEEP = "?ab.=ic.";
/** One step of the power 2^255 - 21 (Fermat): square, and multiply but in two steps. */
const SQUARE = "*ccc";
const SQUARE_AND_MULTIPLY = "*ccc*cci";
const DIVIDE = "*aac";
/** Limbs of 16 bits; then at most 2^256 - 1, so twice the prime and some: what is over comes round as 19, and once more to be exact. */
const SETTLE = "~a..~a..^a..^a..";

const enum Stage {
  Ladder = 0,
  Keep = 1,
  Invert = 2,
  Divide = 3,
  Settle = 4,
  Done = 5,
}

export interface X25519 {
  stage: Stage;
  scalar: Uint8Array;
  registers: Float64Array[];
  product: Float64Array;
  /** The bit of the scalar, or the step of the inversion; from high to low. */
  index: number;
  lastBit: number;
  program: string;
  /** The operation in hand, and how much of it is done. */
  at: number;
  row: number;
}

/**
 * Begins scalar * point, 32 bytes each. Run `slice` until it gives true, then take `result`, then `wipe`. The scalar is clamped where it
 * lies (section 5) and stays its owner's, to use again and to wipe.
 */
export function openX25519(scalar: Uint8Array, point: string): X25519 {
  scalar[0] &= 248;
  scalar[31] = (scalar[31] & 127) | 64;
  const x: X25519 = {
    stage: Stage.Ladder,
    scalar: scalar,
    registers: [],
    product: new Float64Array(2 * LIMBS),
    index: 254,
    lastBit: 0,
    program: LADDER,
    at: 0,
    row: 0,
  };
  for (let i = 0; i < NAMES.length; i++) x.registers.push(new Float64Array(LIMBS));
  const u = register(x, "x");
  for (let i = 0; i < LIMBS; i++) u[i] = point.charCodeAt(2 * i) + 256 * point.charCodeAt(2 * i + 1);
  u[15] = u[15] % 32768;
  register(x, "b").set(u);
  register(x, "a")[0] = 1;
  register(x, "d")[0] = 1;
  register(x, "k")[0] = 0xdb41;
  register(x, "k")[1] = 1;
  return x;
}

function register(x: X25519, name: string): Float64Array {
  return x.registers[NAMES.indexOf(name)];
}

/** Does the next few milliseconds of work. True when the result is there. */
export function slice(x: X25519): boolean {
  if (x.stage === Stage.Done) return true;
  if (operate(x, x.program.charAt(x.at), x.program.substr(x.at + 1, 3))) {
    x.at += 4;
    if (x.at === x.program.length) next(x);
  }
  return false;
}

/** The next run through a program, or the next program. */
function next(x: X25519): void {
  x.at = 0;
  x.index--;
  if (x.stage === Stage.Ladder && x.index < 0) {
    x.stage = Stage.Keep;
    x.program = KEEP;
  } else if (x.stage === Stage.Keep) {
    x.stage = Stage.Invert;
    x.index = 253;
  } else if (x.stage === Stage.Invert && x.index < 0) {
    x.stage = Stage.Divide;
    x.program = DIVIDE;
  } else if (x.stage === Stage.Divide) {
    x.stage = Stage.Settle;
    x.program = SETTLE;
  } else if (x.stage === Stage.Settle) {
    x.stage = Stage.Done;
  }
  if (x.stage === Stage.Invert) x.program = x.index === 2 || x.index === 4 ? SQUARE : SQUARE_AND_MULTIPLY;
}

/** True when the operation is whole. */
function operate(x: X25519, operation: string, names: string): boolean {
  const out = register(x, names.charAt(0));
  const a = register(x, names.charAt(1));
  const b = register(x, names.charAt(2));
  if (operation === "*") return multiplied(x, out, a, b);
  if (operation === "?") exchange(x);
  else if (operation === "=") out.set(a);
  else if (operation === "~") carry(out);
  else if (operation === "^") fold(out);
  else if (operation === "+") for (let i = 0; i < LIMBS; i++) out[i] = a[i] + b[i];
  else for (let i = 0; i < LIMBS; i++) out[i] = a[i] - b[i];
  return true;
}

function exchange(x: X25519): void {
  const bit = x.index < 0 ? 0 : (x.scalar[x.index >> 3] >> (x.index & 7)) & 1;
  const isSwap = bit ^ x.lastBit;
  x.lastBit = bit;
  exchangePair(register(x, "a"), register(x, "b"), isSwap);
  exchangePair(register(x, "c"), register(x, "d"), isSwap);
}

function exchangePair(a: Float64Array, b: Float64Array, isSwap: number): void {
  for (let i = 0; i < LIMBS; i++) {
    const difference = (a[i] - b[i]) * isSwap;
    a[i] -= difference;
    b[i] += difference;
  }
}

/** Some rows of the product, then its reduction: 2^256 is 38. */
function multiplied(x: X25519, out: Float64Array, a: Float64Array, b: Float64Array): boolean {
  const product = x.product;
  if (x.row === 0) product.fill(0);
  if (x.row < LIMBS) {
    const rowEnd = x.row + ROWS;
    for (let i = x.row; i < rowEnd; i++) {
      const factor = a[i];
      for (let j = 0; j < LIMBS; j++) product[i + j] += factor * b[j];
    }
    x.row = rowEnd;
    return false;
  }
  x.row = 0;
  for (let i = 0; i < LIMBS; i++) out[i] = product[i] + 38 * product[i + LIMBS];
  carry(out);
  carry(out);
  return true;
}

function carry(limbs: Float64Array): void {
  let over = 0;
  for (let i = 0; i < LIMBS; i++) {
    const sum = limbs[i] + over;
    over = Math.floor(sum / 65536);
    limbs[i] = sum - over * 65536;
  }
  limbs[0] += 38 * over;
}

/** The result, 32 bytes; all zero when the point was of small order (section 6.1: then refuse it). */
export function result(x: X25519): string {
  return reduced(register(x, "a"));
}

function fold(limbs: Float64Array): void {
  const top = Math.floor(limbs[15] / 32768);
  limbs[15] -= top * 32768;
  limbs[0] += 19 * top;
  carry(limbs);
}

/** Below the prime 2^255 - 19: adding 19 reaches bit 255 exactly when it was not. */
function reduced(limbs: Float64Array): string {
  let over = 19;
  for (let i = 0; i < LIMBS; i++) over = Math.floor((limbs[i] + over) / (i === 15 ? 32768 : 65536));
  let text = "";
  let left = 19 * over;
  for (let i = 0; i < LIMBS; i++) {
    const sum = limbs[i] + left;
    left = Math.floor(sum / 65536);
    const limb = sum - left * 65536;
    text += String.fromCharCode(limb & 255, i === 15 ? (limb >> 8) & 127 : limb >> 8);
  }
  return text;
}

/** Leaves nothing of the work in memory. */
export function wipe(x: X25519): void {
  for (let i = 0; i < x.registers.length; i++) x.registers[i].fill(0);
  x.product.fill(0);
}
