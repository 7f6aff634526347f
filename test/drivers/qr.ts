/** Symbols for panels, and an independent reader of what stands on the glass. */
import jsQR from "jsqr";
import { plain } from "../../src/proto/plain";
import { openQr, QR_MASK, stepQr } from "../../src/proto/qr";
import type { Picture } from "../../src/sim/png";

/** Most bytes that the versions 1 to 10 hold at level M. */
export const QR_BYTES = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213];

export function symbolOf(text: string): string {
  const qr = openQr(plain, text, false, QR_MASK);
  for (;;) {
    const symbol = qr ? stepQr(qr) : "none";
    if (symbol) return symbol;
  }
}

export function readQr({ width, height, rgbAt }: Picture, scale = 4): string | undefined {
  const rgba = new Uint8ClampedArray(width * height * scale * scale * 4);
  for (let y = 0; y < height * scale; y++) {
    for (let x = 0; x < width * scale; x++) {
      rgba.set([...rgbAt(Math.floor(x / scale), Math.floor(y / scale)), 255], 4 * (y * width * scale + x));
    }
  }
  return jsQR(rgba, width * scale, height * scale)?.data;
}
