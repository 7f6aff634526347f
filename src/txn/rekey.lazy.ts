/** Work for a new key, which takes no memory but while it is done: see `lazy` in `rollup.config.mjs`. */
import * as part from "./rekey";

export function rekeyPart() {
  return part;
}
