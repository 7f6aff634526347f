/** Updates of the firmware, in memory only while one is looked for or on its way: see `lazy` in `rollup.config.mjs`. */
import * as part from "./update";

export function updatePart() {
  return part;
}
