/** Frames around a sealed message of 200 bytes, and what an attacker may send instead, as often as the bench wants (`test/bench/bench.ts`). */
import { board } from "../../src/board/console";
import { plain } from "../../src/proto/plain";
import { buildFrame, feedLines, HEADER_BYTES, nextLine, openLines } from "../../src/proto/frame";

declare const io: { cases: ((times: number) => void)[] };

const natives = board.natives || plain;
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

/** As the link does with what comes from the network, so much at a time. */
function decode(stream: string, pieceBytes: number): string {
  let box = "";
  for (let at = 0; at < stream.length; at += pieceBytes) {
    if (!feedLines(lines, stream.substr(at, pieceBytes))) continue;
    for (let line = nextLine(lines); line !== ""; line = nextLine(lines)) {
      const frame = natives.unbase64(line);
      if (frame.substr(0, HEADER_BYTES) === header) box = frame.substr(HEADER_BYTES);
    }
  }
  return box;
}

const sealed = box(200, 167);
const zeros = "\0".repeat(200);

const header = buildFrame("00000001", 7, "");

function decoding(stream: string, pieceBytes: number): (times: number) => void {
  return (times) => {
    for (; times--;) decode(stream, pieceBytes);
  };
}

io.cases = [
  (times) => {
    for (; times--;) encode(sealed);
  },
  decoding(encode(sealed), 512),
  (times) => {
    for (; times--;) encode(zeros);
  },
  decoding(encode(zeros), 512),
  decoding(encode(sealed), 64),
  // Streams of 1,024 bytes: no end of line, nothing but ends, lines shorter than a frame and as short as one, none of them base64.
  decoding("A".repeat(1024), 64),
  decoding("\n".repeat(1024), 64),
  decoding(("\xff".repeat(31) + "\n").repeat(32), 64),
  decoding(("\xff".repeat(40) + "\n").repeat(25), 64),
];
