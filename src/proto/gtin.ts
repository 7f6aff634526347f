/**
 * Trade item numbers as bar codes give them: GS1 General Specifications section 7.9.1 (check digit) and ISO/IEC 15420 (EAN-13, EAN-8,
 * UPC-A, and UPC-E with its zeros left out). Pure; numbers are strings of digits.
 */
import { fromDigits, isDigits } from "./bytes";

export const enum CodeKind {
  /** Not a trade item number, or its check digit is wrong: a loyalty card, a QR code, a smudged label. */
  Other = 0,
  Ean13 = 1,
  Ean8 = 2,
  UpcA = 3,
  UpcE = 4,
}

/** Weights from the right are 1 (the check digit itself), 3, 1, 3 ...; the weighted sum of a good number ends in 0. */
export function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  let weight = 1;
  for (let i = digits.length - 1; i >= 0; i--) {
    sum += fromDigits(digits.charAt(i)) * weight;
    weight = 4 - weight;
  }
  return sum % 10 === 0;
}

/**
 * The twelve digits of UPC-A that the eight of UPC-E stand for; they share their check digit. The last of the six digits in between says where
 * zeros were left out. "" when the number system is not 0, the only one that UPC-E has today.
 */
export function expandUpcE(digits: string): string {
  if (digits.length !== 8 || digits.charAt(0) !== "0") return "";
  const last = digits.charAt(6);
  const check = digits.charAt(7);
  if (last < "3") return digits.substr(0, 3) + last + "0000" + digits.substr(3, 3) + check;
  if (last === "3") return digits.substr(0, 4) + "00000" + digits.substr(4, 2) + check;
  if (last === "4") return digits.substr(0, 5) + "00000" + digits.charAt(5) + check;
  return digits.substr(0, 6) + "0000" + last + check;
}

/**
 * What a scanned text is. Eight digits may be EAN-8 or UPC-E: EAN-8 numbers that begin with 0 are a shop's own, so UPC-E goes first
 * there.
 */
export function codeKind(text: string): CodeKind {
  const length = text.length;
  if ((length !== 8 && length !== 12 && length !== 13) || !isDigits(text)) return CodeKind.Other;
  const whole = length === 8 ? expandUpcE(text) : "";
  if (whole !== "" && hasCheckDigit(whole)) return CodeKind.UpcE;
  if (!hasCheckDigit(text)) return CodeKind.Other;
  return length === 13 ? CodeKind.Ean13 : length === 8 ? CodeKind.Ean8 : CodeKind.UpcA;
}
