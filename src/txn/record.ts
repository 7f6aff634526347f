/**
 * Checked records, the unit of everything in raw flash: kind (1 byte), length of the body (2), a check of those three (1),
 * body, CRC-32 of all that (4). Big-endian. A torn write leaves a record whose check fails, which is as if it had not been
 * made; the header's own check tells where the next one starts even then.
 */
import { fromBigEndian, toBigEndian } from "../proto/bytes";

/** Kinds, as the letter that stands in flash. Bodies: see `book` and `journal`. */
export const enum Record {
  None = "-",
  /** The head of a page: its number and the book so far. */
  Page = "P",
  /** The ratchet: where the last one is, the counter, the chain. Overwritten with zeros once a newer one is safe. */
  Key = "K",
  /** A transaction is about to be sent; with the sealed frame that is repeated until it is settled: the reversal, or itself. */
  Sale = "S",
  Approved = "A",
  Declined = "D",
  /** The request never left. */
  Unsent = "N",
  /** The host acknowledged the reversal. */
  Undone = "V",
  /** The receipt is done, or was waived. */
  Printed = "R",
  /** The host has answered a sign-on: the month it said. In one write with the chain that it rotated. */
  SignedOn = "O",
  /** Parameters for taps, as the host sent them. */
  Parameters = "T",
  /** The block list (`limits/blocks`), as the host sent it. */
  Blocks = "X",
  /** What was taken on a day, at the head of a page where something is limited (`watch`). */
  Taken = "L",
  /** The host has closed the batch; the next one begins. */
  Closed = "B",
  /** Something is about to be asked that moves no money: its STAN is used. */
  Query = "Q",
  /** What the keys of PINs have come to; not in the journal but in pages of its own (`pinkeys`). */
  PinKeys = "U",
  /** All operators, and one of them; behind the settings (`operator-book`). */
  Operators = "G",
  Operator = "H",
  /** What waits for the link (`forward`), at the head of a page. */
  Waiting = "W",
  /** In rows of the machine alone: what waited is in hand again. Its own record, `Sale`, is written once more. */
  Forward = "F",
  /** Settings from provisioning. */
  Settings = "C",
}

export const RECORD_HEADER_BYTES = 4;
const CHECK_BYTES = 4;

type Crc32 = (text: string) => number;

function headerCheck(head: string): string {
  return String.fromCharCode(head.charCodeAt(0) ^ head.charCodeAt(1) ^ head.charCodeAt(2) ^ 0xa5);
}

export function buildRecord(kind: string, body: string, crc32: Crc32): string {
  const head = kind + toBigEndian(body.length, 2);
  const text = head + headerCheck(head) + body;
  return text + toBigEndian(crc32(text), CHECK_BYTES);
}

/** Bytes of the record whose header is at `at`, all counted; 0 when flash is still erased there, -1 when it is no header. */
export function recordBytes(text: string, at: number): number {
  const head = text.substr(at, RECORD_HEADER_BYTES);
  if (head === "\xff\xff\xff\xff") return 0;
  if (head.length < RECORD_HEADER_BYTES || headerCheck(head) !== head.charAt(3)) return -1;
  return RECORD_HEADER_BYTES + fromBigEndian(head, 1, 2) + CHECK_BYTES;
}

/** The body of the record of `byteCount` bytes at `at`, or "" when its check fails. */
export function recordBody(text: string, at: number, byteCount: number, crc32: Crc32): string {
  const checked = text.substr(at, byteCount - CHECK_BYTES);
  const check = fromBigEndian(text, at + byteCount - CHECK_BYTES, CHECK_BYTES);
  return crc32(checked) === check ? checked.substr(RECORD_HEADER_BYTES) : "";
}
