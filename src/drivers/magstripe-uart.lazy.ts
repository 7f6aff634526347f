/** For readers that decode by themselves, in memory from the first byte of one: see `lazy` in `rollup.config.mjs`. */
import * as part from "./magstripe-uart";

export function stripeReaderPart() {
  return part;
}
