/** The glyphs and colours of the 240 x 320 panel, as its driver takes them. */
import type { TftGlyphs } from "../drivers/tft-rows";
import {
  LARGE_KEYS,
  LARGE_STRIDE,
  LARGES,
  PALETTES,
  POINT,
  POINT_KEYS,
  POINT_STRIDE,
  TEXT,
  TEXT_KEYS,
  TEXT_STRIDE,
  TITLE,
  TITLE_KEYS,
  TITLE_STRIDE,
  WIDE_KEYS,
  WIDE_STRIDE,
  WIDES,
} from "./tft.table";

export const TFT_GLYPHS: TftGlyphs = {
  fonts: [
    { keys: TEXT_KEYS, glyphs: TEXT, stride: TEXT_STRIDE },
    { keys: WIDE_KEYS, glyphs: WIDES, stride: WIDE_STRIDE },
    { keys: TITLE_KEYS, glyphs: TITLE, stride: TITLE_STRIDE },
    { keys: LARGE_KEYS, glyphs: LARGES, stride: LARGE_STRIDE },
    { keys: POINT_KEYS, glyphs: POINT, stride: POINT_STRIDE },
  ],
  palettes: PALETTES,
};
