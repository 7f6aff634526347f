/** The host's end of the link: lines out of any stream in any pieces, frames out of any line, memory bounded for whoever connects. */
import { takeLines } from "../../src/host/gateway";
import { buildLine, parseLine } from "../../src/host/seal";
import { LINE_BYTES_MAX } from "../../src/proto/frame";
import { lineStream, linesOf } from "./frame.fuzz";
import { assert, mutated, pieces } from "./inputs";
import type { Random } from "./runner";

export function fuzz(random: Random): void {
  const stream = lineStream(random);
  const connection = { rest: "", isSkipping: false };
  const found: string[] = [];
  for (const piece of pieces(random, stream)) {
    found.push(...takeLines(connection, piece));
    assert(connection.rest.length <= LINE_BYTES_MAX, "memory", connection.rest.length);
  }
  assert(found.join("\n") === linesOf(stream, 1).join("\n"), "lines", stream, found);
  for (const line of [...found, ...found.map((each) => mutated(random, each))]) {
    const frame = parseLine(line);
    if (!frame) continue;
    const { tid, counter, box } = frame;
    assert(/^[ -~]{8}$/.test(tid) && counter >= 0 && counter < 2 ** 32, "TID and counter", line);
    // Base64 has spare bits in its last character: the bytes are the same, the text need not be.
    const again = Buffer.from(buildLine(tid, counter, box), "base64");
    assert(again.equals(Buffer.from(line, "base64")), "there and back", line);
  }
}
