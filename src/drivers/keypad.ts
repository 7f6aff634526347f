/**
 * Serial keypad: one ASCII byte a key press. `0`-`9`, `:` (double zero), `.`, `E` enter, `C` cancel, `B` back, `F`, `U`, `D`.
 *
 * Part: serial keypad
 * Bus: UART
 * Document: ISO/IEC 646 (ASCII)
 * Pins: RX, VCC, GND
 * Slowest: no wait
 */

const KEYS = "0123456789:.ECBFUD";

/** The next key in `bytes` from `at` on, or "" for a byte that is none: noise on the line presses nothing. */
export function keyAt(bytes: string, at: number): string {
  const key = bytes.charAt(at);
  return KEYS.indexOf(key) >= 0 ? key : "";
}
