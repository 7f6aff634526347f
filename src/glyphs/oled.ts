/** The glyphs of the 128 x 64 panel, as its driver takes them. */
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
  small: SMALL,
  title: { keys: TITLE_KEYS, glyphs: TITLE, wideKeys: TITLE_WIDE_KEYS, wides: TITLE_WIDES },
  text: { keys: TEXT_KEYS, glyphs: TEXT, wideKeys: TEXT_WIDE_KEYS, wides: TEXT_WIDES },
  large: LARGES,
  largePoint: LARGE_POINTS,
  tall: TALLS,
  tallPoint: TALL_POINTS,
};
