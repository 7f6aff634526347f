/** Is the card in hand blocked? In memory only where any card is, and while it is looked at: see `lazy` in `rollup.config.mjs`. */
import * as part from "./blocks";

export function blocksPart() {
  return part;
}
