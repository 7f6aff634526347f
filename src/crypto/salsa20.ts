/**
 * The Salsa20 core: D. J. Bernstein, "The Salsa20 family of stream ciphers" sections 4-5.
 *
 * Written for an interpreter that pays for every token each time it runs, and finds a function's first names sooner than its last. Measured and
 * rejected: the state in a typed array (1.6 times the instructions), a helper function per quarter-round (2 times), one statement a
 * sum (1.2 times), `|0` after each sum (not needed: shifts and xor take the low 32 bits of a double by themselves).
 */

/** One core: the 16 words of the block, each still to be cut to 32 bits. `key` is 8 words, `input` 4 (nonce and counter), all little-endian. */
export function salsa20(key: Uint32Array, input: Uint32Array): number[] {
  let t = 0;
  let a = 0x61707865;
  let b = key[0];
  let c = key[1];
  let d = key[2];
  let e = key[3];
  let f = 0x3320646e;
  let g = input[0];
  let h = input[1];
  let i = input[2];
  let j = input[3];
  let k = 0x79622d32;
  let l = key[4];
  let m = key[5];
  let n = key[6];
  let o = key[7];
  let p = 0x6b206574;
  let r = 10;
  // One quarter-round a line is the readable form.
  // prettier-ignore
  while (r--) {
    // columns: (0,4,8,12) (5,9,13,1) (10,14,2,6) (15,3,7,11)
    a ^= ((t = (m ^= ((t = (i ^= ((t = (e ^= ((t = a + m) << 7) | (t >>> 25)) + a) << 9) | (t >>> 23)) + e) << 13) | (t >>> 19)) + i) << 18) | (t >>> 14);
    f ^= ((t = (b ^= ((t = (n ^= ((t = (j ^= ((t = f + b) << 7) | (t >>> 25)) + f) << 9) | (t >>> 23)) + j) << 13) | (t >>> 19)) + n) << 18) | (t >>> 14);
    k ^= ((t = (g ^= ((t = (c ^= ((t = (o ^= ((t = k + g) << 7) | (t >>> 25)) + k) << 9) | (t >>> 23)) + o) << 13) | (t >>> 19)) + c) << 18) | (t >>> 14);
    p ^= ((t = (l ^= ((t = (h ^= ((t = (d ^= ((t = p + l) << 7) | (t >>> 25)) + p) << 9) | (t >>> 23)) + d) << 13) | (t >>> 19)) + h) << 18) | (t >>> 14);
    // rows: (0,1,2,3) (5,6,7,4) (10,11,8,9) (15,12,13,14)
    a ^= ((t = (d ^= ((t = (c ^= ((t = (b ^= ((t = a + d) << 7) | (t >>> 25)) + a) << 9) | (t >>> 23)) + b) << 13) | (t >>> 19)) + c) << 18) | (t >>> 14);
    f ^= ((t = (e ^= ((t = (h ^= ((t = (g ^= ((t = f + e) << 7) | (t >>> 25)) + f) << 9) | (t >>> 23)) + g) << 13) | (t >>> 19)) + h) << 18) | (t >>> 14);
    k ^= ((t = (j ^= ((t = (i ^= ((t = (l ^= ((t = k + j) << 7) | (t >>> 25)) + k) << 9) | (t >>> 23)) + l) << 13) | (t >>> 19)) + i) << 18) | (t >>> 14);
    p ^= ((t = (o ^= ((t = (n ^= ((t = (m ^= ((t = p + o) << 7) | (t >>> 25)) + p) << 9) | (t >>> 23)) + m) << 13) | (t >>> 19)) + n) << 18) | (t >>> 14);
  }
  // prettier-ignore
  return [
    a + 0x61707865, b + key[0], c + key[1], d + key[2], e + key[3], f + 0x3320646e, g + input[0], h + input[1],
    i + input[2], j + input[3], k + 0x79622d32, l + key[4], m + key[5], n + key[6], o + key[7], p + 0x6b206574,
  ];
}

/**
 * HSalsa20 ("Extending the Salsa20 nonce" section 2) into the 8 words of `out`: of the words before the last sum, so what that added
 * is taken away again.
 */
export function hsalsa20(out: Uint32Array, key: Uint32Array, input: Uint32Array): void {
  const z = salsa20(key, input);
  // prettier-ignore
  out.set([
    z[0] - 0x61707865, z[5] - 0x3320646e, z[10] - 0x79622d32, z[15] - 0x6b206574,
    z[6] - input[0], z[7] - input[1], z[8] - input[2], z[9] - input[3],
  ], 0);
}
