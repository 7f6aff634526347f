/** What a card says of itself, in memory while one is looked at: see `lazy` in `rollup.config.mjs`. */
import * as part from "./pn532-card";

export function cardPart() {
  return part;
}
