/** Signing on, which takes no memory but while it is done: see `lazy` in `rollup.config.mjs`. */
import * as part from "./signon";

export function signOnPart() {
  return part;
}
