/** The contactless reader, in memory while a card is asked for: see `lazy` in `rollup.config.mjs`. */
import * as part from "./reader";

export function readerPart() {
  return part;
}
