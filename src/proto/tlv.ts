/**
 * Data objects of a card: BER-TLV as EMV 4.3 Book 3 Annex B has it, in byte strings.
 *
 * A tag is the last two of its bytes here, `\x9f\x26`, or a zero and its only one, `\0\x82`. Tags have one to three bytes. Lengths have one to
 * three bytes, so at most 65535, and never more than what is there. 00h between objects is padding (B1). An indefinite length, a template in
 * a template in a template deeper than `DEPTH_MAX`, a primitive object that comes twice, or more than a list holds: the text is refused as a
 * whole.
 *
 * Not charAt: an engine that knows Unicode makes a character above 7Fh of a byte there.
 *
 * A card's answers are read while it is in the field, on an interpreter that takes about 10 us for each token: few tokens an object.
 */

import { fromBigEndian } from "./bytes";

/** FCI, proprietary template, issuer's discretionary data, directory entry: no card nests deeper. */
const DEPTH_MAX = 4;
/** What one list holds: values, and so much more for each object. The longest readings of real cards stay below half of it. */
const BYTES_MAX = 3072;
const OBJECT_BYTES = 32;
/** The first byte of a length that has one or two more. */
const LENGTHS = "\x81\x82";

/**
 * Objects in the order in which they came: two characters of `tags` and a value are one. The second character of a tag is below 80h or the
 * whole tag, the first one of the next is 0 or begins a longer tag: so no tag of EMV is found across two others.
 */
export interface Tlvs {
  tags: string;
  values: string[];
  byteCount: number;
}

export function noTlvs(): Tlvs {
  return { tags: "", values: [], byteCount: 0 };
}

/** The value, or "" when the object is not there. An empty object is one that is not there (Book 3 section 7.5). */
export function valueOf(list: Tlvs, tag: string): string {
  const at = list.tags.indexOf(tag);
  return at < 0 ? "" : list.values[at >> 1];
}

/** Adds the objects of the one template `tag`, of one byte, that `text` is. False: it is something else, or an object in it is malformed. */
export function readTemplate(into: Tlvs, text: string, tag: string, whole: string): boolean {
  // As nearly all are: one byte each of tag and length, and nothing behind.
  const count = text.charCodeAt(1);
  if (count < 128 && count === text.length - 2 && text.charCodeAt(0) === tag.charCodeAt(1))
    return readTlvs(into, text.substr(2), whole);
  const outer = noTlvs();
  return readTlvs(outer, text, tag) && outer.tags === tag && readTlvs(into, outer.values[0], whole);
}

/**
 * Adds the primitive objects of `text`, those in templates too. A template `whole` is added as it is, and may come again; "" for none.
 * False: malformed, and the list holds a part.
 */
export function readTlvs(into: Tlvs, text: string, whole: string): boolean {
  const ends: number[] = [];
  let end = text.length;
  let at = 0;
  for (;;) {
    if (at === end) {
      if (ends.length === 0) return true;
      end = ends.pop() as number;
      continue;
    }
    const first = text.charCodeAt(at);
    let tag = text.substr(at, 2);
    at += 2;
    if ((first & 31) !== 31) {
      at--;
      if (first === 0) continue;
      tag = "\0" + text.substr(at - 1, 1);
    } else if (tag.charCodeAt(1) > 127) {
      tag = text.substr(at - 1, 2);
      at++;
      if (tag.charCodeAt(1) > 127) return false;
    }
    let count = text.charCodeAt(at);
    at++;
    if (count > 127) {
      const lengthBytes = LENGTHS.indexOf(text.substr(at - 1, 1)) + 1;
      if (lengthBytes === 0) return false;
      count = fromBigEndian(text, at, lengthBytes);
      at += lengthBytes;
    }
    // No number, when the text ended before.
    if (!(at + count <= end)) return false;
    if (first & 32 && tag !== whole) {
      if (ends.length === DEPTH_MAX) return false;
      ends.push(end);
      end = at + count;
      continue;
    }
    // Book 3 section 10.2: a primitive object must not come twice.
    if (tag !== whole && into.tags.indexOf(tag) >= 0) return false;
    into.byteCount += count + OBJECT_BYTES;
    if (into.byteCount > BYTES_MAX) return false;
    into.tags += tag;
    into.values.push(text.substr(at, count));
    at += count;
  }
}

/** The form that a tag has here. */
export function tagOf(code: number): string {
  return String.fromCharCode((code >> 8) & 255, code & 255);
}
