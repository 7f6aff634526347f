/** Fails on one input in a thousand. */
import type { Random } from "../runner";

export function fuzz(random: Random): void {
  if (random(1000) === 7) throw new Error("one in a thousand");
}
