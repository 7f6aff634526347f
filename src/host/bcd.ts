/**
 * ISO 8583:1987 in the form that banks of the UnionPay family take: type, numbers and lengths as BCD, text as ASCII, bytes as they
 * are. An odd number of digits is filled up with a zero: behind them where the table says so, else in front; `=` of a track is D, and D becomes `=`.
 */
import { type Field, FIELDS } from "../proto/fields.table";
import { type Fields, pack, unpack } from "./iso8583";

const HEAD_BYTES = 10;
const BY_NUMBER = new Map(FIELDS.map((each) => [each.field, each]));

/** What is counted in digits, two a byte. */
function isPacked({ content }: Field): boolean {
  return content === "n" || content === "z";
}

function nibbles(value: string, isLeft: boolean): Buffer {
  const digits = value.replaceAll("=", "D");
  const isOdd = digits.length % 2 === 1;
  return Buffer.from(isOdd ? (isLeft ? `${digits}0` : `0${digits}`) : digits, "hex");
}

/** Null when the filling is not a zero. */
function digitsOf(bytes: Buffer, count: number, isLeft: boolean): string | null {
  const digits = bytes.toString("hex").toUpperCase().replaceAll("D", "=");
  if (digits.length === count) return digits;
  const isFilled = digits.at(isLeft ? -1 : 0) === "0";
  return isFilled ? (isLeft ? digits.slice(0, -1) : digits.slice(1)) : null;
}

/** Throws when a value does not fit its field. */
export function packBcd(fields: Fields): Buffer {
  // Checks every value, and fills up those of fixed length.
  const checked = unpack(pack(fields)) as Fields;
  const [mti = "", ...values] = checked;
  const parts = [nibbles(mti, false), Buffer.from(pack(fields).slice(4, 12), "latin1")];
  values.forEach((value, index) => {
    const field = BY_NUMBER.get(index + 1);
    if (value === undefined || !field) return;
    if (field.prefixDigits > 0) parts.push(nibbles(String(value.length).padStart(field.prefixDigits, "0"), false));
    parts.push(isPacked(field) ? nibbles(value, field.isLeft) : Buffer.from(value, "latin1"));
  });
  return Buffer.concat(parts);
}

/** Null when anything about the message is not as the table says. */
export function unpackBcd(bytes: Buffer): Fields | null {
  if (bytes.length < HEAD_BYTES) return null;
  const fields: Fields = [bytes.toString("hex", 0, 2)];
  const bits = bytes.readBigUInt64BE(2);
  let at = HEAD_BYTES;
  const take = (count: number): Buffer => bytes.subarray(at, (at += count));
  for (let number = 1; number <= 64; number++) {
    if (((bits >> BigInt(64 - number)) & 1n) === 0n) continue;
    const field = BY_NUMBER.get(number);
    if (!field) return null;
    const prefixBytes = Math.ceil(field.prefixDigits / 2);
    const prefix = take(prefixBytes).toString("hex");
    if (!/^[0-9]*$/.test(prefix)) return null;
    const length = prefixBytes > 0 ? Number(prefix) : field.length;
    const byteCount = isPacked(field) ? Math.ceil(length / 2) : length;
    if (length > field.length || at + byteCount > bytes.length) return null;
    const part = take(byteCount);
    const value = isPacked(field) ? digitsOf(part, length, field.isLeft) : part.toString("latin1");
    if (value === null) return null;
    fields[number] = value;
  }
  // The other form knows what may be in each field.
  return at === bytes.length && isAllowed(fields) ? fields : null;
}

function isAllowed(fields: Fields): boolean {
  try {
    pack(fields);
    return true;
  } catch {
    return false;
  }
}
