/**
 * A terminal's parameters for taps out of their record (`tap.table` has the form). A record that is cut, changed, or for another currency is
 * none: then no card is looked for. The record that is built in stands for one that a host sends; whoever loads it hands it in here.
 */
import { fromBigEndian } from "../proto/bytes";
import { unpackDigits } from "../proto/emv-card";
import type { TapApp, TapParams } from "../proto/emv-tap";
import { noTlvs, setValue } from "../proto/tlv";
import type { Settings } from "./state";

const HEAD_BYTES = 10;
const CHECK_BYTES = 4;
/** Behind the AID. */
const APP_BYTES = 15;
/** 9F66 byte 1 bit 3: online PIN. */
const ONLINE_PIN_BIT = 4;
/** 9F33 byte 2 without it. */
const NO_CVM_ONLY = "\x08";

export function readTapParams(
  record: string,
  settings: Settings,
  takesPin: boolean,
  crc32: (text: string) => number,
): TapParams | null {
  const end = record.length - CHECK_BYTES;
  if (end < HEAD_BYTES || crc32(record.substr(0, end)) !== fromBigEndian(record, end, CHECK_BYTES)) return null;
  if (unpackDigits(record.substr(2, 2)) !== "0" + settings.currencyNumber) return null;
  const data = noTlvs();
  const able = record.substr(6, 3);
  setValue(data, 0x5f2a, record.substr(2, 2));
  setValue(data, 0x9f1a, record.substr(4, 2));
  setValue(data, 0x9f33, takesPin ? able : able.charAt(0) + NO_CVM_ONLY + able.charAt(2));
  setValue(data, 0x9f35, record.charAt(9));
  setValue(data, 0x9f1e, settings.tid);
  const apps: TapApp[] = [];
  let at = HEAD_BYTES;
  while (at < end) {
    const aidBytes = record.charCodeAt(at);
    const next = at + 1 + aidBytes;
    if (aidBytes < 5 || aidBytes > 16 || next + APP_BYTES > end) return null;
    const ttq = record.substr(next + 9, 4);
    apps.push({
      aid: record.substr(at + 1, aidBytes),
      kernel: record.charCodeAt(next),
      limitMinor: fromBigEndian(record, next + 1, 4),
      cvmLimitMinor: fromBigEndian(record, next + 5, 4),
      ttq: takesPin ? ttq : String.fromCharCode(ttq.charCodeAt(0) & ~ONLINE_PIN_BIT) + ttq.substr(1),
      version: record.substr(next + 13, 2),
    });
    at = next + APP_BYTES;
  }
  return apps.length > 0 ? { apps: apps, data: data } : null;
}
