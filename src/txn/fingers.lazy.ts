/** Fingers, in memory only where a sensor is built in, and while one may be put down: see `lazy` in `rollup.config.mjs`. */
import * as part from "./fingers";

export function fingersPart() {
  return part;
}
