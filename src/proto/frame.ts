/**
 * Frames on the link: one line of base64 and a line feed each, so that a receiver finds the next frame after any garbage
 * with a native search and the cost of a byte does not depend on its value. (Measured: a COBS loop costs 78,000
 * instructions a byte on Espruino, this 1,000; price: a third more bytes.)
 *
 * Inside: version (1 byte), TID (8 characters), counter (4 bytes, big-endian), then the sealed message.
 */
import { fromBigEndian, toBigEndian } from "./bytes";

export const FRAME_VERSION = 1;
export const HEADER_BYTES = 13;
/** Longest and shortest line without its line feed: header, tag and message, as base64. */
export const LINE_BYTES_MAX = 424;
export const LINE_BYTES_MIN = 40;

/** An answer has the very header of its request. */
export function buildFrame(tid: string, counter: number, box: string): string {
  return String.fromCharCode(FRAME_VERSION) + tid + toBigEndian(counter, 4) + box;
}

export function frameCounter(frame: string): number {
  return fromBigEndian(frame, 9, 4);
}

/** The first 16 bytes of a nonce: direction (`Q` to the host, `A` to the terminal), version, TID. The counter is in its tail. */
export function nonceHead(direction: string, tid: string): string {
  return direction + String.fromCharCode(FRAME_VERSION) + tid + "\0\0\0\0\0\0";
}

/** Collects lines from a stream. Holds at most one line, whatever comes. */
export interface LineReader {
  rest: string;
  /** `rest` may have the end of a line in it. */
  hasEnd: boolean;
  /** True while the end of an overlong line is awaited. */
  skipping: boolean;
}

export function openLines(): LineReader {
  return { rest: "", hasEnd: false, skipping: false };
}

/** Adds bytes that arrived. When true, call `nextLine` until it gives "". */
export function feedLines(reader: LineReader, bytes: string): boolean {
  reader.rest += bytes;
  if (bytes.indexOf("\n") >= 0) reader.hasEnd = true;
  return reader.hasEnd || reader.rest.length > LINE_BYTES_MAX;
}

/**
 * The next whole line without its end, or "" when there is none yet. What is too short or too long for a frame is passed over, short
 * lines many at a time: a flood of them costs no more a byte than frames do.
 */
export function nextLine(reader: LineReader): string {
  while (reader.hasEnd) {
    const rest = reader.rest;
    let end = rest.indexOf("\n");
    const isShort = end >= 0 && end < LINE_BYTES_MIN;
    if (isShort) {
      // On to the first end that may be a frame's.
      end = rest.indexOf("\n", LINE_BYTES_MIN);
      reader.skipping = false;
    }
    let line = end < 0 ? rest : rest.substr(0, end);
    if (isShort) line = "" + line.split("\n").pop();
    reader.hasEnd = end >= 0;
    reader.rest = end < 0 ? line : rest.substr(end + 1);
    if (end < 0) break;
    const isWhole = !reader.skipping;
    reader.skipping = false;
    if (isWhole && line.length >= LINE_BYTES_MIN && line.length <= LINE_BYTES_MAX) return line;
  }
  if (reader.rest.length > LINE_BYTES_MAX) {
    reader.rest = "";
    reader.skipping = true;
  }
  return "";
}
