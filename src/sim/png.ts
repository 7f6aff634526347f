/** Pictures of dots. */
import { PNG } from "pngjs";

const MARGIN_DOTS = 24;

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
