/**
 * Marks: secrets that look like nothing else, every way in which one could lie in an output, and the search for all of them at once.
 * A part is a find too: seven characters of a text, which is one digit of a PAN more than a mask shows, twelve digits where two share a
 * byte, eight bytes of a key.
 */
import { createHash } from "node:crypto";
import { trackBits } from "../src/sim/twins/magstripe";

const TEXT_PART = 7;
const PACKED_DIGITS_PART = 12;
const KEY_PART = 8;
/** Lead-in, and lead-out with the LRC of track 1 and 2: not part of what the bits say. */
const LEAD_IN_BITS = 22;
const LEAD_OUT_BITS = { 1: 22 + 7, 2: 22 + 5 };

interface Needle {
  mark: string;
  way: string;
  bytes: Buffer;
}

export interface Find {
  mark: string;
  way: string;
  at: number;
}

function parts<T extends { length: number; slice(from: number, to: number): T }>(
  whole: T,
  size: number,
  step = 1,
): T[] {
  const count = Math.floor(Math.max(0, whole.length - size) / step) + 1;
  return Array.from({ length: count }, (_, index) => whole.slice(index * step, index * step + size));
}

const reverse = (text: string) => [...text].reverse().join("");
const swapNibbles = (bytes: Buffer) => Buffer.from(bytes.map((byte) => (byte >> 4) | ((byte & 15) << 4)));

/** Base64 with the bytes 0, 1 or 2 places into a group of three: the characters that no neighbour has a part in. */
function base64s(bytes: Buffer): string[] {
  return [0, 1, 2].map((lead) => {
    const text = Buffer.concat([Buffer.alloc(lead), bytes]).toString("base64");
    return text.slice(Math.ceil((lead * 8) / 6), Math.floor(((lead + bytes.length) * 8) / 6));
  });
}

/** Bytes as they are, and as other bytes or text. */
function byteWays(name: string, bytes: Buffer): [way: string, bytes: Buffer][] {
  const swapped = swapNibbles(bytes);
  const texts: [string, string][] = [
    ["in hex", bytes.toString("hex")],
    ["in hex", bytes.toString("hex").toUpperCase()],
    ["with nibbles swapped, in hex", swapped.toString("hex")],
    ...base64s(bytes).flatMap((text): [string, string][] => [
      ["in base64", text],
      ["in base64", text.replaceAll("+", "-").replaceAll("/", "_")],
    ]),
  ];
  return [
    [name, bytes],
    [`${name} with nibbles swapped`, swapped],
    ...texts.map(([way, text]): [string, Buffer] => [`${name} ${way}`, Buffer.from(text, "latin1")]),
  ];
}

function textWays(text: string): [way: string, bytes: Buffer][] {
  return parts(text, TEXT_PART).flatMap((part): [string, Buffer][] => [
    ...byteWays("ASCII", Buffer.from(part, "latin1")),
    ["ASCII", Buffer.from(part.toLowerCase(), "latin1")],
    // Without the last zero the same bytes stand in either order.
    ["UTF-16", Buffer.from(part, "utf16le").subarray(0, -1)],
  ]);
}

function bitWays(track: 1 | 2, text: string): [way: string, bytes: Buffer][] {
  return parts(text, TEXT_PART).map((part) => {
    const bits = trackBits(track, part).slice(LEAD_IN_BITS, -LEAD_OUT_BITS[track]);
    return [`bits of track ${track}`, Buffer.from(bits, "latin1")];
  });
}

function digitWays(digits: string): [way: string, bytes: Buffer][] {
  const packed = (text: string) =>
    parts(text, PACKED_DIGITS_PART).flatMap((part) => byteWays("BCD", Buffer.from(part, "hex")));
  const backwards = [...textWays(reverse(digits)), ...packed(reverse(digits))];
  return [
    ...textWays(digits),
    ...packed(digits),
    ...backwards.map(([way, bytes]): [string, Buffer] => [`${way}, backwards`, bytes]),
    ...bitWays(1, digits),
    ...bitWays(2, digits),
  ];
}

/** Of a number that can be guessed, such as a PAN, a hash without a key is as good as the number. */
function numberWays(digits: string): [way: string, bytes: Buffer][] {
  const integer = Buffer.alloc(16);
  integer.writeBigUInt64BE(BigInt(digits));
  integer.writeBigUInt64LE(BigInt(digits), 8);
  return [
    ["integer", integer.subarray(0, 8)],
    ["integer", integer.subarray(8)],
    ...["md5", "sha1", "sha256", "sha512"].flatMap((hash) =>
      byteWays(hash, createHash(hash).update(digits).digest().subarray(0, 16)),
    ),
  ];
}

function keyWays(key: Buffer): [way: string, bytes: Buffer][] {
  return parts(key, KEY_PART, 4).flatMap((part): [string, Buffer][] => [
    ...byteWays("bytes", part),
    ["bytes, backwards", Buffer.from(part).reverse()],
    ["words of the other order", Buffer.from(part).swap32()],
    ["characters in UTF-8", Buffer.from(part.toString("latin1"), "utf8")],
    ["characters in JSON", Buffer.from(JSON.stringify(part.toString("latin1")).slice(1, -1), "utf8")],
    ["list of numbers", Buffer.from([...part].join(","), "latin1")],
  ]);
}

/** What a search looks for. */
export class Marks {
  private readonly needles: Needle[] = [];

  addPan(name: string, pan: string): this {
    return this.add(name, [...digitWays(pan), ...numberWays(pan)]);
  }

  addDigits(name: string, digits: string): this {
    return this.add(name, digitWays(digits));
  }

  addName(name: string, text: string): this {
    return this.add(name, [...textWays(text), ...bitWays(1, text)]);
  }

  addKey(name: string, key: Uint8Array): this {
    return this.add(name, keyWays(Buffer.from(key)));
  }

  private add(mark: string, ways: [way: string, bytes: Buffer][]): this {
    const known = new Set<string>();
    for (const [way, bytes] of ways) {
      const text = bytes.toString("latin1");
      if (!known.has(text)) this.needles.push({ mark, way, bytes });
      known.add(text);
    }
    return this;
  }

  /** A search that goes once over the data, however many marks there are. */
  open(): (data: Uint8Array) => Find[] {
    const heads = new Map<number, Needle[]>();
    const mayBe = new Uint8Array(2 ** 20);
    for (const needle of this.needles) {
      const head = needle.bytes.readUInt32BE();
      const known = heads.get(head);
      if (known) known.push(needle);
      else heads.set(head, [needle]);
      mayBe[spread(head)] = 1;
    }
    return (data) => findAll(data, heads, mayBe);
  }
}

/** Twenty bits out of four bytes. */
const spread = (head: number) => Math.imul(head, 2654435761) >>> 12;

function findAll(data: Uint8Array, heads: Map<number, Needle[]>, mayBe: Uint8Array): Find[] {
  const finds: Find[] = [];
  let head = 0;
  for (let end = 1; end <= data.length; end++) {
    head = (head << 8) | (data[end - 1] as number);
    if (end < 4 || mayBe[spread(head)] === 0) continue;
    const at = end - 4;
    for (const { mark, way, bytes } of heads.get(head >>> 0) ?? []) {
      const isThere = at + bytes.length <= data.length && bytes.equals(data.subarray(at, at + bytes.length));
      if (isThere) finds.push({ mark, way, at });
    }
  }
  return finds;
}
