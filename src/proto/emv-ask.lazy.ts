/** The question for a cryptogram, in memory while it is made up: see `lazy` in `rollup.config.mjs`. */
import * as part from "./emv-ask";

export function askPart() {
  return part;
}
