/** Sealing: what the terminal seals the host opens, and the other way round, each with code of its own; nothing else opens anything. */
import nacl from "tweetnacl";
import { beforeEach, describe, expect, test } from "vitest";
import { testKey } from "../../src/host/keys";
import { advance, openRequest, parseLine, sealAnswer, type SealedFrame } from "../../src/host/seal";
import { MESSAGE_BYTES_MAX } from "../../src/crypto/work";
import { open, openPad, restartPad } from "../../src/crypto/secretbox";
import { plain } from "../../src/proto/plain";
import { HEADER_BYTES } from "../../src/proto/frame";
import { seededBytes } from "../../src/sim/random";
import { openSeals, prepare, sealRequest, type Seals } from "../../src/txn/seal";

const TID = "00000001";
const COUNTER = 7;
const random = seededBytes(20260105);

let seals: Seals;
let chain: Uint32Array;
let answerKey: Uint32Array;
/** The host's key for the first step of the chain. */
let key: Uint8Array;
beforeEach(() => {
  seals = openSeals(plain);
  chain = new Uint32Array(testKey(TID).slice().buffer);
  answerKey = new Uint32Array(8);
  key = advance(testKey(TID)).key;
});

function seal(message: string, counter = COUNTER, tid = TID): SealedFrame {
  const frame = sealRequest(seals, tid, chain, counter, message, answerKey);
  return parseLine(Buffer.from(frame, "latin1").toString("base64")) as SealedFrame;
}

/** What the link does with an answer's box. */
function openAnswer(counter: number, box: string, key: Uint32Array): string {
  const pad = openPad(null);
  pad.sub.set(key);
  restartPad(pad, counter, 0);
  return open(pad, box, plain);
}

/** The box of the host's answer to request `counter`. */
function answer(message: string, counter = COUNTER, tid = TID, sealedWith = key): string {
  return Buffer.from(sealAnswer(tid, counter, message, sealedWith), "base64")
    .toString("latin1")
    .slice(HEADER_BYTES);
}

describe("a request", () => {
  test("opens at the host, with TID and counter in clear", () => {
    const frame = seal("0200 message");
    expect(frame).toMatchObject({ tid: TID, counter: COUNTER });
    expect(openRequest(frame, key)).toBe("0200 message");
  });

  test("is NaCl's secretbox under a nonce of direction, version, TID, counter", () => {
    const nonce = Buffer.alloc(24);
    nonce.write("Q\x01" + TID, 0, "latin1");
    nonce.writeUInt32LE(0xfedcba98, 16);
    const { box } = seal("message", 0xfedcba98);
    expect(Buffer.from(box)).toEqual(Buffer.from(nacl.secretbox(Buffer.from("message"), nonce, key)));
  });

  test("moves the ratchet one step, and the next one has a key of its own", () => {
    const first = seal("same");
    expect(Buffer.from(chain.buffer)).toEqual(Buffer.from(advance(testKey(TID)).chain));
    const second = seal("same");
    expect(Buffer.from(second.box).equals(Buffer.from(first.box))).toBe(false);
    expect(openRequest(second, key)).toBeNull();
    expect(openRequest(second, advance(advance(testKey(TID)).chain).key)).toBe("same");
  });

  test("of any length and any bytes", () => {
    for (let length = 1; length <= 288; length++) {
      const message = random(length);
      chain.set(new Uint32Array(testKey(TID).slice().buffer));
      expect(openRequest(seal(message), key)).toBe(message);
    }
  });

  test.each([
    ["another counter", { counter: COUNTER + 1 }],
    ["another TID", { tid: "00000002" }],
  ])("moved to %s opens nothing", (_, change) => {
    expect(openRequest({ ...seal("message"), ...change }, key)).toBeNull();
  });

  test("with another key, or as an answer, opens nothing", () => {
    const frame = seal("message");
    expect(openRequest(frame, testKey(TID))).toBeNull();
    expect(openAnswer(COUNTER, Buffer.from(frame.box).toString("latin1"), answerKey)).toBe("");
  });
});

describe("an answer", () => {
  beforeEach(() => {
    seal("request");
  });

  test("of any length and any bytes opens at the terminal", () => {
    for (let length = 1; length <= 288; length++) {
      const message = random(length);
      expect(openAnswer(COUNTER, answer(message), answerKey)).toBe(message);
    }
  });

  test.each([
    ["to another counter", () => answer("yes", COUNTER + 1)],
    ["to another TID", () => answer("yes", COUNTER, "00000002")],
    ["under another key", () => answer("yes", COUNTER, TID, testKey(TID))],
    ["that is empty", () => answer("")],
    ["longer than any message", () => answer("x".repeat(MESSAGE_BYTES_MAX + 1))],
    ["much longer", () => answer("x".repeat(5000))],
    ["without a box", () => ""],
  ])("%s opens nothing", (_, box) => {
    expect(openAnswer(COUNTER, box(), answerKey)).toBe("");
  });

  test("with any bit flipped or any byte missing opens nothing", () => {
    const box = answer("a short answer");
    for (let bit = 0; bit < box.length * 8; bit++) {
      const bytes = Buffer.from(box, "latin1");
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(openAnswer(COUNTER, bytes.toString("latin1"), answerKey)).toBe("");
    }
    for (let length = 0; length < box.length; length++)
      expect(openAnswer(COUNTER, box.slice(0, length), answerKey)).toBe("");
  });

  test("is not opened by the key of the answer before or after", () => {
    const own = answerKey.slice();
    const box = answer("yes");
    seal("next", COUNTER + 1);
    expect(openAnswer(COUNTER, box, answerKey)).toBe("");
    expect(openAnswer(COUNTER, box, own)).toBe("yes");
  });
});

test("no key stream comes twice: other counter, other direction, other TID, other bytes", () => {
  const zeros = "\0".repeat(64);
  const start = chain.slice();
  const streams = new Set<string>();
  let count = 0;
  for (const tid of [TID, "00000002", "10000000"]) {
    for (const counter of [0, 1, 2, 255, 256, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff]) {
      chain.set(start);
      const request = Buffer.from(seal(zeros, counter, tid).box).toString("latin1");
      for (const box of [request, answer(zeros, counter, tid)]) {
        streams.add(box.slice(16));
        count++;
      }
      expect(openAnswer(counter, answer(zeros, counter, tid), answerKey)).toBe(zeros);
    }
  }
  expect(streams.size).toBe(count);
});

describe("made ahead", () => {
  /** How often one may prepare: for two requests a step of the ratchet, two subkeys, three cores, four times two powers each. */
  const STEPS = 20;
  const counters = [COUNTER, COUNTER + 1];
  const sealBoth = (ahead: Seals) =>
    counters.map((counter) => sealRequest(ahead, TID, chain, counter, `m ${counter}`, answerKey));
  const start = new Uint32Array(testKey(TID).slice().buffer);

  test.each(Array.from({ length: STEPS + 2 }, (_, steps) => steps))("%i steps: the same frames", (steps) => {
    const expected = sealBoth(openSeals(plain));
    chain.set(start);
    for (let step = 0; step < steps; step++) expect(prepare(seals, TID, chain, COUNTER)).toBe(step < STEPS);
    expect(chain).toEqual(start);
    expect(sealBoth(seals)).toEqual(expected);
  });

  test("for one counter, used for another: nothing of it gets out", () => {
    while (prepare(seals, TID, chain, COUNTER));
    const later = sealRequest(seals, TID, chain.slice(), COUNTER + 2, "x", answerKey);
    expect(later).toBe(sealRequest(openSeals(plain), TID, chain, COUNTER + 2, "x", answerKey));
  });

  test("is used up: a second message under the same counter is made from the ratchet again", () => {
    while (prepare(seals, TID, chain, COUNTER));
    const first = sealRequest(seals, TID, chain, COUNTER, "x", answerKey);
    // The chain has moved on: the same counter would have another key.
    expect(sealRequest(seals, TID, chain, COUNTER, "x", answerKey)).not.toBe(first);
    for (const { pad, answer, key: left, chain: behind } of [seals.odd]) {
      expect([...pad.stream, ...pad.sub, ...answer, ...left, ...behind].every((word) => word === 0)).toBe(true);
    }
  });

  test("goes on with the request after the one that was sealed", () => {
    while (prepare(seals, TID, chain, COUNTER));
    sealRequest(seals, TID, chain, COUNTER, "x", answerKey);
    let steps = 0;
    while (prepare(seals, TID, chain, COUNTER + 1)) steps++;
    expect(steps).toBe(STEPS / 2);
    const frame = sealRequest(seals, TID, chain, COUNTER + 1, "y", answerKey);
    const { chain: second } = advance(testKey(TID));
    expect(
      openRequest(parseLine(Buffer.from(frame, "latin1").toString("base64")) as SealedFrame, advance(second).key),
    ).toBe("y");
  });
});
