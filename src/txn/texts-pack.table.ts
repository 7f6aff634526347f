/** A language's texts as the one string that the bundle gets. Runs at build time. */
import { gb2312 } from "../../tools/gb2312.mjs";
import { type Text, TEXT_MARK } from "./texts";

export type Texts = Readonly<Record<Text, string>>;

export function packTexts(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts).reduce((all, [key, words]) => all + TEXT_MARK + key + gb2312(words), "") + TEXT_MARK;
}
