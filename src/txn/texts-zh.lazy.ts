/** The Chinese texts, which take no memory where the screens are English: see `lazy` in `rollup.config.mjs`. */
import * as part from "./texts-zh";

export function chinesePart() {
  return part;
}
