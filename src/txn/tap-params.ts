/**
 * A terminal's parameters for taps: their record (`tap.table` has the form), checked. One that is cut, changed, or for another currency is none:
 * then no card is taken. The host may send one (`signon`) in place of that which is built in.
 */
import { fromBigEndian } from "../proto/bytes";
import { unpackDigits } from "../proto/emv-digits";
import { APP_BYTES, APPS_AT, CHECK_BYTES } from "../proto/emv-tap";
import type { Settings } from "./state";

/** 9F66 byte 1 bit 3: online PIN. */
const ONLINE_PIN_BIT = 4;
/** 9F33 byte 2 without it. */
const NO_CVM_ONLY = "\x08";

/** The record as `proto/emv` takes it, or "". Where no PIN can be typed, it says so. */
export function tapParams(
  record: string,
  settings: Settings,
  takesPin: boolean,
  crc32: (text: string) => number,
): string {
  const end = record.length - CHECK_BYTES;
  if (end <= APPS_AT || crc32(record.substr(0, end)) !== fromBigEndian(record, end, CHECK_BYTES)) return "";
  if (unpackDigits(record.substr(2, 2)) !== "0" + settings.currencyNumber) return "";
  let out = takesPin ? record : record.substr(0, 7) + NO_CVM_ONLY + record.substr(8);
  let at = APPS_AT;
  while (at < end) {
    const aidBytes = record.charCodeAt(at);
    const next = at + 1 + aidBytes;
    at = next + APP_BYTES;
    if (aidBytes < 5 || aidBytes > 16 || at > end) return "";
    const able = String.fromCharCode(record.charCodeAt(next + 9) & ~ONLINE_PIN_BIT);
    if (!takesPin) out = out.substr(0, next + 9) + able + out.substr(next + 10);
  }
  return out;
}
