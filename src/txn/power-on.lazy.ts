/** `power-on`, in memory only while it is used. */
import * as part from "./power-on";

export function powerOnPart(): typeof part {
  return part;
}
