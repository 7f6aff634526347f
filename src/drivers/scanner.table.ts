/**
 * The commands of the code scanner with their check values, worked out at build time. GM65 Bar Code Reader Module User Manual 1.3,
 * section 8 "Serial Port Instruction": head 7E 00, type, length, address (2), data, CRC (2); the CRC is CCITT's (x^16 + x^12 + x^5
 * + 1, from 0) over all from the type on.
 */

function crcCcitt(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1;
  }
  return crc;
}

/** Section 8.3: writes one zone bit, as the manual calls a byte of its settings. */
export function writeZone(address: number, value: number): string {
  const body = [0x08, 1, address >> 8, address & 255, value];
  const crc = crcCcitt(body);
  return String.fromCharCode(0x7e, 0, ...body, crc >> 8, crc & 255);
}

/** Section 8.5, zone bit 0000: LED after a code (bit 7), sound on (6), aim and light while reading (4 and 2), command mode (0). */
export const SET_MODE = writeZone(0x0000, 0xd5);

const TAIL_CR = 0x01;
const TAIL_CR_LF = 0x21;
const TAIL_TAB = 0x41;
/** Zone bit 0060: tail on (bit 0), which one (bits 6 and 5). The module has no LF alone: CR LF ends in one. In the order of `Tail`. */
export const SET_TAIL = [0, TAIL_CR, TAIL_CR_LF, TAIL_CR_LF, TAIL_TAB]
  .map((value) => writeZone(0x0060, value))
  .join("");

/** Zone bit 0002, bit 0: reads until there is a code, or until the module's own time is over. */
export const TRIGGER_ON = writeZone(0x0002, 1);
export const TRIGGER_OFF = writeZone(0x0002, 0);

/** Head 02 00, type 00 (done), length, data, CRC over the last three: what every command here is answered with. */
export const DONE = "\x02\x00\x00\x01\x00\x33\x31";
