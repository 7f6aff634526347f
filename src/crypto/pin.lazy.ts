/** What a PIN needs, which takes no memory while none is typed: see `lazy` in `rollup.config.mjs`. */
import * as part from "./pin";

export function pinPart() {
  return part;
}
