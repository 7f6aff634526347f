/** Plain twins of natives, in memory only where the engine has none: see `lazy` in `rollup.config.mjs`. */
import * as part from "./plain";

export function plainPart() {
  return part;
}
