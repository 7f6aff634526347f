/**
 * Code 128 (ISO/IEC 15417), for printers without GS k 73: text to modules. Digits of an even number go as code set C, two a symbol
 * character, everything else as code set B. Pure.
 *
 * Part of: printer.ts
 */
import { STOP, SYMBOL_WIDTHS, SYMBOLS } from "./code128.table";

/** Values of the start characters (table 1). */
const START_B = 104;
const START_C = 105;
const CHECK_MODULUS = 103;
/** Modules of a symbol character, of the stop pattern and of both quiet zones (clauses 4.2 and 4.4). */
const SYMBOL_MODULES = 11;
const STOP_MODULES = 13;
const QUIET_MODULES = 20;

/** Modules that the symbol of `text` takes, quiet zones counted. */
export function code128Modules(text: string): number {
  const symbols = isPairs(text) ? text.length / 2 : text.length;
  return (symbols + 2) * SYMBOL_MODULES + STOP_MODULES + QUIET_MODULES;
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
  return row + symbol(check % CHECK_MODULUS) + modules(STOP);
}

function symbol(value: number): string {
  return modules(SYMBOLS.substr(value * SYMBOL_WIDTHS, SYMBOL_WIDTHS));
}

/** Bar and space in turn. */
function modules(widths: string): string {
  let row = "";
  for (let i = 0; i < widths.length; i++) row += (i % 2 === 0 ? "1" : "0").repeat(widths.charCodeAt(i) - 48);
  return row;
}
