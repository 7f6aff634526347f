/** Frames around a sealed message of 200 bytes, and what an attacker may send instead, as often as the bench wants (`test/bench/bench.ts`). */
import { board } from "../../src/board/console";
import { plain } from "../../src/proto/bytes";
import { buildFrame, feedLines, nextLine, openLines, parseFrame } from "../../src/proto/frame";

declare const io: { cases: ((times: number) => void)[] };

const natives = board.natives || plain;
const PIECE_BYTES = 64;
const lines = openLines();

/** Like cipher text: no byte more likely than another. */
function box(byteCount: number, step: number): string {
  let text = "";
  for (let i = 0; i < byteCount; i++) text += String.fromCharCode((i * step + (i >> 3)) & 255);
  return text;
}

function encode(payload: string): string {
  return natives.base64(buildFrame("00000001", 7, payload)) + "\n";
}

/** As the link does with what comes from the network, a piece at a time. */
function decode(stream: string): number {
  let frameCount = 0;
  for (let at = 0; at < stream.length; at += PIECE_BYTES) {
    feedLines(lines, stream.substr(at, PIECE_BYTES));
    for (let line = nextLine(lines); line !== ""; line = nextLine(lines)) {
      if (parseFrame(natives.unbase64(line)).version > 0) frameCount++;
    }
  }
  return frameCount;
}

const sealed = box(200, 167);
const zeros = "\0".repeat(200);

function decoding(stream: string): (times: number) => void {
  return (times) => {
    for (; times--;) decode(stream);
  };
}

io.cases = [
  (times) => {
    for (; times--;) encode(sealed);
  },
  decoding(encode(sealed)),
  (times) => {
    for (; times--;) encode(zeros);
  },
  decoding(encode(zeros)),
  // Streams of 1,024 bytes: no end of line, nothing but ends, the shortest lines, lines that are not base64.
  decoding("A".repeat(1024)),
  decoding("\n".repeat(1024)),
  decoding("A\n".repeat(512)),
  decoding(("\xff".repeat(31) + "\n").repeat(32)),
];
