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

const { crypto_stream_salsa20 } = (
  nacl as unknown as {
    lowlevel: {
      crypto_stream_salsa20(out: Uint8Array, at: number, byteCount: number, nonce: Uint8Array, key: Uint8Array): number;
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
