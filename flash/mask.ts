/**
 * What a console may show: card numbers as first six and last four (PCI DSS 3.4.1), tracks, keys and passwords not at all. Works on whole lines, so
 * that a number that arrives in two pieces is still seen.
 */

/** Digits with what people put between them, as many as a PAN has (ISO/IEC 7812-1) or more. */
const NUMBER = /[0-9](?:[ -]?[0-9]){12,}/g;
/** Tracks 1 and 2 in their sentinels (ISO/IEC 7813), and a PAN behind which a separator stands, as packed in chip data. */
const TRACKS = /%[A-Z][0-9 ]{8,}\^[^?\r\n]*\??|;[0-9]{8,}=[^?\r\n]*\??|\b[0-9]{12,19}[=Dd][0-9A-Fa-f]{4,}/g;
/** As an engine prints what its radio knows. */
const PASSWORD = /("?password"?\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"?|[^\s,}]+)/gi;
/** 16 bytes in hexadecimal, the shortest key that there is; one letter or digit run, or pairs with separators. */
const KEY = /(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{32,}|[0-9A-Fa-f]{2}(?:[ :,-][0-9A-Fa-f]{2}){15,})(?![0-9A-Za-z])/g;

export function masked(line: string): string {
  return line
    .replace(PASSWORD, "$1(password)")
    .replace(TRACKS, "(track)")
    .replace(KEY, (text) =>
      /^[0-9 -]+$/.test(text) ? text : `(${text.replace(/[^0-9A-Fa-f]/g, "").length / 2} bytes)`,
    )
    .replace(NUMBER, maskedNumber);
}

/** Runs longer than a PAN are not shown at all: they may hold one anywhere. */
function maskedNumber(text: string): string {
  const digits = text.replace(/[ -]/g, "");
  if (digits.length > 19) return `(${digits.length} digits)`;
  return digits.slice(0, 6) + "*".repeat(digits.length - 10) + digits.slice(-4);
}

/** A text that arrives in pieces, out again in masked lines. */
export class MaskedLines {
  private rest = "";

  constructor(private readonly out: (line: string) => void) {}

  take(text: string): void {
    const lines = (this.rest + text).split(/\r?\n|\r(?!\n|$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.out(printable(masked(line)));
  }

  /** The last line has no end. */
  end(): void {
    const last = this.rest.replace("\r", "");
    if (last) this.out(printable(masked(last)));
    this.rest = "";
  }
}

/** Nothing that a terminal would obey. */
function printable(line: string): string {
  return line.replace(/[^\x20-\x7e]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
