/**
 * What a terminal starts with for taps: its own data, the applications that it takes, and their limits. A record as a host would send it,
 * read and checked by `tap-params`. This file runs at build time.
 *
 * Version (2 bytes), currency and country of the terminal (ISO 4217 and 3166 numbers, BCD, 2 each), terminal capabilities (9F33, 3), terminal
 * type (9F35, 1); then for each application: length of the AID (1), AID, kernel (1), limit and CVM limit (minor units, 4 each), terminal
 * transaction qualifiers (9F66, 4), version number (9F09, 2); last CRC-32 of all that (4). Big-endian.
 */
import { plain } from "../proto/plain";

const VERSION = 1;
const EURO = "0978";
const GERMANY = "0276";
/** Stripe; online PIN and no CVM; no offline data authentication. */
const CAPABILITIES = "404800";
/** Attended, online only, the merchant's. */
const TYPE = "21";
/** More than 1,000.00 is not taken without contacts, more than 50.00 not without verification. */
const LIMIT_MINOR = 100000;
const CVM_LIMIT_MINOR = 5000;
/** EMV mode and online PIN; phones may verify their owners. */
const QUALIFIERS = "24004000";

interface App {
  readonly aid: string;
  readonly kernel: 2 | 3 | 7;
  readonly version: string;
}

/** Visa and Electron, Mastercard and Maestro, UnionPay (debit, credit, quasi-credit, electronic cash begin alike). */
const APPS: readonly App[] = [
  { aid: "A0000000031010", kernel: 3, version: "0096" },
  { aid: "A0000000032010", kernel: 3, version: "0096" },
  { aid: "A0000000041010", kernel: 2, version: "0002" },
  { aid: "A0000000043060", kernel: 2, version: "0002" },
  { aid: "A00000033301", kernel: 7, version: "0020" },
];

const hex = (value: number, byteCount: number) => value.toString(16).padStart(2 * byteCount, "0");

/** Hexadecimal digits as a byte string. */
function bytes(digits: string): string {
  return digits.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16)));
}

function record(): string {
  const apps = APPS.map(({ aid, kernel, version }) => {
    const limits = hex(LIMIT_MINOR, 4) + hex(CVM_LIMIT_MINOR, 4);
    return hex(aid.length / 2, 1) + aid + hex(kernel, 1) + limits + QUALIFIERS + version;
  });
  const body = bytes([hex(VERSION, 2), EURO, GERMANY, CAPABILITIES, TYPE, ...apps].join(""));
  return body + bytes(hex(plain.crc32(body), 4));
}

export const TAP_RECORD = record();
