/**
 * What a printer says of itself. ESC/POS: DLE EOT n (status in real time) and GS r 1 (paper sensors, answered in its turn). Status bytes
 * have bits 0, 1, 4 and 7 fixed at 0, 1, 1, 0; the answer to GS r has bits 4 and 7 at 0, bits 0 and 1 alike, bits 2 and 3
 * alike. XON and XOFF are neither, and nor is most noise.
 *
 * Part of: printer.ts
 */

/** Up to BatteryLow: why it cannot print. */
export const enum PrinterReport {
  None = 0,
  PaperOut = 1,
  /** No answer, or no headway. */
  Silent = 2,
  CoverOpen = 3,
  TooHot = 4,
  CutterStuck = 5,
  /** An error that only a repair ends. */
  Broken = 6,
  BatteryLow = 7,
  /** The job is on paper. */
  Done = 8,
  /** Asked without a job: it can print again. */
  Able = 9,
}

/** What is said to it besides slips. */
export const enum Say {
  /** DLE EOT 1 to 4. */
  Ask = "\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04",
  /** Before a question after silence: should a pulled plug have left a command without its length, the length is 0. */
  Pad = "\0\0\0\0\0\0\0\0",
  /** GS r 1. */
  Confirm = "\x1dr\x01",
  /** DLE ENQ 2: forget what was left over and recover from an error. */
  Recover = "\x10\x05\x02",
}

/** An answer to DLE EOT. */
export function isStatus(byte: number): boolean {
  return (byte & 0x93) === 0x12;
}

/** An answer to GS r 1. */
export function isConfirmation(byte: number): boolean {
  return (byte & 0x90) === 0 && (byte & 5) * 2 === (byte & 10);
}

/** DLE EOT 2: bit 2 cover, bit 5 stopped for want of paper; 3: bit 3 cutter, 5 unrecoverable, 6 ends by itself; 4: bits 5, 6 paper end. */
export function faultOf(question: number, byte: number): PrinterReport {
  if (question === 2 && byte & 0x04) return PrinterReport.CoverOpen;
  if (question === 2 && byte & 0x20) return PrinterReport.PaperOut;
  if (question === 3 && byte & 0x08) return PrinterReport.CutterStuck;
  if (question === 3 && byte & 0x20) return PrinterReport.Broken;
  if (question === 3 && byte & 0x40) return PrinterReport.TooHot;
  if (question === 4 && byte & 0x60) return PrinterReport.PaperOut;
  return PrinterReport.None;
}
