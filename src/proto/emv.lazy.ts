/** The reading of a card, in memory while one is there: see `lazy` in `rollup.config.mjs`. */
import * as part from "./emv";

export function emvPart() {
  return part;
}
