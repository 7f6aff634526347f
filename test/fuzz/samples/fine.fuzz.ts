/** Never fails. */
import type { Random } from "../runner";

export function fuzz(random: Random): void {
  random(2);
}
