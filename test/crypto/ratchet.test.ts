/** The terminal's ratchet and the host's, which shares no code with it, give the same keys for 2,000 steps. */
import { expect, test } from "vitest";
import { advance } from "../../src/crypto/ratchet";
import { advance as hostAdvance } from "../../src/host/seal";

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
