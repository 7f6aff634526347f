/** Lines and frames of the link: whatever comes, in whatever pieces, the good lines come out and memory is bounded. */
import {
  buildFrame,
  feedLines,
  frameCounter,
  HEADER_BYTES,
  LINE_BYTES_MAX,
  LINE_BYTES_MIN,
  nextLine,
  openLines,
} from "../../src/proto/frame";
import { assert, bytes, mutated, noise, pieces } from "./inputs";
import type { Random } from "./runner";

/** A stream with good, spoilt, empty and overlong lines in it. */
export function lineStream(random: Random): string {
  let stream = "";
  for (let lines = random(5); lines > 0; lines--) {
    const box = bytes(random, random(40) + 1);
    const line = `${Buffer.from(buildFrame("00000001", random(2 ** 32), box), "latin1").toString("base64")}\n`;
    const kind = random(8);
    if (kind === 0) stream += mutated(random, line);
    else if (kind === 1) stream += noise(random, 30);
    else if (kind === 2) stream += `${"A".repeat(LINE_BYTES_MAX - 3 + random(8))}\n`;
    else if (kind === 3) stream += "B".repeat(random(3) * LINE_BYTES_MAX);
    else stream += line;
  }
  return stream;
}

/** Lines of a stream that a receiver must find. */
export function linesOf(stream: string, bytesMin: number): string[] {
  return stream
    .split("\n")
    .slice(0, -1)
    .filter((line) => line.length >= bytesMin && line.length <= LINE_BYTES_MAX);
}

export function fuzz(random: Random): void {
  const stream = lineStream(random);
  const reader = openLines();
  const found: string[] = [];
  for (const piece of pieces(random, stream)) {
    if (!feedLines(reader, piece)) continue;
    for (let line = nextLine(reader); line !== ""; line = nextLine(reader)) found.push(line);
    assert(reader.rest.length <= LINE_BYTES_MAX, "memory", reader.rest.length);
  }
  assert(found.join("\n") === linesOf(stream, LINE_BYTES_MIN).join("\n"), "lines", stream, found);
  for (const line of found) {
    const text = Buffer.from(line, "base64").toString("latin1");
    if (text.length < HEADER_BYTES) continue;
    const again = buildFrame(text.slice(1, 9), frameCounter(text), text.slice(HEADER_BYTES));
    assert(again.slice(1) === text.slice(1), "there and back", text);
  }
}
