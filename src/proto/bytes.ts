/** Byte strings (see `board/board`): numbers in and out of them. */

/** Unsigned `value` of up to 32 bits as `byteCount` bytes, at most 4, most significant first. */
export function toBigEndian(value: number, byteCount: number): string {
  return String.fromCharCode(value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255).substr(4 - byteCount);
}

/** `byteCount` bytes from `at` on as an unsigned number, most significant first; NaN past the end. */
export function fromBigEndian(text: string, at: number, byteCount: number): number {
  let value = 0;
  for (let i = 0; i < byteCount; i++) value = value * 256 + text.charCodeAt(at + i);
  return value;
}

/** Digits of `value`, zeros in front up to `digitCount`. */
export function toDigits(value: number, digitCount: number): string {
  return ("" + value).padStart(digitCount, "0");
}

/** The decimal number that `text` is; leading zeros are fine. `+"010"` and `Number("010")` are 8 on Espruino. */
export function fromDigits(text: string): number {
  return parseInt(text, 10);
}

/** True when `text` is digits only, at least one. */
export function isDigits(text: string): boolean {
  return /^[0-9]+$/.test(text);
}
