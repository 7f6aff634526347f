/** The terminal's secretbox equals NaCl's: on the published vectors, and on 20,000 random boxes against tweetnacl. */
import nacl from "tweetnacl";
import { describe, expect, test } from "vitest";
import { poly1305 } from "../../src/crypto/poly1305";
import { salsa20 } from "../../src/crypto/salsa20";
import { keystream, MESSAGE_BYTES_MAX, open, seal, streamWords, subkey } from "../../src/crypto/secretbox";
import { plain } from "../../src/proto/bytes";
import { seededBytes } from "../../src/sim/random";

const hex = (text: string) => new Uint8Array(Buffer.from(text.replace(/\s/g, ""), "hex"));
const words = (bytes: Uint8Array) => new Uint32Array(bytes.slice().buffer);
const toHex = (bytes: Uint8Array | Uint32Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");

function streamFor(key: Uint8Array, nonce: Uint8Array, byteCount: number): Uint32Array {
  const sub = new Uint32Array(8);
  subkey(sub, words(key), words(nonce.slice(0, 16)));
  const stream = new Uint32Array(80);
  const [tail0 = 0, tail1 = 0] = words(nonce.slice(16));
  keystream(stream, streamWords(byteCount), sub, tail0, tail1);
  return stream;
}

describe("Salsa20", () => {
  // D. J. Bernstein, "Extending the Salsa20 nonce" section 8, and NaCl tests/core1: HSalsa20 of the shared key and zeros.
  test("HSalsa20 gives NaCl's first key", () => {
    const shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    const out = new Uint32Array(8);
    salsa20(out, 0, words(shared), new Uint32Array(4), true);
    expect(toHex(out)).toBe("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
  });

  // NaCl tests/core2: HSalsa20 of the first key and the first 16 bytes of the nonce.
  test("HSalsa20 gives NaCl's second key", () => {
    const first = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    const out = new Uint32Array(8);
    salsa20(out, 0, words(first), words(hex("69696ee955b62b73cd62bda875fc73d6")), true);
    expect(toHex(out)).toBe("dc908dda0b9344a953629b733820778880f3ceb421bb61b91cbd4c3e66256ce4");
  });
});

describe("Poly1305", () => {
  // RFC 8439 section 2.5.2 and appendix A.3, vectors 7 to 11: the edges of the reduction.
  test.each([
    [
      "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",
      Buffer.from("Cryptographic Forum Research Group").toString("hex"),
      "a8061dc1305136c6c22b8baf0c0127a9",
    ],
    [
      "0200000000000000000000000000000000000000000000000000000000000000",
      "ff".repeat(16),
      "03000000000000000000000000000000",
    ],
    [
      "02000000000000000000000000000000ffffffffffffffffffffffffffffffff",
      `02${"00".repeat(15)}`,
      "03000000000000000000000000000000",
    ],
    [
      "0100000000000000000000000000000000000000000000000000000000000000",
      `${"ff".repeat(16)}f0${"ff".repeat(15)}11${"00".repeat(15)}`,
      "05000000000000000000000000000000",
    ],
    [
      "0100000000000000000000000000000000000000000000000000000000000000",
      `${"ff".repeat(16)}fb${"fe".repeat(15)}${"01".repeat(16)}`,
      "00000000000000000000000000000000",
    ],
    [
      "0200000000000000000000000000000000000000000000000000000000000000",
      `fd${"ff".repeat(15)}`,
      "faffffffffffffffffffffffffffffff",
    ],
  ])("%s", (key, message, wanted) => {
    const bytes = hex(message);
    const work = new Uint8Array(256);
    work.set(bytes);
    const tag = new Uint32Array(4);
    poly1305(tag, new Uint32Array(work.buffer), bytes.length, words(hex(key)));
    expect(toHex(tag)).toBe(wanted);
  });
});

// NaCl tests/secretbox.
const KEY = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
const NONCE = hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
const MESSAGE =
  hex(`be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01
  233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc
  76897040e082f937763848645e0705`);
const BOX =
  hex(`f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce8
  7b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01
  b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5`);

describe("secretbox", () => {
  test("the published box", () => {
    const stream = streamFor(KEY, NONCE, MESSAGE.length);
    expect(Buffer.from(seal(plain.toText(MESSAGE), stream, plain), "latin1").toString("hex")).toBe(toHex(BOX));
    expect(open(plain.toText(BOX), stream, plain)).toBe(plain.toText(MESSAGE));
  });

  test("one flipped bit anywhere opens nothing", () => {
    const stream = streamFor(KEY, NONCE, MESSAGE.length);
    for (let bit = 0; bit < BOX.length * 8; bit++) {
      const forged = BOX.slice();
      forged[bit >> 3] = (forged[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(open(plain.toText(forged), stream, plain)).toBe("");
    }
  });

  test("every truncation and an impossible length open nothing", () => {
    const stream = streamFor(KEY, NONCE, MESSAGE.length);
    const box = plain.toText(BOX);
    for (let length = 0; length < box.length; length++) expect(open(box.slice(0, length), stream, plain)).toBe("");
    expect(open("x".repeat(MESSAGE_BYTES_MAX + 17), stream, plain)).toBe("");
  });

  test("equals tweetnacl on 20,000 random boxes, extreme keys and messages among them", () => {
    const random = seededBytes(20260105);
    const bytes = (count: number) => new Uint8Array(Buffer.from(random(count), "latin1"));
    for (let i = 0; i < 20000; i++) {
      const key = i % 5 === 0 ? new Uint8Array(32).fill(255) : bytes(32);
      const message =
        i % 7 === 0 ? new Uint8Array(1 + (i % MESSAGE_BYTES_MAX)).fill(255) : bytes(1 + (i % MESSAGE_BYTES_MAX));
      const nonce = bytes(24);
      const stream = streamFor(key, nonce, message.length);
      const box = seal(plain.toText(message), stream, plain);
      if (box !== plain.toText(nacl.secretbox(message, nonce, key)))
        throw new Error(`box ${i} differs from tweetnacl's`);
      if (open(box, stream, plain) !== plain.toText(message)) throw new Error(`box ${i} does not open`);
    }
  });
});
