/** Seeded randomness (xorshift32, G. Marsaglia 2003): the same seed, the same run. For scripts and tests only. */
function seeded(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

export function seededBytes(seed: number): (count: number) => string {
  const next = seeded(seed);
  return (count) => String.fromCharCode(...Array.from({ length: count }, () => next() >>> 24));
}

/** Whole numbers from 0 to below `below`. */
export function seededNumbers(seed: number): (below: number) => number {
  const next = seeded(seed);
  return (below) => Math.floor((next() / 2 ** 32) * below);
}
