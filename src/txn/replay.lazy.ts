/** Reads the journal at power-on, in memory until that is done: see `lazy` in `rollup.config.mjs`. */
import * as part from "./replay";

export function replayPart() {
  return part;
}
