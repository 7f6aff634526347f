/** Numbers and base64 in byte strings: both ways for what is good, bounded and without complaint for what is not. */
import { fromBigEndian, fromDigits, isDigits, toBigEndian, toDigits } from "../../src/proto/bytes";
import { plain } from "../../src/proto/plain";
import { assert, mutated, noise } from "./inputs";
import type { Random } from "./runner";

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** A byte at a time, from a table: not as the firmware does it. */
export function tableCrc32(text: string): number {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at++) crc = TABLE[(crc ^ text.charCodeAt(at)) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

export function fuzz(random: Random): void {
  const data = noise(random, 48);
  const coded = plain.base64(data);
  assert(coded === Buffer.from(data, "latin1").toString("base64"), "base64", data);
  assert(plain.unbase64(coded) === data, "there and back", data);
  assert(plain.crc32(data) === tableCrc32(data), "CRC-32", data);

  const spoilt = mutated(random, coded);
  const decoded = plain.unbase64(spoilt);
  assert(decoded.length <= spoilt.length && !/[^\0-\xff]/.test(decoded), "base64 gives bytes", spoilt);
  if (decoded !== "") assert(/^[A-Za-z0-9+/=]+$/.test(spoilt), "only base64 is decoded", spoilt);

  const byteCount = random(4) + 1;
  const value = random(2 ** 32) % 2 ** (8 * byteCount);
  assert(fromBigEndian(toBigEndian(value, byteCount), 0, byteCount) === value, "big-endian", value, byteCount);
  assert(Number.isNaN(fromBigEndian(data, data.length, 1)), "past the end");
  assert(fromDigits(toDigits(value, 15)) === value, "digits", value);
  assert(isDigits(spoilt) === /^\d+$/.test(spoilt), "isDigits", spoilt);
}
