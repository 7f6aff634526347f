/** Track 2 of a payment card: ISO/IEC 7813 clause 7, `;PAN=YYMM` service code, discretionary data, `?`. */
import { fromDigits, isDigits } from "./bytes";

export interface Track2 {
  pan: string;
  /** YYMM; the card is good to the end of that month. */
  expiry: string;
  /** ISO/IEC 7813 clause 7.6: who may use it, who authorises, what for. */
  serviceCode: string;
}

/** ISO/IEC 7812-1 annex B: the check digit, modulus 10 "double-add-double". */
export function isLuhn(pan: string): boolean {
  let sum = 0;
  let isDoubled = false;
  for (let i = pan.length - 1; i >= 0; i--) {
    let digit = fromDigits(pan.charAt(i));
    if (isDoubled) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
    isDoubled = !isDoubled;
  }
  return sum % 10 === 0;
}

/** Takes track 2 apart, sentinels included; null when it is not that of a payment card or its PAN has a wrong check digit. */
export function parseTrack2(text: string): Track2 | null {
  const separator = text.indexOf("=");
  const end = text.length - 1;
  if (text.charAt(0) !== ";" || text.charAt(end) !== "?" || separator < 13 || separator > 20 || text.length > 39)
    return null;
  const pan = text.substr(1, separator - 1);
  const data = text.substr(separator + 1, end - separator - 1);
  const month = fromDigits(data.substr(2, 2));
  if (!isDigits(pan) || !isDigits(data) || data.length < 7 || month < 1 || month > 12 || !isLuhn(pan)) return null;
  return { pan: pan, expiry: data.substr(0, 4), serviceCode: data.substr(4, 3) };
}

/** The PAN of a track 1 (`%B` PAN `^` name `^`...), or "" when it has none: to see that both tracks are one card's. */
export function panOfTrack1(text: string): string {
  const separator = text.indexOf("^");
  if (text.substr(0, 2) !== "%B" || separator < 0) return "";
  return text.substr(2, separator - 2);
}

/** First six and last four digits: all of a PAN that may be kept or shown (PCI DSS 3.4.1). */
export function maskPan(pan: string): string {
  return pan.substr(0, 6) + pan.substr(pan.length - 4);
}
