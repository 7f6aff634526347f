/** Pictures. */
import { PNG } from "pngjs";

const MARGIN_DOTS = 24;

export type Rgb = readonly [number, number, number];

/** Dots with colours: a panel's glass. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  rgbAt(x: number, y: number): Rgb;
}

/** A picture as PNG, each dot `scale` dots wide and high. */
export function picturePng({ width, height, rgbAt }: Picture, scale = 1): Buffer {
  const png = new PNG({ width: width * scale, height: height * scale, colorType: 2 });
  for (let y = 0; y < png.height; y++) {
    for (let x = 0; x < png.width; x++) {
      const rgb = rgbAt(Math.floor(x / scale), Math.floor(y / scale));
      png.data.set([...rgb, 255], 4 * (y * png.width + x));
    }
  }
  return PNG.sync.write(png, { colorType: 2 });
}

/** A slip as PNG: black ink on white paper, a margin around. */
export function dotsPng(rows: readonly Uint8Array[], widthDots: number): Buffer {
  const width = widthDots + 2 * MARGIN_DOTS;
  const png = new PNG({ width, height: rows.length + 2 * MARGIN_DOTS, colorType: 0 });
  png.data.fill(255);
  rows.forEach((row, y) => {
    row.forEach((dot, x) => {
      if (dot)
        png.data.fill(
          0,
          4 * ((y + MARGIN_DOTS) * width + x + MARGIN_DOTS),
          4 * ((y + MARGIN_DOTS) * width + x + MARGIN_DOTS) + 3,
        );
    });
  });
  return PNG.sync.write(png, { colorType: 0 });
}
