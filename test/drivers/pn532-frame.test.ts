/** The PN532's frames against frames of others: found in any stream, refused when anything in them is wrong. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ACK,
  buildFrame,
  DATA_BYTES_MAX,
  Frame,
  FRAME_BYTES_MAX,
  NACK,
  nextFrame,
  openFrames,
} from "../../src/drivers/pn532-frame";
import { plain } from "../../src/proto/plain";
import { ANSWERS, bytesOf, COMMANDS } from "./pn532-vectors";

type Found = { kind: Frame; data: string };

/** Everything that is found when the pieces come one after the other. */
function find(...pieces: string[]): Found[] {
  const frames = openFrames(plain);
  const found: Found[] = [];
  for (const piece of pieces) {
    frames.heard += piece;
    for (let kind = nextFrame(frames); kind !== Frame.None; kind = nextFrame(frames)) {
      found.push({ kind, data: kind === Frame.Data ? frames.data : "" });
    }
    expect(frames.heard.length).toBeLessThan(FRAME_BYTES_MAX);
  }
  return found;
}

const wholeFrames = (found: Found[]) => found.filter(({ kind }) => kind !== Frame.Broken);
const foundOf = ({ data }: { data: string | null }): Found =>
  data === null ? { kind: Frame.Ack, data: "" } : { kind: Frame.Data, data };

describe.each(COMMANDS)("$from", ({ frame, data }) => {
  test("is built byte for byte", () => expect(buildFrame(plain, data ?? "")).toBe(frame));
});

test("ACK and NACK are those of the manual (6.2.1.3, 6.2.1.4)", () => {
  expect([ACK, NACK]).toEqual([bytesOf("00 00 FF 00 FF 00"), bytesOf("00 00 FF FF 00 00")]);
});

describe.each(ANSWERS)("$from", (vector) => {
  const { frame } = vector;

  test("is found, also byte by byte, between others and behind garbage", () => {
    const one = foundOf(vector);
    expect(find(frame)).toEqual([one]);
    expect(find(...frame)).toEqual([one]);
    expect(find(ACK + frame + frame + ACK)).toEqual([
      { kind: Frame.Ack, data: "" },
      one,
      one,
      { kind: Frame.Ack, data: "" },
    ]);
    expect(wholeFrames(find("\x55\xff\x00\x13", "\x00\x00", frame))).toEqual([one]);
  });

  test("cut anywhere is not found, and the next one is", () => {
    for (let end = 0; end < frame.length; end++) {
      const cut = frame.slice(0, end);
      expect(wholeFrames(find(cut))).toEqual([]);
      // What was lost may take so much of what follows that it needs the one after that.
      const rest = find(cut, frame, frame + frame);
      expect(rest[rest.length - 1]).toEqual(foundOf(vector));
    }
  });

  test("with one bit wrong behind its preamble is not found", () => {
    for (let at = 1; at < frame.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const wrong = frame.slice(0, at) + String.fromCharCode(frame.charCodeAt(at) ^ (1 << bit)) + frame.slice(at + 1);
        expect(wholeFrames(find(wrong))).toEqual([]);
      }
    }
  });
});

test("a frame inside of what noise made look like one is found", () => {
  const frame = ANSWERS[1]?.frame ?? "";
  expect(wholeFrames(find("\x00\xff\x14\xec\xd5", frame, "\x01".repeat(20)))).toEqual([
    { kind: Frame.Data, data: "\xd5\x03\x32\x01\x06\x07" },
  ]);
});

test("data of every length comes back, the longest too", () => {
  const frames = openFrames(plain);
  for (let length = 1; length <= DATA_BYTES_MAX; length++) {
    const data = "\xd5" + "\xff\x00".repeat(DATA_BYTES_MAX).slice(0, length - 1);
    frames.heard = buildFrame(plain, data);
    expect(frames.heard.length).toBe(length + (length > 255 ? 10 : 7));
    expect(nextFrame(frames)).toBe(Frame.Data);
    expect(frames.data).toBe(data);
  }
});

test("a length beyond the longest is no frame, and nothing waits for it", () => {
  for (const head of ["FF FF 01 0A F5", "FF FF FF FF 02", "FF FF 00 00 00", "00 00"]) {
    expect(find(bytesOf(`00 00 FF ${head}`) + "\xd5".repeat(20) + ACK)).toEqual([{ kind: Frame.Ack, data: "" }]);
  }
});

test("noise before, between and after hides no frame for longer than it is long", () => {
  const data = fc.uint8Array({ minLength: 1, maxLength: DATA_BYTES_MAX });
  const noise = fc.array(fc.constantFrom(0, 0, 255, 1, 0xd5, 0x7f), { maxLength: 40 });
  fc.assert(
    fc.property(noise, data, noise, fc.nat(30), (before, inner, after, cut) => {
      const text = Buffer.from(inner).toString("latin1");
      const stream = Buffer.from(before).toString("latin1") + Buffer.from(after).toString("latin1");
      // A frame that the noise made may swallow the first; then it is out of breath.
      const filler = "\x01".repeat(FRAME_BYTES_MAX);
      const found = find(stream.slice(0, cut), stream.slice(cut), filler + buildFrame(plain, text));
      expect(found[found.length - 1]).toEqual({ kind: Frame.Data, data: text });
    }),
    { seed: 532, numRuns: 2000 },
  );
});
