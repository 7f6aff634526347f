/**
 * The terminal's secretbox equals NaCl's, on the spot and made ahead, on every engine: on the published vectors, and on random boxes
 * against tweetnacl.
 */
import nacl from "tweetnacl";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { poly1305 } from "../../src/crypto/poly1305";
import { type Dot, makePower, openPowers, poly1305Ahead, POWERS } from "../../src/crypto/powers";
import { hsalsa20 } from "../../src/crypto/salsa20";
import { fillPad, open, openPad, type Pad, seal, startPad, wipePad } from "../../src/crypto/secretbox";
import { END, MESSAGE_AT, MESSAGE_BYTES_MAX, TAG_AT, workBytes } from "../../src/crypto/work";
import { plain } from "../../src/proto/plain";
import { seededBytes } from "../../src/sim/random";
import { Bench, buildProbe, openProbeEngine } from "../engine/bench";
import { BARE_ENGINES } from "../engines";

const hex = (text: string) => new Uint8Array(Buffer.from(text.replace(/\s/g, ""), "hex"));
const words = (bytes: Uint8Array) => new Uint32Array(bytes.slice().buffer);
const toHex = (bytes: Uint8Array | Uint32Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

/** What Espruino has natively, in doubles too. */
const dot: Dot = (a, b, offset) => a.reduce((sum, each, i) => sum + each * (b[i + offset] as number), 0);

/** The two ways: each has to give the same. */
const WAYS = [
  { way: "on the spot", move: plain },
  { way: "made ahead", move: { ...plain, dot } },
];

function padFor(key: Uint8Array, nonce: Uint8Array, ahead: Dot | null): Pad {
  const pad = openPad(ahead ? openPowers() : null);
  const [tail = 0, tailHigh = 0] = words(nonce.slice(16));
  startPad(pad, words(key), words(nonce.slice(0, 16)), tail, tailHigh);
  if (ahead) while (fillPad(pad, ahead));
  return pad;
}

describe("Salsa20", () => {
  // D. J. Bernstein, "Extending the Salsa20 nonce" section 8, and NaCl tests/core1: HSalsa20 of the shared key and zeros.
  test("HSalsa20 gives NaCl's first key", () => {
    const shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    const out = new Uint32Array(8);
    hsalsa20(out, words(shared), new Uint32Array(4));
    expect(toHex(out)).toBe("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
  });

  // NaCl tests/core2: HSalsa20 of the first key and the first 16 bytes of the nonce.
  test("HSalsa20 gives NaCl's second key", () => {
    const first = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    const out = new Uint32Array(8);
    hsalsa20(out, words(first), words(hex("69696ee955b62b73cd62bda875fc73d6")));
    expect(toHex(out)).toBe("dc908dda0b9344a953629b733820778880f3ceb421bb61b91cbd4c3e66256ce4");
  });
});

const zeros = (count: number) => "00".repeat(count);
const ones = (count: number) => "ff".repeat(count);

// RFC 8439 section 2.5.2, and those of appendix A.3 that are no longer than a message: 1, and 4 to 11, the edges of the reduction.
const MACS: [key: string, message: string, tag: string][] = [
  [
    "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",
    Buffer.from("Cryptographic Forum Research Group").toString("hex"),
    "a8061dc1305136c6c22b8baf0c0127a9",
  ],
  [zeros(32), zeros(64), zeros(16)],
  [
    "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0",
    `2754776173206272696c6c69672c20616e642074686520736c6974687920746f7665730a446964206779726520616e642067696d626c6520696e2074686520
    776162653a0a416c6c206d696d737920776572652074686520626f726f676f7665732c0a416e6420746865206d6f6d65207261746873206f757467726162652e`,
    "4541669a7eaaee61e708dc7cbcc5eb62",
  ],
  [`02${zeros(31)}`, ones(16), `03${zeros(15)}`],
  [`02${zeros(15)}${ones(16)}`, `02${zeros(15)}`, `03${zeros(15)}`],
  [`01${zeros(31)}`, `${ones(16)}f0${ones(15)}11${zeros(15)}`, `05${zeros(15)}`],
  [`01${zeros(31)}`, `${ones(16)}fb${"fe".repeat(15)}${"01".repeat(16)}`, zeros(16)],
  [`02${zeros(31)}`, `fd${ones(15)}`, `fa${ones(15)}`],
  [
    `01${zeros(7)}04${zeros(23)}`,
    `e33594d7505e43b9${zeros(8)}3394d7505e4379cd01${zeros(23)}01${zeros(15)}`,
    `14${zeros(7)}55${zeros(7)}`,
  ],
  [`01${zeros(7)}04${zeros(23)}`, `e33594d7505e43b9${zeros(8)}3394d7505e4379cd01${zeros(23)}`, `13${zeros(15)}`],
];

/** Tags of the message that `work` is given. */
function tagOf(key: Uint8Array, message: Uint8Array, ahead: Dot | null): string {
  const keyWords = words(key);
  workBytes.fill(0xa5);
  workBytes.set(message, MESSAGE_AT * 4);
  workBytes.set(END, MESSAGE_AT * 4 + message.length);
  if (ahead) {
    const powers = openPowers();
    for (let power = 1; power <= POWERS; power++) makePower(powers, power, keyWords, ahead);
    poly1305Ahead(message.length, keyWords, powers, ahead);
  } else poly1305(message.length, keyWords);
  return toHex(workBytes.slice(TAG_AT * 4, MESSAGE_AT * 4));
}

describe.each(WAYS)("Poly1305 $way", ({ move }) => {
  test.each(MACS)("%s", (key, message, wanted) => {
    expect(tagOf(hex(key), hex(message), move.dot)).toBe(wanted);
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

const random = seededBytes(20260105);

/** Key, nonce and message; extreme keys and messages among them. `i` chooses the length too. */
function sample(i: number): [key: Uint8Array, nonce: Uint8Array, message: Uint8Array] {
  const length = 1 + (i % MESSAGE_BYTES_MAX);
  const key = i % 5 === 0 ? new Uint8Array(32).fill(255) : latin1(random(32));
  const message = i % 7 === 0 ? new Uint8Array(length).fill(255) : latin1(random(length));
  return [key, latin1(random(24)), message];
}

describe.each(WAYS)("secretbox $way", ({ move }) => {
  test("makes and opens the published box", () => {
    const pad = padFor(KEY, NONCE, move.dot);
    expect(Buffer.from(seal(pad, plain.toText(MESSAGE), move), "latin1").toString("hex")).toBe(toHex(BOX));
    expect(open(pad, plain.toText(BOX), move)).toBe(plain.toText(MESSAGE));
  });

  test("one flipped bit anywhere opens nothing, and the true box still opens", () => {
    const pad = padFor(KEY, NONCE, move.dot);
    for (let bit = 0; bit < BOX.length * 8; bit++) {
      const forged = BOX.slice();
      forged[bit >> 3] = (forged[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(open(pad, plain.toText(forged), move)).toBe("");
    }
    expect(open(pad, plain.toText(BOX), move)).toBe(plain.toText(MESSAGE));
  });

  test("every truncation and an impossible length open nothing", () => {
    const pad = padFor(KEY, NONCE, move.dot);
    const box = plain.toText(BOX);
    for (let length = 0; length < box.length; length++) expect(open(pad, box.slice(0, length), move)).toBe("");
    expect(open(pad, "x".repeat(MESSAGE_BYTES_MAX + 17), move)).toBe("");
  });

  test("equals tweetnacl on 10,000 random boxes", () => {
    for (let i = 0; i < 10_000; i++) {
      const [key, nonce, message] = sample(i);
      const pad = padFor(key, nonce, move.dot);
      const box = seal(pad, plain.toText(message), move);
      if (box !== plain.toText(nacl.secretbox(message, nonce, key)))
        throw new Error(`box ${i} differs from tweetnacl's`);
      if (open(pad, box, move) !== plain.toText(message)) throw new Error(`box ${i} does not open`);
    }
  });

  test("a pad that was wiped holds nothing", () => {
    const pad = padFor(KEY, NONCE, move.dot);
    wipePad(pad);
    expect([...pad.sub, ...pad.stream].every((word) => word === 0)).toBe(true);
    expect(open(pad, plain.toText(BOX), move)).toBe("");
  });
});

test("a pad is made in pieces: three cores, then two powers at a time", () => {
  const pad = openPad(openPowers());
  startPad(pad, words(KEY), words(NONCE.slice(0, 16)), 1, 0);
  const made: [number, number][] = [];
  while (fillPad(pad, dot)) made.push([pad.coreCount, pad.powerCount]);
  expect(made).toEqual([
    [1, 0],
    [2, 0],
    [3, 0],
    [3, 2],
    [3, 4],
    [3, 6],
    [3, 8],
  ]);
});

describe.each(BARE_ENGINES)("on $name", ({ name, isHere }) => {
  let bench: Bench;
  beforeAll(async () => {
    if (!isHere) return;
    bench = new Bench(openProbeEngine(name, await buildProbe("test/crypto/secretbox.probe.ts")));
    await bench.open();
  });
  afterAll(() => bench?.close());

  const ask = async (command: number, ...parts: Uint8Array[]) =>
    (await bench.command(command, Buffer.concat(parts).toString("latin1")))[0] as string[];
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

  test.skipIf(!isHere)("the published tags, on the spot and ahead", async () => {
    for (const [key, message, wanted] of MACS) {
      const tags = await ask(1, hex(key), hex(message));
      expect(new Set(tags)).toEqual(new Set([text(hex(wanted))]));
      expect(tags).toHaveLength(name === "espruino" ? 2 : 1);
    }
  });

  test.skipIf(!isHere)("the published box and 40 random ones, sealed and opened on the spot and ahead", async () => {
    const samples = Array.from({ length: 40 }, (_, i) => sample(i * 37));
    for (const [key, nonce, message] of [[KEY, NONCE, MESSAGE] as const, ...samples]) {
      const box = text(nacl.secretbox(message, nonce, key));
      const found = await ask(0, key, nonce, message);
      const forged = box.startsWith("?") ? text(message) : "";
      expect(found).toEqual([box, text(message), box, text(message), forged]);
    }
  });
});
