/** Pictures. */
import { PNG } from "pngjs";

const MARGIN_DOTS = 24;

/** PNG, section 11.2.2. */
const enum PngColour {
  Grey = 0,
  Rgb = 2,
}

/** Drawn pictures are large areas of one colour: no filter is as small, and writing takes a third of the time. */
function written(png: PNG, colorType: PngColour): Buffer {
  return PNG.sync.write(png, { colorType, filterType: 0 });
}

export type Rgb = readonly [number, number, number];

/** Dots with colours: a panel's glass. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  rgbAt(x: number, y: number): Rgb;
}

/** A picture as PNG, each dot `scale` dots wide and high. */
export function picturePng({ width, height, rgbAt }: Picture, scale = 1): Buffer {
  const png = new PNG({ width: width * scale, height: height * scale });
  const rowBytes = 4 * png.width;
  for (let y = 0; y < height; y++) {
    const start = y * scale * rowBytes;
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = rgbAt(x, y);
      const dot = ((red << 24) | (green << 16) | (blue << 8) | 255) >>> 0;
      for (let i = 0; i < scale; i++) png.data.writeUInt32BE(dot, start + 4 * (x * scale + i));
    }
    for (let i = 1; i < scale; i++) png.data.copyWithin(start + i * rowBytes, start, start + rowBytes);
  }
  return written(png, PngColour.Rgb);
}

/** A slip as PNG: black ink on white paper, a margin around. */
export function dotsPng(rows: readonly Uint8Array[], widthDots: number): Buffer {
  const width = widthDots + 2 * MARGIN_DOTS;
  const png = new PNG({ width, height: rows.length + 2 * MARGIN_DOTS });
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
  return written(png, PngColour.Grey);
}
