/** I2C and SPI, in memory where the device is wired to one of them: see `lazy` in `rollup.config.mjs`. */
import * as part from "./pn532-bus";

export function busPart() {
  return part;
}
