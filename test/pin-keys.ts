/** All keys that a test terminal's PINs may ever come from, up to some counter, and which of them an image holds. */
import { createCipheriv } from "node:crypto";
import { FACTORY_TID } from "../src/cli/world";
import { initialKey } from "../src/host/dukpt";
import { testBaseKey, testPinKeyId } from "../src/host/keys";

const ID = testPinKeyId(FACTORY_TID);
const COUNTER_MAX = 2100;
/** As many bytes of a key as are worth something. */
const PART = 8;

/** The key of a node of the derivation tree: every register is that of a counter with nothing below its bit. ANSI X9.24-3 section 6.3. */
export function nodeKey(counter: number): Buffer {
  let key = initialKey(testBaseKey().key, ID);
  for (let bit = 31, walked = 0; bit >= 0; bit--) {
    if (Math.floor(counter / 2 ** bit) % 2 === 0) continue;
    walked += 2 ** bit;
    const data = Buffer.concat([Buffer.from("0101800000020080", "hex"), ID.subarray(4), Buffer.alloc(4)]);
    data.writeUInt32BE(walked, 12);
    key = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(data);
  }
  return key;
}

const COUNTERS = [
  0,
  ...Array.from({ length: COUNTER_MAX }, (_, index) => index + 1),
  ...Array.from({ length: 32 }, (_, bit) => 2 ** bit).filter((counter) => counter > COUNTER_MAX),
];

/** By name; `PIN key 0` is the initial key, from which all come. */
export const PIN_KEYS: ReadonlyMap<string, Buffer> = new Map(
  COUNTERS.map((counter) => [`PIN key ${counter}`, nodeKey(counter)]),
);

/** What a device holds whose next key is that of `counter`. */
export function pinKeyNames(counter: number): string[] {
  const low = Math.log2((counter & -counter) >>> 0);
  return Array.from({ length: 32 }, (_, bit) => bit)
    .filter((bit) => bit === low || (bit > low && Math.floor(counter / 2 ** bit) % 2 === 0))
    .map((bit) => (Math.floor(counter / 2 ** (bit + 1)) * 2 + 1) * 2 ** bit)
    .map((each) => `PIN key ${each}`)
    .sort();
}

const PARTS = new Map(
  [...PIN_KEYS].flatMap(([name, key]) =>
    [0, PART].map((at): [string, string] => [key.toString("latin1", at, at + PART), name]),
  ),
);
/** First two bytes that a part may have. */
const MAY_BE = new Uint8Array(65536);
for (const part of PARTS.keys()) MAY_BE[(part.charCodeAt(0) << 8) | part.charCodeAt(1)] = 1;

/** Names of the keys of which there is a part that is worth something. */
export function pinKeysIn(image: Uint8Array): string[] {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.length);
  const found = new Set<string>();
  for (let at = 0; at + PART <= bytes.length; at++) {
    if (MAY_BE[((bytes[at] as number) << 8) | (bytes[at + 1] as number)] === 0) continue;
    const name = PARTS.get(bytes.toString("latin1", at, at + PART));
    if (name) found.add(name);
  }
  return [...found].sort();
}
