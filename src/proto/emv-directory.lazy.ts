/** The card's directory, in memory until it is read: see `lazy` in `rollup.config.mjs`. */
import * as part from "./emv-directory";

export function directoryPart() {
  return part;
}
