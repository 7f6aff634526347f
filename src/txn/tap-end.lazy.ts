/** The end of a tap: see `lazy` in `rollup.config.mjs`. */
import * as part from "./tap-end";

export function tapEndPart() {
  return part;
}
