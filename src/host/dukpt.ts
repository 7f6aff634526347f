/** AES DUKPT, host side (ANSI X9.24-3:2017 section 6): any key straight from the base key and the key serial number; what a device is loaded with. */
import { createCipheriv, createDecipheriv } from "node:crypto";

/** Key usage, algorithm and bit length as in the derivation data. */
export type Usage = "PIN, AES-128" | "PIN, TDEA-2";

const USAGES: Record<Usage, string> = { "PIN, AES-128": "100000020080", "PIN, TDEA-2": "100000000080" };
const DERIVATION = "800000020080";
const INITIAL = "800100020080";
/** Bytes of a key serial number: initial key id 8, counter 4. */
export const KSN_BYTES = 12;

function encrypt(key: Uint8Array, block: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

function decrypt(key: Uint8Array, block: Uint8Array): Buffer {
  const decipher = createDecipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  return Buffer.concat([decipher.update(block), decipher.final()]);
}

function derive(key: Uint8Array, usage: string, tail: Uint8Array): Buffer {
  return encrypt(key, Buffer.concat([Buffer.from(`0101${usage}`, "hex"), tail]));
}

/** What the keys of one device come from (section 6.3.1). */
export function initialKey(baseKey: Uint8Array, id: Uint8Array): Buffer {
  return derive(baseKey, INITIAL, id);
}

/** The 32 registers of a new device, 16 bytes each, bit 0 first (section 6.5.2). The device never sees the initial key. */
export function loadRegisters(key: Uint8Array, id: Uint8Array): Buffer {
  const tail = Buffer.concat([id.subarray(4), Buffer.alloc(4)]);
  const registers = Array.from({ length: 32 }, (_, bit) => {
    tail.writeUInt32BE(2 ** bit, 4);
    return derive(key, DERIVATION, tail);
  });
  return Buffer.concat(registers);
}

/** The working key of a transaction. At most 16 derivations for counters that a terminal uses. */
export function workingKey(baseKey: Uint8Array, ksn: Uint8Array, usage: Usage): Buffer {
  const id = Buffer.from(ksn.subarray(0, 8));
  const counter = Buffer.from(ksn).readUInt32BE(8);
  const tail = Buffer.concat([id.subarray(4), Buffer.alloc(4)]);
  let key = initialKey(baseKey, id);
  let walked = 0;
  for (let bit = 31; bit >= 0; bit--) {
    const mask = 2 ** bit;
    if (Math.floor(counter / mask) % 2 === 0) continue;
    walked += mask;
    tail.writeUInt32BE(walked, 4);
    key = derive(key, DERIVATION, tail);
  }
  return derive(key, USAGES[usage], tail);
}

/** The PIN of a format 4 block (ISO 9564-1 section 9.4.2.2), or "" when there is none in it. */
export function openPinBlock4(key: Uint8Array, block: Uint8Array, pan: string): string {
  const length = Math.max(0, pan.length - 12).toString(16);
  const panField = Buffer.from((length + pan.padStart(12, "0")).padEnd(32, "0"), "hex");
  const between = decrypt(key, block).map((byte, index) => byte ^ (panField[index] as number));
  return pinOf(decrypt(key, between).toString("hex").slice(0, 16), "4", "a");
}

/** The same for format 0 (section 9.3.2) under a two-key TDEA key. */
export function openPinBlock0(key: Uint8Array, block: Uint8Array, pan: string): string {
  const decipher = createDecipheriv("des-ede3", Buffer.concat([key, key.subarray(0, 8)]), null).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(block), decipher.final()]);
  const account = Buffer.from(`0000${pan.slice(0, -1).padStart(12, "0").slice(-12)}`, "hex");
  return pinOf(Buffer.from(plain.map((byte, index) => byte ^ (account[index] as number))).toString("hex"), "0", "f");
}

function pinOf(field: string, format: string, filler: string): string {
  const digitCount = parseInt(field.charAt(1), 16);
  const pin = field.slice(2, 2 + digitCount);
  const isWhole =
    field.startsWith(format) &&
    digitCount >= 4 &&
    digitCount <= 12 &&
    /^[0-9]+$/.test(pin) &&
    field.slice(2 + digitCount) === filler.repeat(14 - digitCount);
  return isWhole ? pin : "";
}
