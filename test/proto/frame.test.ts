/** The line reader finds the next good line after anything, in bounded memory; a frame's parts are where the document says. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  buildFrame,
  feedLines,
  LINE_BYTES_MAX,
  nextLine,
  nonceHead,
  openLines,
  parseFrame,
} from "../../src/proto/frame";

function linesOf(pieces: readonly string[]): string[] {
  const reader = openLines();
  const lines: string[] = [];
  for (const piece of pieces) {
    feedLines(reader, piece);
    for (let line = nextLine(reader); line !== ""; line = nextLine(reader)) lines.push(line);
    expect(reader.rest.length).toBeLessThanOrEqual(LINE_BYTES_MAX);
  }
  return lines;
}

const line = fc.stringMatching(/^[A-Za-z0-9+/]{1,400}$/);
const garbage = fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes).toString("latin1"));

test("lines arrive whole, however they are cut", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), fc.array(fc.nat(500), { maxLength: 20 }), (lines, cuts) => {
      const stream = lines.map((each) => `${each}\n`).join("");
      const pieces: string[] = [];
      let at = 0;
      for (const cut of cuts) {
        pieces.push(stream.slice(at, at + cut));
        at += cut;
      }
      expect(linesOf([...pieces, stream.slice(at)])).toEqual(lines);
    }),
  );
});

test("after any garbage and a line end the next good line is found", () => {
  fc.assert(
    fc.property(fc.array(garbage, { maxLength: 5 }), line, (noise, good) => {
      expect(linesOf([...noise, "\n", `${good}\n`]).at(-1)).toBe(good);
    }),
  );
});

test("an overlong line is dropped up to its end, not beyond", () => {
  const reader = openLines();
  feedLines(reader, "x".repeat(5000));
  expect(nextLine(reader)).toBe("");
  feedLines(reader, "yyy\ngood\n");
  expect(nextLine(reader)).toBe("good");
  expect(reader.overlongCount).toBe(1);
});

describe("frames", () => {
  test("version, TID, counter, box", () => {
    expect(buildFrame("00000001", 258, "box")).toBe("\x0100000001\x00\x00\x01\x02box");
    expect(parseFrame("\x0100000001\x00\x00\x01\x02box")).toEqual({
      version: 1,
      tid: "00000001",
      counter: 258,
      box: "box",
    });
  });

  test("what is too short is no frame", () => {
    for (let length = 0; length <= 13; length++) expect(parseFrame("\x01".repeat(length)).version).toBe(0);
  });

  test("the head of a nonce has 16 bytes and tells direction and terminal", () => {
    expect(nonceHead("Q", "00000001")).toBe("Q\x0100000001\0\0\0\0\0\0");
    expect(nonceHead("A", "00000001")).not.toBe(nonceHead("Q", "00000001"));
  });
});
