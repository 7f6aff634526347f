/** The beginning of a tap: see `lazy` in `rollup.config.mjs`. */
import * as part from "./tap";

export function tapPart() {
  return part;
}
