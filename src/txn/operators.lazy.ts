/** Operators, in memory only while one logs in or is seen to: see `lazy` in `rollup.config.mjs`. */
import * as part from "./operators";

export function operatorsPart() {
  return part;
}
