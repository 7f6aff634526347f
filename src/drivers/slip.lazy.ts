/** What a slip is made of, in memory while one is printed: see `lazy` in `rollup.config.mjs`. */
import * as part from "./slip";

export function slipPart() {
  return part;
}
