/**
 * What a printer is and has (`printer.table`), how it is set up, and how long it takes. Commands: Epson, "ESC/POS Command Reference".
 *
 * Part of: printer.ts
 */
import { PROFILES } from "./printer.table";

/** More than can be missing of a command that a pulled plug cut short: what comes next must not be taken for its data. */
const FLUSH_BYTES = 1024;

export interface Profile {
  name: string;
  dots: number;
  baud: number;
  codePage: number;
  isGbk: boolean;
  /** Characters of the upper half of the code page or of GBK, KEY_LENGTH bytes each, and for GBK two bytes of code each; "" until one is looked for. */
  keys: string;
  codes: string;
  hasQr: boolean;
  hasCode128: boolean;
  hasCutter: boolean;
  tellsStatus: boolean;
  confirms: boolean;
}

/** The profile of that name; the first one for a name that is not known. */
export function openProfile(name: string): Profile {
  const lines = PROFILES.split("\n");
  let index = lines.length - 1;
  while (index > 0 && lines[index].split(",")[0] !== name) index--;
  const parts = lines[index].split(",");
  const letters = parts[4];
  return {
    name: parts[0],
    dots: parseInt(parts[1], 10),
    baud: parseInt(parts[3], 10),
    codePage: parseInt(parts[2], 10),
    isGbk: letters.indexOf("g") >= 0,
    keys: "",
    codes: "",
    hasQr: letters.indexOf("q") >= 0,
    hasCode128: letters.indexOf("k") >= 0,
    hasCutter: letters.indexOf("x") >= 0,
    tellsStatus: letters.indexOf("s") >= 0,
    confirms: letters.indexOf("c") >= 0,
  };
}

/** What a printer must be told first: ESC @, then FS & for GBK, or FS . and the code page, ESC t n. After silence nobody knows what it last heard. */
export function setupBytes(profile: Profile, wasSilent: boolean): string {
  const flush = wasSilent ? "\0".repeat(FLUSH_BYTES) : "";
  return flush + "\x1b@" + (profile.isGbk ? "\x1c&" : "\x1c.\x1bt" + String.fromCharCode(profile.codePage));
}

/** After the last line: ESC d 4 brings it past the tear bar or the cutter, GS V 1 cuts but for one point. */
export function endBytes(profile: Profile): string {
  return profile.hasCutter ? "\x1bd\x04\x1dV\x01" : "\x1bd\x04";
}

// ---- time

/** 24 dots and 6 of space (ESC 2), or the 48 of a high line. */
const LINE_ROWS = 30;
const HIGH_LINE_ROWS = 48;
const SYMBOL_ROWS = 300;
/** White that an image may have above it. */
const GAP_ROWS = 12;
/** 50 mm/s, the slowest in the market, at 8 dots/mm. */
const ROWS_PER_S = 400;
const BITS_PER_BYTE = 10;

/** Milliseconds that a printer surely has done `bytes` in, the wire's time counted; for one that does not say so itself. */
export function paceMs(profile: Profile, bytes: string): number {
  const image = bytes.indexOf("\x1dv0");
  let rows = image < 0 ? (bytes.split("\n").length - 1) * HIGH_LINE_ROWS : GAP_ROWS + bytes.charCodeAt(image + 6);
  const feed = bytes.indexOf("\x1bd");
  if (feed >= 0) rows += bytes.charCodeAt(feed + 2) * LINE_ROWS;
  if (bytes.indexOf("\x1d(k") >= 0 || bytes.indexOf("\x1dk") >= 0) rows += SYMBOL_ROWS;
  return ((bytes.length * BITS_PER_BYTE * 1000) / profile.baud + (rows * 1000) / ROWS_PER_S + 1) | 0;
}
