import { gzipSync } from "node:zlib";

/** CRC-32 as zlib has it: a gzip stream ends with it (RFC 1952 section 2.3.1). */
export function crc32(bytes: Uint8Array): number {
  const stream = gzipSync(bytes);
  return stream.readUInt32LE(stream.length - 8);
}
