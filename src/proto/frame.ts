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
/** Longest line without its line feed: header, tag and the longest message, as base64. */
export const LINE_BYTES_MAX = 508;

/** What is read of a frame before its seal is opened. `version` 0: not a frame. */
export interface Frame {
  version: number;
  tid: string;
  counter: number;
  box: string;
}

export function buildFrame(tid: string, counter: number, box: string): string {
  return String.fromCharCode(FRAME_VERSION) + tid + toBigEndian(counter, 4) + box;
}

/** Takes the bytes of a frame apart. Anything may come in; what is too short gets version 0. */
export function parseFrame(bytes: string): Frame {
  const isFrame = bytes.length > HEADER_BYTES;
  return {
    version: isFrame ? bytes.charCodeAt(0) : 0,
    tid: bytes.substr(1, 8),
    counter: isFrame ? fromBigEndian(bytes, 9, 4) : 0,
    box: bytes.substr(HEADER_BYTES),
  };
}

/** The first 16 bytes of a nonce: direction (`Q` to the host, `A` to the terminal), version, TID. The counter is in its tail. */
export function nonceHead(direction: string, tid: string): string {
  return direction + String.fromCharCode(FRAME_VERSION) + tid + "\0\0\0\0\0\0";
}

/** Collects lines from a stream. Holds at most one line, whatever comes. */
export interface LineReader {
  rest: string;
  /** True while the end of an overlong line is awaited. */
  skipping: boolean;
  /** Overlong lines thrown away. */
  overlongCount: number;
}

export function openLines(): LineReader {
  return { rest: "", skipping: false, overlongCount: 0 };
}

/** Adds bytes that arrived. Then call `nextLine` until it gives "". */
export function feedLines(reader: LineReader, bytes: string): void {
  reader.rest += bytes;
}

/** The next whole line without its end, or "" when there is none yet. Empty and overlong lines are passed over. */
export function nextLine(reader: LineReader): string {
  let end = reader.rest.indexOf("\n");
  while (end >= 0) {
    const line = reader.rest.substr(0, end);
    reader.rest = reader.rest.substr(end + 1);
    const isWhole = !reader.skipping;
    reader.skipping = false;
    if (isWhole && end > 0 && end <= LINE_BYTES_MAX) return line;
    if (end > LINE_BYTES_MAX) reader.overlongCount++;
    end = reader.rest.indexOf("\n");
  }
  if (reader.rest.length > LINE_BYTES_MAX) {
    if (!reader.skipping) reader.overlongCount++;
    reader.rest = "";
    reader.skipping = true;
  }
  return "";
}
