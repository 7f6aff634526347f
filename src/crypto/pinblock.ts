/**
 * PIN blocks (ISO 9564-1:2017). Format 4 (section 9.4.2.2) goes through AES twice, with the PAN between; format 0 (9.3.2) through TDEA,
 * for hosts that have nothing else. PINs are 4 to 12 digits, PANs 13 to 19.
 */
import type { Aes } from "./dukpt";
import { tdeaEncrypt } from "./tdea";

/** Bytes of hexadecimal digits. */
function fromHex(digits: string): string {
  let text = "";
  for (let i = 0; i < digits.length; i += 2) text += String.fromCharCode(parseInt(digits.substr(i, 2), 16));
  return text;
}

function xored(a: string, b: string): string {
  let text = "";
  for (let i = 0; i < a.length; i++) text += String.fromCharCode(a.charCodeAt(i) ^ b.charCodeAt(i));
  return text;
}

/** The PIN field of formats 0 and 4: control digit, length, PIN, filler up to `digitCount`. */
function pinField(format: string, pin: string, filler: string, digitCount: number): string {
  return (format + pin.length.toString(16) + pin).padEnd(digitCount, filler);
}

/** Format 4, 16 bytes. `random` is 8 bytes, never the same twice for one PIN. */
export function pinBlock4(aes: Aes, key: string, pin: string, pan: string, random: string): string {
  const length = pan.length > 12 ? (pan.length - 12).toString(16) : "0";
  const panField = fromHex((length + pan.padStart(12, "0")).padEnd(32, "0"));
  const plain = fromHex(pinField("4", pin, "a", 16)) + random;
  return aes(key, xored(aes(key, plain), panField));
}

/** Format 0, 8 bytes. The account number is the PAN's last twelve digits, check digit left out. */
export function pinBlock0(key: string, pin: string, pan: string): string {
  const account = pan
    .substr(0, pan.length - 1)
    .padStart(12, "0")
    .substr(-12);
  return tdeaEncrypt(key, xored(fromHex(pinField("0", pin, "f", 16)), fromHex("0000" + account)));
}
