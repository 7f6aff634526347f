/** Data objects as bytes, and in a list: see `tlv`. */
import type { Tlvs } from "./tlv";

/** Puts a value in the place of the one that was there. */
export function setValue(list: Tlvs, tag: string, value: string): void {
  const at = list.tags.indexOf(tag);
  if (at >= 0) {
    list.values[at >> 1] = value;
    return;
  }
  list.tags += tag;
  list.values.push(value);
}

/** Bytes of `tag`, of its length and of `value`, at most 65535. */
export function tlv(tag: string, value: string): string {
  const count = value.length;
  return (
    (tag.charCodeAt(0) === 0 ? tag.substr(1, 1) : tag) +
    (count < 128 ? "" : count < 256 ? "\x81" : "\x82" + String.fromCharCode(count >> 8)) +
    String.fromCharCode(count & 255) +
    value
  );
}
