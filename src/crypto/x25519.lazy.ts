/** X25519, which takes no memory but while a new key is worked out: see `lazy` in `rollup.config.mjs`. */
import * as part from "./x25519";

export function x25519Part() {
  return part;
}
