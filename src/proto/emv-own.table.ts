/** The terminal's own data of a reading: which there are, and where each stands in the one string that holds them. Runs at build time. */

/** Tag and bytes; EMV 4.3 Book 3 annex A1 and, of the qualifiers, Contactless Book C-3. */
const OWN: readonly [tag: string, byteCount: number][] = [
  // Of the terminal: currency, country, capabilities, type, serial number.
  ["\x5f\x2a", 2],
  ["\x9f\x1a", 2],
  ["\x9f\x33", 3],
  ["\x9f\x35", 1],
  ["\x9f\x1e", 8],
  // Of the sale: amount, other amount, kind, date, unpredictable number, TVR.
  ["\x9f\x02", 6],
  ["\x9f\x03", 6],
  ["\0\x9c", 1],
  ["\0\x9a", 3],
  ["\x9f\x37", 4],
  ["\0\x95", 5],
  // Of the application and of how the cardholder is verified: version, qualifiers, result. Zeros until they are known.
  ["\x9f\x09", 2],
  ["\x9f\x66", 4],
  ["\x9f\x34", 3],
];

let at = 0;
const places = OWN.map(([, byteCount]) => String.fromCharCode((at += byteCount) - byteCount, byteCount));

/** Tags, two characters each; and at the same index the place and the length of the value. */
export const OWN_TAGS = OWN.map(([tag]) => tag).join("");
export const OWN_PLACES = places.join("");
export const OWN_BYTES = at;
