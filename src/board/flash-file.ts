/**
 * Flash on a machine that has a file system and no raw flash: one file, the areas one after the other, in the form that provisioning
 * writes. A write clears bits as the chip does; the engine hands each write to the system at once, so that the file survives the
 * engine's death at any byte. Units: bytes.
 */
import { JOURNAL_ADDRESS, JOURNAL_PAGES, PAGE_BYTES, SETTINGS_ADDRESS } from "./board";
import type { RawFlash } from "./espruino";

interface File {
  seek(at: number): void;
  read(byteCount: number): string;
  write(text: string): void;
  close(): void;
}
declare const E: { openFile(path: string, mode: "r" | "r+"): File };

/** The slots of the firmware, where the file has them. */
const SLOTS_ADDRESS = 0x321000;

/** Settings come first; journal and keys follow, side by side in the flash as in the file; then the slots. */
function offset(address: number): number {
  if (address >= SLOTS_ADDRESS) return address - SLOTS_ADDRESS + (JOURNAL_PAGES + 4) * PAGE_BYTES;
  return address < JOURNAL_ADDRESS ? address - SETTINGS_ADDRESS : address - JOURNAL_ADDRESS + 2 * PAGE_BYTES;
}

function read(path: string, address: number, byteCount: number): string {
  const file = E.openFile(path, "r");
  file.seek(offset(address));
  let text = "";
  // The engine reads 64 bytes or so at a time when the file is not in its buffer yet.
  while (text.length < byteCount) {
    const piece = file.read(byteCount - text.length);
    if (!piece) break;
    text += piece;
  }
  file.close();
  return text;
}

function write(path: string, address: number, text: string): void {
  const file = E.openFile(path, "r+");
  file.seek(offset(address));
  file.write(text);
  file.close();
}

export function openFileFlash(path: string): RawFlash {
  return {
    read: (address, byteCount) => read(path, address, byteCount),
    write: (address, text) => {
      const old = read(path, address, text.length);
      let cleared = "";
      for (let i = 0; i < text.length; i++) cleared += String.fromCharCode(old.charCodeAt(i) & text.charCodeAt(i));
      write(path, address, cleared);
    },
    erase: (address) => write(path, address, "\xff".repeat(PAGE_BYTES)),
  };
}

const NOISE_FILE = "/dev/urandom";
const NOISE_BYTES = 32;

/** Bytes of the system's own chance. */
export function fileNoise(): string {
  const file = E.openFile(NOISE_FILE, "r");
  const noise = file.read(NOISE_BYTES);
  file.close();
  return noise;
}
