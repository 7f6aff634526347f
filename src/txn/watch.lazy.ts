/** What is limited, in memory only where something is, and while it is looked at: see `lazy` in `rollup.config.mjs`. */
import * as part from "./watch";

export function watchPart() {
  return part;
}
