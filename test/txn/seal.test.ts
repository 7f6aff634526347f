/** Sealing: what the terminal seals the host opens, and the other way round, each with code of its own; nothing else opens anything. */
import nacl from "tweetnacl";
import { beforeEach, describe, expect, test } from "vitest";
import { testKey } from "../../src/host/keys";
import { advance, openRequest, parseLine, sealAnswer, type SealedFrame } from "../../src/host/seal";
import { plain } from "../../src/proto/bytes";
import { parseFrame } from "../../src/proto/frame";
import { seededBytes } from "../../src/sim/random";
import { openAnswer, sealRequest } from "../../src/txn/seal";

const TID = "00000001";
const COUNTER = 7;
const random = seededBytes(20260105);

let chain: Uint32Array;
let answerKey: Uint32Array;
/** The host's key for the first step of the chain. */
let key: Uint8Array;
beforeEach(() => {
  chain = new Uint32Array(testKey(TID).slice().buffer);
  answerKey = new Uint32Array(8);
  key = advance(testKey(TID)).key;
});

function seal(message: string, counter = COUNTER, tid = TID): SealedFrame {
  const frame = sealRequest(plain, tid, chain, counter, message, answerKey);
  return parseLine(Buffer.from(frame, "latin1").toString("base64")) as SealedFrame;
}

/** The box of the host's answer to request `counter`. */
function answer(message: string, counter = COUNTER, tid = TID, sealedWith = key): string {
  return parseFrame(Buffer.from(sealAnswer(tid, counter, message, sealedWith), "base64").toString("latin1")).box;
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
    expect(openAnswer(plain, COUNTER, Buffer.from(frame.box).toString("latin1"), answerKey)).toBe("");
  });
});

describe("an answer", () => {
  beforeEach(() => {
    seal("request");
  });

  test("of any length and any bytes opens at the terminal", () => {
    for (let length = 1; length <= 288; length++) {
      const message = random(length);
      expect(openAnswer(plain, COUNTER, answer(message), answerKey)).toBe(message);
    }
  });

  test.each([
    ["to another counter", () => answer("yes", COUNTER + 1)],
    ["to another TID", () => answer("yes", COUNTER, "00000002")],
    ["under another key", () => answer("yes", COUNTER, TID, testKey(TID))],
    ["that is empty", () => answer("")],
    ["longer than any message", () => answer("x".repeat(289))],
    ["much longer", () => answer("x".repeat(5000))],
    ["without a box", () => ""],
  ])("%s opens nothing", (_, box) => {
    expect(openAnswer(plain, COUNTER, box(), answerKey)).toBe("");
  });

  test("with any bit flipped or any byte missing opens nothing", () => {
    const box = answer("a short answer");
    for (let bit = 0; bit < box.length * 8; bit++) {
      const bytes = Buffer.from(box, "latin1");
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(openAnswer(plain, COUNTER, bytes.toString("latin1"), answerKey)).toBe("");
    }
    for (let length = 0; length < box.length; length++)
      expect(openAnswer(plain, COUNTER, box.slice(0, length), answerKey)).toBe("");
  });

  test("is not opened by the key of the answer before or after", () => {
    const own = answerKey.slice();
    const box = answer("yes");
    seal("next", COUNTER + 1);
    expect(openAnswer(plain, COUNTER, box, answerKey)).toBe("");
    expect(openAnswer(plain, COUNTER, box, own)).toBe("yes");
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
      expect(openAnswer(plain, counter, answer(zeros, counter, tid), answerKey)).toBe(zeros);
    }
  }
  expect(streams.size).toBe(count);
});
