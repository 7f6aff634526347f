/** Seeded randomness (xorshift32, G. Marsaglia 2003): the same seed, the same run. For scripts and tests only. */
export function seededBytes(seed: number): (count: number) => string {
  let state = (seed * 2654435761) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state >>> 24;
  };
  return (count) => String.fromCharCode(...Array.from({ length: count }, next));
}
