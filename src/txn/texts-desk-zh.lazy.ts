/** Chinese words of the functions, in memory only while a screen is made: see `lazy` in `rollup.config.mjs`. */
import * as part from "./texts-desk-zh";

export function chineseDeskPart() {
  return part;
}
