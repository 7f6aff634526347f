/** Checked records as they stand in flash (`docs/journal.md`), from outside: shares no code with the firmware. */

const CRC_TABLE = Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc >>> 0;
});

/** IEEE 802.3. */
export function crc32(bytes: Uint8Array): number {
  return (
    (bytes.reduce((crc, byte) => (CRC_TABLE[(crc ^ byte) & 255] as number) ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>>
    0
  );
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
  const records: StoredRecord[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const [kind = 0, high = 0, low = 0, check] = bytes.subarray(at, at + 4);
    if ((kind ^ high ^ low ^ 0xa5) !== check) break;
    const end = at + 4 + (high << 8) + low;
    if (end + 4 > bytes.length) break;
    if (bytes.readUInt32BE(end) === crc32(bytes.subarray(at, end))) {
      records.push({ kind: String.fromCharCode(kind), body: bytes.subarray(at + 4, end) });
    }
    at = end + 4;
  }
  return records;
}
