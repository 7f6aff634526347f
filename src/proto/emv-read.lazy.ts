/** What an application says, in memory until it has said all: see `lazy` in `rollup.config.mjs`. */
import * as part from "./emv-read";

export function readPart() {
  return part;
}
