/** The terminal's ratchet and the host's, which shares no code with it, give the same keys for 2,000 steps, and rotate alike. */
import nacl from "tweetnacl";
import { describe, expect, test } from "vitest";
import { advance } from "../../src/crypto/ratchet";
import { takeFresh, takeShared } from "../../src/crypto/rotate";
import { advance as hostAdvance, rotate as hostRotate } from "../../src/host/seal";
import { seededBytes } from "../../src/sim/random";
import { hsalsa20 } from "../host/terminal";

test("terminal and host walk alike, and no key comes twice", () => {
  const chain = new Uint32Array(8).fill(7);
  const key = new Uint32Array(8);
  let hostChain: Uint8Array = new Uint8Array(chain.slice().buffer);
  const seen = new Set<string>();
  for (let step = 0; step < 2000; step++) {
    advance(chain, key);
    const host = hostAdvance(hostChain);
    hostChain = host.chain;
    expect(Buffer.from(key.buffer).equals(Buffer.from(host.key))).toBe(true);
    expect(Buffer.from(chain.buffer).equals(Buffer.from(host.chain))).toBe(true);
    seen.add(Buffer.from(host.key).toString("hex")).add(Buffer.from(host.chain).toString("hex"));
  }
  expect(seen.size).toBe(4000);
});

describe("rotation", () => {
  const random = seededBytes(20260106);
  const bytes = () => Buffer.from(random(32), "latin1");
  const words = (each: Uint8Array) => new Uint32Array(Uint8Array.from(each).buffer);

  function rotated(chain: Uint8Array, fresh: Uint8Array, shared: Uint8Array | null): Buffer {
    const turned = words(chain);
    for (const half of [words(fresh).slice(0, 4), words(fresh).slice(4)]) takeFresh(turned, half);
    if (shared) takeShared(turned, words(shared));
    return Buffer.from(turned.buffer);
  }

  test("is HSalsa20 of both halves one under the other, xored with NaCl's own key of two that agreed", () => {
    for (let each = 0; each < 100; each++) {
      const [chain, fresh] = [bytes(), bytes()];
      const [terminal, host] = [nacl.box.keyPair.fromSecretKey(bytes()), nacl.box.keyPair.fromSecretKey(bytes())];
      const shared = nacl.scalarMult(terminal.secretKey, host.publicKey);
      const plainly = hsalsa20(hsalsa20(chain, fresh.subarray(0, 16)), fresh.subarray(16));
      expect(rotated(chain, fresh, null)).toEqual(plainly);
      const agreed = nacl.box.before(host.publicKey, terminal.secretKey);
      expect(rotated(chain, fresh, shared)).toEqual(plainly.map((byte, index) => byte ^ (agreed[index] as number)));
    }
  });

  test("is the same at the host", () => {
    for (let each = 0; each < 100; each++) {
      const [chain, fresh, shared] = [bytes(), bytes(), bytes()];
      expect(rotated(chain, fresh, null)).toEqual(Buffer.from(hostRotate(chain, fresh, null)));
      expect(rotated(chain, fresh, shared)).toEqual(Buffer.from(hostRotate(chain, fresh, shared)));
    }
  });

  test("needs every bit of all that goes in", () => {
    const parts = [bytes(), bytes(), bytes()];
    const [chain, fresh, shared] = parts as [Buffer, Buffer, Buffer];
    const seen = new Set([rotated(chain, fresh, shared).toString("hex"), rotated(chain, fresh, null).toString("hex")]);
    for (const part of parts) {
      for (let bit = 0; bit < 256; bit++) {
        part[bit >> 3] = (part[bit >> 3] as number) ^ (1 << (bit & 7));
        seen.add(rotated(chain, fresh, shared).toString("hex"));
        part[bit >> 3] = (part[bit >> 3] as number) ^ (1 << (bit & 7));
      }
    }
    expect(seen.size).toBe(2 + 3 * 256);
  });
});
