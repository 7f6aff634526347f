/**
 * The chip's own flash by Espruino's module "Flash", which neither the file store nor a file system knows of. A write clears bits where
 * it stands; 4 bytes at a time are aligned by the engine. Units: bytes; an erase takes 30 to 400 ms (W25Q32JV, section 9.6) and blocks.
 */
import type { RawFlash } from "./espruino";

interface FlashModule {
  read(byteCount: number, address: number): Uint8Array;
  write(text: string, address: number): void;
  erasePage(address: number): void;
}
declare function require(name: "Flash"): FlashModule;
declare const E: { toString(bytes: Uint8Array): string };

export function openRawFlash(): RawFlash {
  const chip = require("Flash");
  return {
    read: (address, byteCount) => E.toString(chip.read(byteCount, address)),
    write: (address, text) => chip.write(text, address),
    erase: (address) => chip.erasePage(address),
  };
}
