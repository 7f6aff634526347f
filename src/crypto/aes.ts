/**
 * AES-128, one block (FIPS 197), for engines without their own. Columns are words; one table of 256 words holds S-box and MixColumns
 * together and is made at the first use. Table look-ups may show in the timing: keep it away from others' processes.
 */
import { SBOX } from "./aes.table";
import { word, wordBytes } from "./words";

/** S-box times 2, 1, 1, 3 for each byte. */
let table = new Uint32Array(0);

function makeTable(): void {
  table = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    const s = parseInt(SBOX.substr(i * 2, 2), 16);
    const s2 = (s << 1) ^ (s & 128 ? 0x11b : 0);
    table[i] = (s2 << 24) | (s << 16) | (s << 8) | (s2 ^ s);
  }
}

function rotated(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

/** SubBytes, ShiftRows, MixColumns and AddRoundKey for one column. */
function mixed(a: number, b: number, c: number, d: number, key: number): number {
  return (
    table[a >>> 24] ^
    rotated(table[(b >>> 16) & 255], 8) ^
    rotated(table[(c >>> 8) & 255], 16) ^
    rotated(table[d & 255], 24) ^
    key
  );
}

/** The same without MixColumns: the S-box stands in the two middle bytes. */
function substituted(a: number, b: number, c: number, d: number, key: number): number {
  return (
    ((table[a >>> 24] & 0xff00) << 16) ^
    (table[(b >>> 16) & 255] & 0xff0000) ^
    (table[(c >>> 8) & 255] & 0xff00) ^
    ((table[d & 255] >>> 8) & 255) ^
    key
  );
}

/** `block` (16 bytes) under `key` (16 bytes). */
export function aesEncrypt(key: string, block: string): string {
  if (table.length === 0) makeTable();
  let k0 = word(key, 0);
  let k1 = word(key, 4);
  let k2 = word(key, 8);
  let k3 = word(key, 12);
  let a = word(block, 0) ^ k0;
  let b = word(block, 4) ^ k1;
  let c = word(block, 8) ^ k2;
  let d = word(block, 12) ^ k3;
  let rcon = 1;
  for (let round = 1; round <= 10; round++) {
    const turned = rotated(k3, 24);
    k0 = substituted(turned, turned, turned, turned, k0 ^ (rcon << 24));
    k1 ^= k0;
    k2 ^= k1;
    k3 ^= k2;
    rcon = (rcon << 1) ^ (rcon & 128 ? 0x11b : 0);
    const step = round < 10 ? mixed : substituted;
    const a1 = step(a, b, c, d, k0);
    const b1 = step(b, c, d, a, k1);
    const c1 = step(c, d, a, b, k2);
    d = step(d, a, b, c, k3);
    a = a1;
    b = b1;
    c = c1;
  }
  return wordBytes(a) + wordBytes(b) + wordBytes(c) + wordBytes(d);
}
