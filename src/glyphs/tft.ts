/** The glyphs and colours of the 240 x 320 panel, as its driver takes them. */
import type { TftGlyphs } from "../drivers/tft-rows";
import {
  LARGE_POINT,
  LARGES,
  PALETTES,
  TEXT,
  TEXT_KEYS,
  TEXT_WIDE_KEYS,
  TEXT_WIDES,
  TITLE,
  TITLE_KEYS,
} from "./tft.table";

export const TFT_GLYPHS: TftGlyphs = {
  textKeys: TEXT_KEYS,
  text: TEXT,
  wideKeys: TEXT_WIDE_KEYS,
  wides: TEXT_WIDES,
  titleKeys: TITLE_KEYS,
  title: TITLE,
  large: LARGES,
  largePoint: LARGE_POINT,
  palettes: PALETTES,
};
