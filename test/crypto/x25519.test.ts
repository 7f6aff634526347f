/** X25519 in slices: the vectors of RFC 7748, Node's own as the judge, and a bounded slice. */
import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { openX25519, result, slice, wipe } from "../../src/crypto/x25519";
import { seededBytes } from "../../src/sim/random";
import { Bench, buildProbe, openProbeEngine } from "../engine/bench";
import { BARE_ENGINES } from "../engines";

/** 255 steps of 7 short operations and 10 products of 5 slices, the inversion's 254 squares and 252 products, and the rest. */
const SLICES = 255 * (1 + 8 + 10 * 5) + 2 + (254 + 252) * 5 + 5;

function product(scalar: Uint8Array, point: Uint8Array): Buffer {
  const x = openX25519(Uint8Array.from(scalar), Buffer.from(point).toString("latin1"));
  let slices = 0;
  while (!slice(x)) slices++;
  expect(slices).toBeLessThan(SLICES + 1000);
  return Buffer.from(result(x), "latin1");
}

const hex = (digits: string) => Buffer.from(digits, "hex");
const BASE = Buffer.concat([Buffer.from([9]), Buffer.alloc(31)]);

// RFC 7748 section 5.2, the two vectors.
const VECTORS = [
  [
    "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
    "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
    "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
  ],
  [
    "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
    "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
    "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
  ],
] as const;

test.each(VECTORS)("%s", (scalar, point, expected) => {
  expect(product(hex(scalar), hex(point)).toString("hex")).toBe(expected);
});

test("one iteration and a hundred of section 5.2", () => {
  let [k, u]: Buffer[] = [BASE, BASE];
  for (let turn = 1; turn <= 100; turn++) {
    [k, u] = [product(k as Buffer, u as Buffer), k];
    if (turn === 1) expect(k.toString("hex")).toBe("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
  }
  expect(k).toEqual(iterated(100));
});

/** The same by Node. */
function iterated(turns: number): Buffer {
  let [k, u]: Buffer[] = [BASE, BASE];
  for (let turn = 0; turn < turns; turn++) [k, u] = [judged(k as Buffer, u as Buffer), k];
  return k as Buffer;
}

const PKCS8 = "302e020100300506032b656e04220420";
const SPKI = "302a300506032b656e032100";
const privateKey = (raw: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([hex(PKCS8), raw]), format: "der", type: "pkcs8" });
const publicKey = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([hex(SPKI), raw]), format: "der", type: "spki" });

function judged(scalar: Buffer, point: Buffer): Buffer {
  return diffieHellman({ privateKey: privateKey(scalar), publicKey: publicKey(point) });
}

test("200 random pairs as Node has them", () => {
  const random = seededBytes(25519);
  for (let each = 0; each < 200; each++) {
    const [scalar, point] = [Buffer.from(random(32), "latin1"), Buffer.from(random(32), "latin1")];
    expect(product(scalar, point)).toEqual(judged(scalar, point));
  }
});

test("points at and above the prime are taken modulo it; a point of small order gives zero", () => {
  const scalar = hex(VECTORS[0][0]);
  // 2^255 - 19 + 9, and 2^255 - 19 + 1 is one, of order four.
  const nine = Buffer.concat([Buffer.from([0xf6]), Buffer.alloc(30, 0xff), Buffer.from([0x7f])]);
  expect(product(scalar, nine)).toEqual(product(scalar, BASE));
  for (const small of [Buffer.alloc(32), Buffer.concat([Buffer.from([1]), Buffer.alloc(31)])]) {
    expect(product(scalar, small)).toEqual(Buffer.alloc(32));
  }
});

test("after wiping nothing of the work is left", () => {
  const x = openX25519(Uint8Array.from(hex(VECTORS[0][0])), hex(VECTORS[0][1]).toString("latin1"));
  while (!slice(x));
  wipe(x);
  expect([...x.registers, x.product].every((limbs) => limbs.every((limb) => limb === 0))).toBe(true);
});

describe.each(BARE_ENGINES)("on $name", ({ name, isHere }) => {
  // Espruino takes seconds for the whole: there the registers are compared after 25 of the ladder's 255 steps.
  const slicesMax = name === "espruino" ? 1500 : SLICES + 1000;

  test.skipIf(!isHere)("the first vector, as far as is worth the time", async () => {
    const bench = new Bench(openProbeEngine(name, await buildProbe("test/crypto/x25519.probe.ts")));
    await bench.open();
    const [scalar, point, expected] = VECTORS[0];
    const text = Buffer.concat([hex(scalar), hex(point)]).toString("latin1");
    const [[slices, found] = []] = await bench.command(slicesMax, text);
    const x = openX25519(Uint8Array.from(hex(scalar)), text.slice(32));
    for (let each = 0; each < Number(slices); each++) slice(x);
    expect(found).toBe(result(x));
    if (slices !== slicesMax) expect(Buffer.from(String(found), "latin1").toString("hex")).toBe(expected);
    else expect(name).toBe("espruino");
    await bench.close();
  });
});
