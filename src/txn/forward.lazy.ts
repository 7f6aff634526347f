/** Sales that wait for the link, in memory only while one does: see `lazy` in `rollup.config.mjs`. */
import * as part from "./forward";

export function forwardPart() {
  return part;
}
