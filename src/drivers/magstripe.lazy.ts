/** The decoder of stripes, in memory while a card is read: see `lazy` in `rollup.config.mjs`. */
import * as part from "./magstripe";

export function stripePart() {
  return part;
}
