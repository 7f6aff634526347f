/** What a minute in which nobody did anything brings, in memory only then: see `lazy` in `rollup.config.mjs`. */
import * as part from "./minute";

export function minutePart() {
  return part;
}
