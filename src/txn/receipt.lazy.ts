/** The receipt, in memory while it is printed: see `lazy` in `rollup.config.mjs`. */
import * as part from "./receipt";

export function receiptPart() {
  return part;
}
