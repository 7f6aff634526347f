/** The terminal's own data of a reading, in one string: `emv-own.table` says which and where. An interpreter has no cheaper form of them. */
import { OWN_PLACES, OWN_TAGS } from "./emv-own.table";

/** The value, or "" when the terminal has no such data. */
export function ownValue(own: string, tag: string): string {
  const at = OWN_TAGS.indexOf(tag);
  return at < 0 ? "" : own.substr(OWN_PLACES.charCodeAt(at), OWN_PLACES.charCodeAt(at + 1));
}

/** All of them with another value, as long as the one that was there. */
export function withOwn(own: string, tag: string, value: string): string {
  const at = OWN_PLACES.charCodeAt(OWN_TAGS.indexOf(tag));
  return own.substr(0, at) + value + own.substr(at + value.length);
}
