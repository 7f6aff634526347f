/**
 * Triple DES with two keys, one block (FIPS 46-3, ANSI X9.52): for PIN blocks of ISO 9564-1 format 0 alone. Small rather than fast:
 * about 50 million instructions of Espruino a block.
 */
import { BIT_BASE, P, PC1, PC2, SHIFTS, SUBSTITUTION } from "./des.table";
import { word, wordBytes } from "./words";

function chosen(bits: string, table: string): string {
  let out = "";
  for (let i = 0; i < table.length; i++) out += bits.charAt(table.charCodeAt(i) - BIT_BASE);
  return out;
}

/** The sixteen round keys, 48 bits each as text. */
function schedule(key: string): string[] {
  let bits = "";
  for (let i = 0; i < 8; i++) bits += key.charCodeAt(i).toString(2).padStart(8, "0");
  const both = chosen(bits, PC1);
  let c = both.substr(0, 28);
  let d = both.substr(28);
  const keys = [];
  for (let round = 0; round < 16; round++) {
    const shift = SHIFTS.charCodeAt(round) - 48;
    c = c.substr(shift) + c.substr(0, shift);
    d = d.substr(shift) + d.substr(0, shift);
    keys.push(chosen(c + d, PC2));
  }
  return keys;
}

/** The cipher function of section 3: expansion, key, S-boxes, P. */
function scrambled(half: number, key: string): number {
  let boxes = 0;
  for (let box = 0; box < 8; box++) {
    const turned = (half << (4 * box + 5)) | (half >>> (27 - 4 * box));
    const six = (box === 7 ? (half << 1) | (half >>> 31) : turned) & 63;
    const at = box * 64 + (six ^ parseInt(key.substr(box * 6, 6), 2));
    boxes = (boxes << 4) | parseInt(SUBSTITUTION.charAt(at), 16);
  }
  let out = 0;
  for (let i = 0; i < 32; i++) out = (out << 1) | ((boxes >>> (31 - P.charCodeAt(i) + BIT_BASE)) & 1);
  return out;
}

/** Left and right half of a block. */
interface Halves {
  left: number;
  right: number;
}

/** Exchanges the bits of `mask` in `right` with those `shift` higher in `left`. */
function swap(h: Halves, shift: number, mask: number): void {
  const t = ((h.left >>> shift) ^ h.right) & mask;
  h.right ^= t;
  h.left ^= t << shift;
}

function exchange(h: Halves): void {
  const left = h.left;
  h.left = h.right;
  h.right = left;
}

function rounds(h: Halves, keys: string[], isBack: boolean): void {
  for (let round = 0; round < 16; round++) {
    h.left ^= scrambled(h.right, keys[isBack ? 15 - round : round]);
    exchange(h);
  }
  exchange(h);
}

/** `block` (8 bytes) under `key` (16 bytes): encrypt with the first half, decrypt with the second, encrypt with the first. */
export function tdeaEncrypt(key: string, block: string): string {
  const first = schedule(key);
  const second = schedule(key.substr(8));
  const h: Halves = { left: word(block, 0), right: word(block, 4) };
  // The initial permutation, as five exchanges of bits; its inverse is the same ones backwards.
  swap(h, 4, 0x0f0f0f0f);
  swap(h, 16, 0xffff);
  exchange(h);
  swap(h, 2, 0x33333333);
  swap(h, 8, 0xff00ff);
  exchange(h);
  swap(h, 1, 0x55555555);
  rounds(h, first, false);
  rounds(h, second, true);
  rounds(h, first, false);
  swap(h, 1, 0x55555555);
  exchange(h);
  swap(h, 8, 0xff00ff);
  swap(h, 2, 0x33333333);
  exchange(h);
  swap(h, 16, 0xffff);
  swap(h, 4, 0x0f0f0f0f);
  return wordBytes(h.left) + wordBytes(h.right);
}
