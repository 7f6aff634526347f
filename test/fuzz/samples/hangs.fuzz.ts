/** Never ends on one input in a thousand. */
import type { Random } from "../runner";

export function fuzz(random: Random): void {
  if (random(1000) !== 7) return;
  for (let turns = 0; turns >= 0; turns = (turns + 1) % 10);
}
