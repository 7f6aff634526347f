/** Clock and chip, in memory while the time is read or set: see `lazy` in `rollup.config.mjs`. */
import * as part from "./timekeeper";

export function timekeeperPart() {
  return part;
}
