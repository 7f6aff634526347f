/** Flash images that a test would otherwise need a day of trade for. */
import { crc32 } from "./crc32";
import { newImage } from "./world";

const JOURNAL_AT = 2 * 4096;
const PAGE_BYTES = 4096;
const HEAD_BYTES = 89 + 48;

/** A factory image whose first journal page has room for no sale: filled with outcomes of a transaction that is not there. */
export function almostFullImage(freeBytes = 100): Uint8Array {
  return almostFull(newImage(), freeBytes);
}

/** The same of another factory image. */
export function almostFull(image: Uint8Array, freeBytes = 100): Uint8Array {
  const filler = record("D", "00000005");
  let at = HEAD_BYTES;
  for (; at + filler.length <= PAGE_BYTES - freeBytes; at += filler.length) image.set(filler, JOURNAL_AT + at);
  return image;
}

/** A factory image whose batch has filled so many pages, all of them empty of transactions. */
export function longBatchImage(pages: number): Uint8Array {
  const image = newImage();
  const digits = (value: number, count: number) => String(value).padStart(count, "0");
  image.set(record("P", digits(1 + pages, 10) + "000001000001" + digits(0, 45) + digits(1, 10) + "2601"), JOURNAL_AT);
  return image;
}

function record(kind: string, body: string): Uint8Array {
  const bytes = Buffer.alloc(body.length + 8);
  bytes.write(kind + String.fromCharCode(0, body.length), 0, "latin1");
  bytes[3] = (bytes[0] as number) ^ body.length ^ 0xa5;
  bytes.write(body, 4, "latin1");
  bytes.writeUInt32BE(crc32(bytes.subarray(0, body.length + 4)), body.length + 4);
  return bytes;
}
