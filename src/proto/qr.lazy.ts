/** The QR encoder, which takes no memory before the first symbol and none after the last: see `lazy` in `rollup.config.mjs`. */
import * as part from "./qr";

export function qrPart() {
  return part;
}
