/** Glyphs of a few characters that code page 437 lacks, for tests: columns of 24 dots, 12 a character. Runs at build time. */
import { FONT_A, glyphOf } from "../../src/sim/twins/font";

const CHARS = ["€", "ł", "₹"];

function columns(char: string): string {
  const { dots } = glyphOf(char, FONT_A);
  let text = "";
  for (let x = 0; x < 12; x++) {
    for (let top = 0; top < 24; top += 8) {
      const bits = Array.from({ length: 8 }, (_, y) => dots[(top + y) * 12 + x]);
      text += String.fromCharCode(parseInt(bits.join(""), 2));
    }
  }
  return text;
}

/** UTF-8, blanks between. */
export const GLYPH_KEYS = CHARS.map((char) => Buffer.from(char).toString("latin1")).join(" ");
export const GLYPHS = CHARS.map(columns).join("");
