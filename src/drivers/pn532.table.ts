/**
 * Tables of the PN532 driver, worked out at build time.
 *
 * Part of: pn532.ts
 */
import { NfcReport } from "./pn532-report";

const bytes = Array.from({ length: 256 }, (_, value) => value);
const toText = (codes: readonly number[]): string => String.fromCharCode(...codes);
const reversed = (value: number): number =>
  parseInt(value.toString(2).padStart(8, "0").split("").reverse().join(""), 2);

/** Each byte with its bits in reverse order: on SPI the PN532 speaks least significant bit first (UM0701-02, 6.2.5). */
export const REVERSED = toText(bytes.map(reversed));

/** What each status of a command means (UM0701-02, 7.1); any other one is a refusal. */
const ENDS = new Map<NfcReport, readonly number[]>([
  // No answer; the field came too late; another card in its place (B); the card went (B).
  [NfcReport.CardLost, [0x01, 0x0a, 0x2a, 0x2b]],
  // CRC, parity, bit count, framing, collision, protocol, format (also a block out of turn), check byte of the UID.
  [NfcReport.CardGarbled, [0x02, 0x03, 0x04, 0x05, 0x06, 0x0b, 0x13, 0x23]],
  // The device's buffers.
  [NfcReport.TooLong, [0x07, 0x09, 0x0e]],
  // Temperature, current.
  [NfcReport.Hot, [0x0d, 0x2d]],
]);

const endOf = (status: number): NfcReport =>
  [...ENDS].find(([, statuses]) => statuses.includes(status))?.[0] ?? NfcReport.Refused;

/** The report for each of the 64 statuses, as a character code. */
export const END_OF_STATUS = toText(bytes.slice(0, 64).map(endOf));
