/**
 * NOR flash: a write only clears bits, an erase sets a whole page, and a power cut leaves any prefix of either. The areas are those
 * that the firmware may use; anything else is a fault of the firmware and stops the simulator.
 */
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";

export const PAGE_BYTES = 4096;
/** Settings, journal, keys of PINs: address and size, bytes. */
export const AREAS = [
  { address: 0xe000, byteCount: 2 * PAGE_BYTES },
  { address: 0x310000, byteCount: 14 * PAGE_BYTES },
  { address: 0x31e000, byteCount: 2 * PAGE_BYTES },
] as const;
/** Behind them in the image, where a handheld has two slots for its firmware; they share what it has more. */
const SLOTS_ADDRESS = 0x321000;
const IMAGE_BYTES = AREAS.reduce((sum, area) => sum + area.byteCount, 0);

/** Power went away inside a flash operation. */
export class PowerCut extends Error {}

/** A cut planned for the n-th write or erase from now on (1 is the next one), after `bytesDone` bytes of it. */
export interface PlannedCut {
  operation: number;
  bytesDone: number;
}

/** What a write or erase did, for those who count. */
export interface FlashOperation {
  kind: "write" | "erase";
  address: number;
  byteCount: number;
}

export class FlashTwin {
  readonly image: Uint8Array;
  readonly operations: FlashOperation[] = [];
  private cut: PlannedCut | null = null;
  private readonly fd: number | null;

  /** With a file the image is read from it, and every change goes to it at once. */
  constructor(image: Uint8Array | null, file?: string) {
    if (file && existsSync(file)) {
      this.image = new Uint8Array(readFileSync(file));
      if (this.image.length < IMAGE_BYTES || slotBytes(this.image) % PAGE_BYTES !== 0)
        throw new Error(`${file} is no flash image: ${IMAGE_BYTES} bytes wanted`);
    } else {
      this.image = image ? image.slice() : blankImage();
      if (file) writeFileSync(file, this.image, { mode: 0o600 });
    }
    this.fd = file ? openSync(file, "r+") : null;
  }

  plan(cut: PlannedCut): void {
    this.cut = { ...cut, operation: this.operations.length + cut.operation };
  }

  /** First address of each slot; none where there are no slots. */
  slots(): number[] {
    const byteCount = slotBytes(this.image);
    return byteCount > 0 ? [SLOTS_ADDRESS, SLOTS_ADDRESS + byteCount] : [];
  }

  slotPages(): number {
    return slotBytes(this.image) / PAGE_BYTES;
  }

  read(address: number, byteCount: number): string {
    const at = offset(address, byteCount, this.image);
    return Buffer.from(this.image.subarray(at, at + byteCount)).toString("latin1");
  }

  write(address: number, text: string): void {
    this.change("write", address, text.length, (at, index) => this.image[at] & text.charCodeAt(index));
  }

  erase(address: number): void {
    if (address % PAGE_BYTES !== 0) throw new Error(`erase at ${address.toString(16)}: not the start of a page`);
    this.change("erase", address, PAGE_BYTES, () => 0xff);
  }

  close(): void {
    if (this.fd !== null) closeSync(this.fd);
  }

  private change(
    kind: "write" | "erase",
    address: number,
    byteCount: number,
    value: (at: number, index: number) => number,
  ): void {
    const start = offset(address, byteCount, this.image);
    this.operations.push({ kind, address, byteCount });
    const isCut = this.cut?.operation === this.operations.length;
    const done = isCut ? Math.min(byteCount, this.cut?.bytesDone ?? 0) : byteCount;
    for (let index = 0; index < done; index++) this.image[start + index] = value(start + index, index);
    if (this.fd !== null && done > 0) writeSync(this.fd, this.image, start, done, start);
    if (isCut) {
      this.cut = null;
      throw new PowerCut(`power cut in flash operation ${this.operations.length}, after ${done} of ${byteCount} bytes`);
    }
  }
}

function slotBytes(image: Uint8Array): number {
  return (image.length - IMAGE_BYTES) / 2;
}

/** `image` and two slots of so many blank pages. */
export function withSlots(image: Uint8Array, pageCount: number): Uint8Array {
  return Buffer.concat([image, Buffer.alloc(2 * pageCount * PAGE_BYTES, 0xff)]);
}

export function blankImage(): Uint8Array {
  return new Uint8Array(IMAGE_BYTES).fill(0xff);
}

/** Where an address lies in the image. */
export function offset(address: number, byteCount: number, image: Uint8Array = blankImage()): number {
  let start = 0;
  const slots = { address: SLOTS_ADDRESS, byteCount: image.length - IMAGE_BYTES };
  for (const area of [...AREAS, slots]) {
    if (address >= area.address && address + byteCount <= area.address + area.byteCount)
      return start + address - area.address;
    start += area.byteCount;
  }
  throw new Error(`flash access outside the terminal's areas: ${byteCount} bytes at 0x${address.toString(16)}`);
}
