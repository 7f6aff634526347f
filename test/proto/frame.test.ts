/** The line reader finds the next good line after anything, in bounded memory; a frame's parts are where the document says. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  buildFrame,
  feedLines,
  frameCounter,
  LINE_BYTES_MAX,
  LINE_BYTES_MIN,
  nextLine,
  nonceHead,
  openLines,
} from "../../src/proto/frame";
import { Bench, buildProbe, openProbeEngine } from "../engine/bench";
import { BARE_ENGINES } from "../engines";

function linesOf(pieces: readonly string[]): string[] {
  const reader = openLines();
  const lines: string[] = [];
  for (const piece of pieces) {
    if (!feedLines(reader, piece)) continue;
    for (let line = nextLine(reader); line !== ""; line = nextLine(reader)) lines.push(line);
    expect(reader.rest.length).toBeLessThanOrEqual(LINE_BYTES_MAX);
  }
  return lines;
}

const line = fc.stringMatching(/^[A-Za-z0-9+/]{40,424}$/);
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

const good = (letter: string) => letter.repeat(LINE_BYTES_MIN);

test("an overlong line is dropped up to its end, not beyond", () => {
  expect(linesOf(["x".repeat(5000), `yyy\n${good("A")}\n`])).toEqual([good("A")]);
  expect(linesOf(["x".repeat(5000), `${good("y")}\n${good("A")}\n`])).toEqual([good("A")]);
  expect(linesOf([`${"x".repeat(LINE_BYTES_MAX + 1)}\n${good("A")}\n`])).toEqual([good("A")]);
});

test("lines from the shortest to the longest frame are taken, others are passed over", () => {
  for (let byteCount = 0; byteCount <= LINE_BYTES_MAX + 2; byteCount++) {
    const isTaken = byteCount >= LINE_BYTES_MIN && byteCount <= LINE_BYTES_MAX;
    const line = "A".repeat(byteCount);
    expect(linesOf([`${line}\n`])).toEqual(isTaken ? [line] : []);
    expect(linesOf([`short\n\n${line}\n${good("B")}\n`])).toEqual([...(isTaken ? [line] : []), good("B")]);
  }
});

describe("frames", () => {
  test("version, TID, counter, box", () => {
    expect(buildFrame("00000001", 258, "box")).toBe("\x0100000001\x00\x00\x01\x02box");
    expect(frameCounter("\x0100000001\xff\x00\x01\x02box")).toBe(0xff000102);
  });

  test("the head of a nonce has 16 bytes and tells direction and terminal", () => {
    expect(nonceHead("Q", "00000001")).toBe("Q\x0100000001\0\0\0\0\0\0");
    expect(nonceHead("A", "00000001")).not.toBe(nonceHead("Q", "00000001"));
  });
});

const ENGINES = [{ name: "node" as const, isHere: true }, ...BARE_ENGINES];

describe.each(ENGINES)("on $name", ({ name, isHere }) => {
  let bench: Bench;
  beforeAll(async () => {
    if (!isHere) return;
    bench = new Bench(openProbeEngine(name, await buildProbe("test/proto/frame.probe.ts")));
    await bench.open();
  });
  afterAll(() => bench?.close());

  test.skipIf(!isHere)("the same lines come out", async () => {
    const pieces = [
      ...["abc\n\n\n", `${good("A")}\n`, good("B"), "\n", "x".repeat(300), "x".repeat(300), `y\n${good("C")}\n\n\n`],
      ...[`${"\xff\0".repeat(30)}\n${good("D")}`, `E\n${"\n".repeat(100)}${good("F")}\n${good("G")}\n12`],
    ];
    const found: unknown[] = [];
    for (const piece of pieces) found.push(...(await bench.command(0, piece)).flat());
    expect(found).toEqual([
      good("A"),
      good("B"),
      good("C"),
      "\xff\0".repeat(30),
      `${good("D")}E`,
      good("F"),
      good("G"),
    ]);
  });
});
