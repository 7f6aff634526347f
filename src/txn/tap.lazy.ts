/** The reading of a card without contacts, in memory while one is there: see `lazy` in `rollup.config.mjs`. */
import * as part from "./tap";

export function tapPart() {
  return part;
}
