/** The glyphs of the 128 x 64 panel, as its driver takes them. What stands in a function stays in flash. */
import type { OledGlyphs } from "../drivers/oled-rows";
import {
  LARGE_POINTS,
  LARGES,
  SMALL,
  TALL_POINTS,
  TALLS,
  TEXT,
  TEXT_KEYS,
  TEXT_WIDE_KEYS,
  TEXT_WIDES,
  TITLE,
  TITLE_KEYS,
  TITLE_WIDE_KEYS,
  TITLE_WIDES,
} from "./oled.table";

export const OLED_GLYPHS: OledGlyphs = {
  small: () => SMALL,
  title: { chars: () => TITLE_KEYS, glyphs: TITLE, wideChars: () => TITLE_WIDE_KEYS, wides: TITLE_WIDES },
  text: { chars: () => TEXT_KEYS, glyphs: TEXT, wideChars: () => TEXT_WIDE_KEYS, wides: TEXT_WIDES },
  large: () => LARGES,
  largePoint: () => LARGE_POINTS,
  tall: () => TALLS,
  tallPoint: () => TALL_POINTS,
};
