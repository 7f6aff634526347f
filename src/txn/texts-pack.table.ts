/** A language's texts as the one string that the bundle gets (`texts`). Runs at build time. */
import { gb2312 } from "../../tools/gb2312.mjs";
import { Places, type Text } from "./texts";

export type Texts = Readonly<Record<Text, string>>;

/** Two characters that need no second one in source, as a quote does. */
function place(at: number): string {
  if (at >= Places.Radix * Places.Radix) throw new Error(`texts: ${at} characters are more than their places can say`);
  const digits = [Math.floor(at / Places.Radix), at % Places.Radix];
  return String.fromCharCode(...digits.map((digit) => digit + Places.Zero));
}

export function packTexts(texts: Readonly<Record<string, string>>): string {
  const keys = Array.from({ length: Places.LastKey - Places.FirstKey + 1 }, (_, index) =>
    String.fromCharCode(Places.FirstKey + index),
  );
  const unknown = Object.keys(texts).filter((key) => !keys.includes(key));
  if (unknown.length > 0) throw new Error(`texts: keys are characters from A to ~, not ${unknown.join(", ")}`);
  let at = 0;
  let places = "";
  let words = "";
  for (const key of keys) {
    places += place(at);
    const encoded = gb2312(texts[key] ?? "");
    words += encoded;
    at += encoded.length;
  }
  places += place(at);
  if (places.length !== Places.Texts) throw new Error(`texts: they begin at ${places.length}`);
  return places + words;
}
