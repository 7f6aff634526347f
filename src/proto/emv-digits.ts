/** Packed BCD (format "n" and "cn" of EMV 4.3 Book 3 section 4.3). */

/** Nibbles of track 2 equivalent data: D separates, F fills. */
const NIBBLES = "0123456789???=?F";

/** Digits of packed BCD, fillers at the end left out. */
export function unpackDigits(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    out += NIBBLES.charAt(code >> 4) + NIBBLES.charAt(code & 15);
  }
  let end = out.length;
  while (end > 0 && out.charAt(end - 1) === "F") end--;
  return out.substr(0, end);
}

/** Digits, an even count of them, as packed BCD. */
export function packDigits(digits: string): string {
  let out = "";
  for (let i = 0; i < digits.length; i += 2) {
    out += String.fromCharCode((digits.charCodeAt(i) - 48) * 16 + digits.charCodeAt(i + 1) - 48);
  }
  return out;
}
