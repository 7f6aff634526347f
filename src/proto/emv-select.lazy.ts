/** The choice of an application, in memory until there is one: see `lazy` in `rollup.config.mjs`. */
import * as part from "./emv-select";

export function selectPart() {
  return part;
}
