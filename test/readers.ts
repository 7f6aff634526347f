/** Readers of symbols that know nothing of this project: what a phone or a scanner would find on the paper. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import readQrCode from "jsqr";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const MARGIN_DOTS = 24;

export interface Found {
  format: string;
  text: string;
}

interface Picture {
  data: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
}

/** Dots as a picture with a margin, black on white. */
function picture(rows: readonly Uint8Array[], widthDots: number): Picture {
  const width = widthDots + 2 * MARGIN_DOTS;
  const height = rows.length + 2 * MARGIN_DOTS;
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  rows.forEach((row, y) =>
    row.forEach((dot, x) => {
      const at = 4 * ((y + MARGIN_DOTS) * width + x + MARGIN_DOTS);
      if (dot) data.fill(0, at, at + 3);
    }),
  );
  return { data, width, height };
}

let prepared: Promise<unknown> | null = null;

/** All QR codes and Code 128 symbols, by ZXing. */
export async function readSymbols(rows: readonly Uint8Array[], widthDots: number): Promise<Found[]> {
  prepared ??= Promise.resolve(
    prepareZXingModule({
      overrides: {
        wasmBinary: readFileSync(createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm"))
          .buffer as ArrayBuffer,
      },
      fireImmediately: true,
    }),
  );
  await prepared;
  const image = { ...picture(rows, widthDots), colorSpace: "srgb" };
  const found = await readBarcodes(image as never, { formats: ["QRCode", "Code128"], tryHarder: true });
  return found.map(({ format, text }) => ({ format, text }));
}

/** One QR code, by jsQR; null when there is none. */
export function readQr(rows: readonly Uint8Array[], widthDots: number): string | null {
  const { data, width, height } = picture(rows, widthDots);
  // The package is CommonJS: what Node gives for its default is the module.
  const read = (readQrCode as unknown as { default?: typeof readQrCode }).default ?? readQrCode;
  return read(data, width, height)?.data ?? null;
}
