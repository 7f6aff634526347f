/**
 * Data objects of a card: BER-TLV as EMV 4.3 Book 3 Annex B has it, in byte strings.
 *
 * Tags have one to three bytes and are numbers here (9F26h). Lengths have one to three bytes, so at most 65535, and never more than
 * what is there. 00h between objects is padding (B1). An indefinite length, a template in a template in a template deeper
 * than `DEPTH_MAX`, a primitive object that comes twice, or more than a list holds: the text is refused as a whole.
 */

import { fromBigEndian } from "./bytes";

/** FCI, proprietary template, issuer's discretionary data, directory entry: no card nests deeper. */
const DEPTH_MAX = 4;
/** What one list holds. The longest readings of real cards stay below half of both. */
const OBJECTS_MAX = 64;
const BYTES_MAX = 2048;
/** First byte of a tag: bit 6 is set for a template; bits 1 to 5 all set, and more bytes follow (B1, table 35). */
const TEMPLATE = 0x20;
const MORE = 0x1f;

/** Objects in the order in which they came. Index i of both lists is one object. */
export interface Tlvs {
  tags: number[];
  values: string[];
  byteCount: number;
}

export function noTlvs(): Tlvs {
  return { tags: [], values: [], byteCount: 0 };
}

/** The value, or "" when the object is not there. An empty object is one that is not there (Book 3 section 7.5). */
export function valueOf(list: Tlvs, tag: number): string {
  const at = list.tags.indexOf(tag);
  return at < 0 ? "" : list.values[at];
}

/** Puts a value in the place of the one that was there. */
export function setValue(list: Tlvs, tag: number, value: string): void {
  const at = list.tags.indexOf(tag);
  if (at >= 0) {
    list.values[at] = value;
    return;
  }
  list.tags.push(tag);
  list.values.push(value);
}

/** Bytes of `tag`, of its length and of `value`, at most 65535. */
export function tlv(tag: number, value: string): string {
  const count = value.length;
  let text = count < 128 ? "" : count < 256 ? "\x81" : "\x82" + String.fromCharCode(count >> 8);
  text += String.fromCharCode(count & 255) + value;
  for (let rest = tag; rest > 0; rest >>= 8) text = String.fromCharCode(rest & 255) + text;
  return text;
}

/** Adds the objects of the one template `tag` that `text` is. False: it is something else, or an object in it is malformed. */
export function readTemplate(into: Tlvs, text: string, tag: number, whole: number): boolean {
  const outer = noTlvs();
  return (
    readTlvs(outer, text, tag) &&
    outer.tags.length === 1 &&
    outer.tags[0] === tag &&
    readTlvs(into, outer.values[0], whole)
  );
}

/**
 * Adds the primitive objects of `text`, those in templates too. A template `whole` is added as it is, and may come again; 0 for none.
 * False: malformed, and the list holds a part.
 */
export function readTlvs(into: Tlvs, text: string, whole: number): boolean {
  const ends: number[] = [];
  let end = text.length;
  let at = 0;
  for (;;) {
    while (at === end && ends.length > 0) end = ends.pop() as number;
    if (at === end) return true;
    const first = text.charCodeAt(at);
    if (first === 0) {
      at++;
      continue;
    }
    const tagBytes = tagLength(text, at, end);
    if (tagBytes === 0 || at + tagBytes === end) return false;
    const tag = fromBigEndian(text, at, tagBytes);
    at += tagBytes;
    let count = text.charCodeAt(at);
    at++;
    if (count > 127) {
      const lengthBytes = count & 127;
      if (lengthBytes < 1 || lengthBytes > 2 || at + lengthBytes > end) return false;
      count = fromBigEndian(text, at, lengthBytes);
      at += lengthBytes;
    }
    if (at + count > end) return false;
    if (first & TEMPLATE && tag !== whole) {
      if (ends.length === DEPTH_MAX) return false;
      ends.push(end);
      end = at + count;
      continue;
    }
    if (!add(into, tag, text.substr(at, count), tag === whole)) return false;
    at += count;
  }
}

/** Bytes of the tag that begins at `at`, or 0 when it is cut or longer than three. */
export function tagLength(text: string, at: number, end: number): number {
  if ((text.charCodeAt(at) & MORE) !== MORE) return 1;
  for (let count = 2; count < 4 && at + count <= end; count++) if (text.charCodeAt(at + count - 1) < 128) return count;
  return 0;
}

/** Book 3 section 10.2: a primitive object must not come twice. */
function add(into: Tlvs, tag: number, value: string, mayRepeat: boolean): boolean {
  into.byteCount += value.length;
  if (into.tags.length === OBJECTS_MAX || into.byteCount > BYTES_MAX) return false;
  if (!mayRepeat && into.tags.indexOf(tag) >= 0) return false;
  into.tags.push(tag);
  into.values.push(value);
  return true;
}
