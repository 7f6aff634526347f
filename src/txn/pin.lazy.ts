/** PINs and their keys, in memory on a terminal that takes PINs: see `lazy` in `rollup.config.mjs`. */
import * as part from "./pin";

export function pinsPart() {
  return part;
}
