/**
 * What a stranger does who has nothing but `docs/protocol.md` and NaCl: frame, ratchet, seal and fields of the sale in full, by a decoder that
 * takes even the formats of the fields from the page.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import nacl from "tweetnacl";
import { describe, expect, test } from "vitest";
import { ROOT } from "../guards/tool";

const PAGE = readFileSync(join(ROOT, "docs", "protocol.md"), "utf8");

const { crypto_stream_salsa20, crypto_core_hsalsa20 } = (
  nacl as unknown as {
    lowlevel: {
      crypto_stream_salsa20(out: Uint8Array, at: number, byteCount: number, nonce: Uint8Array, key: Uint8Array): number;
      crypto_core_hsalsa20(out: Uint8Array, input: Uint8Array, key: Uint8Array, constant: Uint8Array): void;
    };
  }
).lowlevel;

/** The indented lines behind a title. */
function block(title: string): string[] {
  const behind = PAGE.slice(PAGE.indexOf(`\n${title}`) + 1).split("\n");
  const lines = behind.slice(2, behind.indexOf("", 2));
  expect(lines.length).toBeGreaterThan(0);
  return lines.map((line) => line.slice(4));
}

const hex = (title: string) => Buffer.from(block(title).join("").replaceAll(" ", ""), "hex");

/** Rows of the first table behind a heading, as cells without code marks. */
function rows(heading: string, at: number): string[][] {
  const tables = PAGE.slice(PAGE.indexOf(`\n${heading}`)).match(/(^\|.*\n)+/gm) ?? [];
  const lines = (tables[at] ?? "").trim().split("\n").slice(2);
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
}

/** Formats by field number. */
const FORMATS = new Map(rows("## Messages", 2).map(([number, format]) => [Number(number), format ?? ""]));

/** Field numbers and values, by the section about messages. */
function decode(message: Buffer): [number, string][] {
  const text = message.toString("latin1");
  const bits = [...message.subarray(4, 12)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const found: [number, string][] = [];
  let at = 12;
  for (let number = 1; number <= 64; number++) {
    if (bits[number - 1] === "0") continue;
    const [, content, dots = "", most] = /^([a-z]+)(\.*)(\d+)$/.exec(FORMATS.get(number) ?? "") ?? [];
    expect(content, `field ${number}`).toBeDefined();
    const length = dots === "" ? Number(most) : Number(text.slice(at, at + dots.length));
    at += dots.length;
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThanOrEqual(Number(most));
    found.push([number, text.slice(at, at + length)]);
    at += length;
  }
  expect(at).toBe(text.length);
  return found;
}

/** Header and box of a line, by the section about frames. */
function openLine(lines: string[]): { version: number; tid: Buffer; counter: number; box: Buffer } {
  const bytes = Buffer.from(lines.join(""), "base64");
  return {
    version: bytes.readUInt8(0),
    tid: bytes.subarray(1, 9),
    counter: bytes.readUInt32BE(9),
    box: bytes.subarray(13),
  };
}

function nonce(direction: string, { version, tid, counter }: ReturnType<typeof openLine>): Buffer {
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(counter, 6);
  return Buffer.concat([Buffer.from(direction), Buffer.from([version]), tid, tail]);
}

const stream = new Uint8Array(64);
crypto_stream_salsa20(stream, 0, 64, Buffer.from("tillet/1"), hex("Key, the first chain:"));
const [nextChain, requestKey] = [stream.slice(0, 32), stream.slice(32)];

test("the ratchet", () => {
  expect(Buffer.from(nextChain)).toEqual(hex("Chain after this request:"));
  expect(Buffer.from(requestKey)).toEqual(hex("Key of this request and its answer:"));
});

describe.each([
  ["request", "Q", "Line, in pieces here", "Nonce of the request:", "Message, ", 0],
  ["answer", "A", "Line of the answer:", "Nonce of the answer:", "Message of the answer, ", 1],
] as const)("the %s", (_, direction, lineTitle, nonceTitle, messageTitle, place) => {
  const frame = openLine(block(lineTitle));

  test("has the header and the nonce of the page", () => {
    expect([frame.version, frame.tid.toString(), frame.counter]).toEqual([1, "00000001", 1]);
    expect(nonce(direction, frame)).toEqual(hex(nonceTitle));
  });

  test("opens, and only as it is", () => {
    const opened = nacl.secretbox.open(frame.box, nonce(direction, frame), requestKey);
    expect(Buffer.from(opened ?? [])).toEqual(hex(messageTitle));
    for (let bit = 0; bit < frame.box.length * 8; bit++) {
      const flipped = Uint8Array.from(frame.box);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(nacl.secretbox.open(flipped, nonce(direction, frame), requestKey)).toBeNull();
    }
  });

  test("has the fields of the page, and no other bytes", () => {
    const listed = rows("## A sale in full", place).map(([number, , value = ""]) => [
      Number(number),
      /^\d{2,3} /.test(value) ? value.replace(/^\d+ /, "") : value,
    ]);
    expect(decode(hex(messageTitle))).toEqual(listed);
  });
});

test("the request says what the page says that it says", () => {
  const fields = Object.fromEntries(decode(hex("Message, ")));
  expect(hex("Message, ").toString("latin1", 0, 4)).toBe("0200");
  expect([fields[4], fields[11], fields[49]]).toEqual(["000000001250", "000001", "978"]);
  expect(fields[35]).toBe("4761739001010010=28122011143800000000");
  expect(Buffer.from("ATAwMDAwMDAxAAAAAQ==", "base64")).toEqual(hex("Frame, 146 bytes").subarray(0, 13));
});

describe("a sign-on", () => {
  const step = (chain: Uint8Array) => {
    const out = new Uint8Array(64);
    crypto_stream_salsa20(out, 0, 64, Buffer.from("tillet/1"), chain);
    return out.slice(0, 32);
  };
  const under = (chain: Uint8Array, half: Uint8Array) => {
    const out = new Uint8Array(32);
    crypto_core_hsalsa20(out, half, chain, Buffer.from("expand 32-byte k"));
    return out;
  };
  const rotated = (chain: Uint8Array, fresh: Uint8Array) =>
    under(under(chain, fresh.slice(0, 16)), fresh.slice(16, 32));
  const fieldsIn = (title: string) => Object.fromEntries(decode(hex(title)));
  const keysIn = (title: string) => Buffer.from(fieldsIn(title)[62] ?? "", "latin1");

  test("rotates the chain with the bytes of its answer", () => {
    const behind = step(nextChain);
    expect(Buffer.from(behind)).toEqual(hex("Chain behind the sign-on:"));
    expect(fieldsIn("Sign-on, ")).toEqual({
      11: "000002",
      41: "00000001",
      42: "000000000000001",
      60: "00000001001000001000001",
    });
    expect(keysIn("Answer to the sign-on, ")).toHaveLength(64);
    expect(Buffer.from(rotated(behind, keysIn("Answer to the sign-on, ")))).toEqual(hex("Chain after the sign-on:"));
  });

  test("with both keys takes in what they agree on", () => {
    const behind = step(hex("Chain after the sign-on:"));
    expect(Buffer.from(behind)).toEqual(hex("Chain behind the agreement:"));
    const [own, host] = [keysIn("Agreement, ").subarray(0, 32), keysIn("Agreement, ").subarray(32)];
    expect(host).toEqual(keysIn("Answer to the sign-on, ").subarray(32));
    const agreed = nacl.box.before(host, hex("The terminal's X25519 secret:"));
    expect(nacl.box.before(own, hex("The host's X25519 secret:"))).toEqual(agreed);
    expect(keysIn("Answer to the agreement, ")).toHaveLength(32);
    const rotation = rotated(behind, keysIn("Answer to the agreement, "));
    const chain = rotation.map((byte, index) => byte ^ (agreed[index] as number));
    expect(Buffer.from(chain)).toEqual(hex("Chain after the agreement:"));
  });
});
