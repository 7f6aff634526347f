/** Plain twins of what an engine may do natively (`Natives` of `board/board`). */
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function plainCrc32(text: string): number {
  let crc = -1;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ -1) >>> 0;
}

function plainToBytes(text: string, out: Uint8Array, at: number): void {
  const count = text.length;
  for (let i = 0; i < count;) out[at++] = text.charCodeAt(i++);
}

function plainToText(bytes: Uint8Array): string {
  // A twelfth of the instructions of a loop on JerryScript.
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

function plainBase64(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i += 3) {
    const left = text.length - i;
    const group =
      (text.charCodeAt(i) << 16) |
      (left > 1 ? text.charCodeAt(i + 1) << 8 : 0) |
      (left > 2 ? text.charCodeAt(i + 2) : 0);
    out += BASE64.charAt(group >> 18) + BASE64.charAt((group >> 12) & 63);
    out += (left > 1 ? BASE64.charAt((group >> 6) & 63) : "=") + (left > 2 ? BASE64.charAt(group & 63) : "=");
  }
  return out;
}

function plainUnbase64(text: string): string {
  let out = "";
  let group = 0;
  let bits = 0;
  const digits = text.replace("=", "").replace("=", "");
  for (let i = 0; i < digits.length; i++) {
    const value = BASE64.indexOf(digits.charAt(i));
    if (value < 0) return "";
    group = ((group << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += String.fromCharCode((group >> bits) & 255);
    }
  }
  return out;
}

function plainSum(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i);
  return sum;
}

function plainTranslate(text: string, table: string): string {
  let out = "";
  for (let i = 0; i < text.length; i++) out += table.charAt(text.charCodeAt(i));
  return out;
}

/** The board's natives take their place at start where the engine has them. */
export const plain = {
  crc32: plainCrc32,
  toBytes: plainToBytes,
  toText: plainToText,
  base64: plainBase64,
  unbase64: plainUnbase64,
  aes: null,
  sum: plainSum,
  translate: plainTranslate,
  dot: null,
};
