/**
 * Pixels for colour panels, as Espruino does it natively: an image of one row drawn into a buffer of 16 bits a pixel, which has the high
 * byte first. 150 instructions a pixel, where `E.mapInPlace` takes 1500. Other engines use the plain twin, `proto/pixels`.
 */
interface Canvas {
  buffer: Uint8Array;
  drawImage(
    image: { width: number; height: number; bpp: number; buffer: string; palette: Uint16Array },
    x: number,
    y: number,
  ): void;
}
declare const Graphics: { createArrayBuffer(width: number, height: number, bitsPerPixel: number): Canvas } | undefined;
declare const E: { toString(bytes: Uint8Array): string };

/** Null where the engine has no such thing. The buffer stays for the next image of that width. */
export function nativeExpand(): ((pixels: string, depth: number, colours: Uint16Array) => string) | null {
  let canvas: Canvas;
  let width = 0;
  if (typeof Graphics === "undefined") return null;
  return (pixels, depth, colours) => {
    const pixelCount = (pixels.length * 8) / depth;
    if (width !== pixelCount) canvas = Graphics.createArrayBuffer(pixelCount, 1, 16);
    width = pixelCount;
    canvas.drawImage({ width: width, height: 1, bpp: depth, buffer: pixels, palette: colours }, 0, 0);
    return E.toString(canvas.buffer);
  };
}
