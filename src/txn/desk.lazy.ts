/** All that is no sale, in memory only while it is done: see `lazy` in `rollup.config.mjs`. */
import * as part from "./desk";

export function deskPart() {
  return part;
}
