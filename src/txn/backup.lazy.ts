/** The other address of the host, in memory only when a connection has failed: see `lazy` in `rollup.config.mjs`. */
import * as part from "./backup";

export function backupPart() {
  return part;
}
