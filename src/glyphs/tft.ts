/** The glyphs and colours of the 240 x 320 panel, as its driver takes them. What stands in a function stays in flash. */
import type { TftGlyphs } from "../drivers/tft-rows";
import {
  LARGE_KEYS,
  LARGE_SHIFT,
  LARGE_STRIDE,
  LARGES,
  PALETTES,
  POINT,
  POINT_KEYS,
  POINT_STRIDE,
  TEXT,
  TEXT_KEYS,
  TEXT_SHIFT,
  TEXT_STRIDE,
  TITLE,
  TITLE_KEYS,
  TITLE_SHIFT,
  TITLE_STRIDE,
  WIDE_KEYS,
  WIDE_SHIFT,
  WIDE_STRIDE,
  WIDES,
} from "./tft.table";

export const TFT_GLYPHS: TftGlyphs = {
  fonts: [
    { chars: () => TEXT_KEYS, glyphs: TEXT, shift: TEXT_SHIFT, stride: TEXT_STRIDE },
    { chars: () => WIDE_KEYS, glyphs: WIDES, shift: WIDE_SHIFT, stride: WIDE_STRIDE },
    { chars: () => TITLE_KEYS, glyphs: TITLE, shift: TITLE_SHIFT, stride: TITLE_STRIDE },
    { chars: () => LARGE_KEYS, glyphs: LARGES, shift: LARGE_SHIFT, stride: LARGE_STRIDE },
    { chars: () => POINT_KEYS, glyphs: POINT, shift: 0, stride: POINT_STRIDE },
  ],
  palettes: () => PALETTES,
};
