/**
 * Code 128 (ISO/IEC 15417), for printers without GS k 73: text to modules. Digits of an even number go as code set C, two a symbol
 * character, everything else as code set B. Pure.
 */
import { STOP, SYMBOL_MODULES, SYMBOLS } from "./code128.table";

/** Values of the start characters (table 1). */
const START_B = 104;
const START_C = 105;
const CHECK_MODULUS = 103;

/** Modules that the symbol of `text` takes, its quiet zones of ten (clause 4.4) counted. */
export function code128Modules(text: string): number {
  const symbols = isPairs(text) ? text.length / 2 : text.length;
  return (symbols + 2) * SYMBOL_MODULES + STOP.length + 20;
}

function isPairs(text: string): boolean {
  return text.length % 2 === 0 && /^[0-9]+$/.test(text);
}

/** One row of modules, 1 for a bar, without quiet zones; "" when a character is not printable ASCII. */
export function code128(text: string): string {
  if (!/^[ -~]+$/.test(text)) return "";
  const step = isPairs(text) ? 2 : 1;
  const start = step === 2 ? START_C : START_B;
  let check = start;
  let row = symbol(start);
  for (let at = 0; at < text.length; at += step) {
    const value = step === 2 ? parseInt(text.substr(at, 2), 10) : text.charCodeAt(at) - 32;
    check += value * (at / step + 1);
    row += symbol(value);
  }
  return row + symbol(check % CHECK_MODULUS) + STOP;
}

function symbol(value: number): string {
  return SYMBOLS.substr(value * SYMBOL_MODULES, SYMBOL_MODULES);
}
