/** Checked records as they stand in flash (`docs/journal.md`), from outside: shares no code with the firmware. */

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** IEEE 802.3. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.length; at++)
    crc = (CRC_TABLE[(crc ^ (bytes[at] as number)) & 255] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

export function record(kind: string, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4 + body.length + 4);
  bytes.write(kind, 0, "latin1");
  bytes.writeUInt16BE(body.length, 1);
  bytes[3] = (bytes[0] as number) ^ (bytes[1] as number) ^ (bytes[2] as number) ^ 0xa5;
  bytes.set(body, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 4 + body.length)), 4 + body.length);
  return bytes;
}

export interface StoredRecord {
  kind: string;
  body: Buffer;
}

/** Good records of a page up to the first place that is no header. */
export function readPage(page: Uint8Array): StoredRecord[] {
  const bytes = Buffer.from(page);
  const byteAt = (at: number) => bytes[at] as number;
  const records: StoredRecord[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    if ((byteAt(at) ^ byteAt(at + 1) ^ byteAt(at + 2) ^ 0xa5) !== byteAt(at + 3)) break;
    const end = at + 4 + bytes.readUInt16BE(at + 1);
    if (end + 4 > bytes.length) break;
    if (bytes.readUInt32BE(end) === crc32(bytes.subarray(at, end))) {
      records.push({ kind: String.fromCharCode(byteAt(at)), body: bytes.subarray(at + 4, end) });
    }
    at = end + 4;
  }
  return records;
}
