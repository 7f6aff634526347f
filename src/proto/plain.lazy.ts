/** For engines without natives of their own: see `lazy` in `rollup.config.mjs`. */
import * as part from "./plain";

export function plainPart() {
  return part;
}
