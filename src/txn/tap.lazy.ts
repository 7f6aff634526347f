/** The contactless reader and the taps at it, in memory while a card is asked for: see `lazy` in `rollup.config.mjs`. */
import * as part from "./tap";

export function tapPart() {
  return part;
}
