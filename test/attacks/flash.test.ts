/** Whoever holds the terminal, or a copy of its flash: past traffic stays closed, and an older image or a clone charges nobody. */
import nacl from "tweetnacl";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testKey } from "../../src/host/keys";
import { frameOf, TestTerminal } from "../host/terminal";
import { newImage, Scene, TID } from "./scene";

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

const HEAD_BYTES = 13;

/** The frames that any 32 bytes of an image open: as a chain some steps before them, as a key, as the subkey of an answer. */
function opened(image: Uint8Array, frames: readonly string[], steps: number): Set<string> {
  const found = new Set<string>();
  const blank = (at: number) => image[at] === 0xff && image[at + 1] === 0xff && image[at + 2] === 0xff;
  for (let at = 0; at + 32 <= image.length; at++) {
    if (blank(at)) continue;
    const bytes = Uint8Array.from(image.subarray(at, at + 32));
    const chain = new TestTerminal(TID, bytes);
    const keys = [bytes, ...Array.from({ length: steps }, () => chain.seal("").key)];
    for (const frame of frames) {
      for (const key of keys) if (opens(frame, key)) found.add(frame);
    }
  }
  return found;
}

function opens(line: string, key: Uint8Array): boolean {
  const bytes = Buffer.from(line, "base64");
  const counter = bytes.readUInt32BE(9);
  const box = bytes.subarray(HEAD_BYTES);
  return ["Q", "A"].some((direction) => {
    const nonce = Buffer.alloc(24);
    nonce.write(`${direction}\x01${TID}`, 0, "latin1");
    nonce.writeUInt32LE(counter, 16);
    return nacl.secretbox.open(box, nonce, key) !== null;
  });
}

test("a stolen image opens nothing that went over the wire before; the image from before does", async () => {
  const before = newImage();
  const first = await scene.sale(before);
  const second = await scene.sale(first.image);
  const frames = [...scene.requests, ...scene.answers];
  expect(frames).toHaveLength(8);
  // The search can find: the factory's image opens all up to the first rotation.
  expect(opened(before, frames, 4).size).toBe(2);
  const early = [scene.requests, scene.answers].flatMap((lines) => lines.slice(0, 2));
  expect(opened(first.image, early, 4).size).toBe(0);
  expect(opened(second.image, frames, 4).size).toBe(0);
});

test("an older image: the host hears nothing of it, nobody is charged, and no key seals two messages", async () => {
  const old = newImage();
  const { image } = await scene.sale(old);
  const ledger = await scene.ledger();
  const replayed = await scene.sale(old);
  expect(replayed.approved).toBe(1);
  expect(await scene.ledger()).toBe(ledger);
  // The same messages under the same counters are the same frames: the stored answers, and nothing done twice.
  expect(scene.requests.slice(2)).toEqual(scene.requests.slice(0, 2));
  const { approved } = await scene.sale(image);
  expect(approved).toBe(2);
});

test("a clone: the one that comes second gets nothing, whichever it is", async () => {
  const { image } = await scene.sale(newImage());
  const clone = Uint8Array.from(image);
  const original = await scene.sale(image);
  expect(original.approved).toBe(2);
  const ledger = await scene.ledger();
  const other = new TestTerminal(TID, testKey(TID));
  other.skip(2);
  const forged = other.seal("0200 another sale under the counter that the original used");
  expect(await scene.refused(forged.line)).toBe("old counter");
  await scene.sale(clone);
  expect(await scene.ledger()).toBe(ledger);
});

test("a terminal's name on another key is refused at every counter of the window", async () => {
  const thief = new TestTerminal(TID, testKey("00000002"));
  for (const counter of [0, 1, 2, 500, 999, 1000, 1001, 0xffffffff]) {
    const line = frameOf(TID, counter, Buffer.from(thief.seal("0200").line, "base64").subarray(HEAD_BYTES)).toString(
      "base64",
    );
    expect(["seal", "old counter", "counter too far"]).toContain(await scene.refused(line));
  }
});
