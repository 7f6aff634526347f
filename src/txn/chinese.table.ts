/**
 * The Chinese words as the bundle gets them. A byte of GB 2312 takes four characters of source there (`\\xB0`), so the most frequent ones
 * stand as letters and signs that these words do not have; `CHINESE` says which is which. Runs at build time.
 */
import { DESK_WORDS_ZH } from "./texts-desk-zh.table";
import { packTexts } from "./texts-pack.table";
import { WORDS_ZH } from "./texts-zh.table";

/** Amounts, response codes, traces, percents, the stars of a PIN: what else a line may hold. */
const OTHERS = "0123456789A.,:+-*% ";
const own = [OTHERS, ...Object.values(WORDS_ZH), ...Object.values(DESK_WORDS_ZH)].join("");
const packed = [packTexts(WORDS_ZH), packTexts(DESK_WORDS_ZH)];
/** Not a quote or a backslash: those would be two characters again. */
const FREE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).filter(
  (char) => !own.includes(char) && !`"'\\\``.includes(char),
);

const counts = new Map<string, number>();
for (const char of packed.join("")) if (char >= "\xa1") counts.set(char, (counts.get(char) ?? 0) + 1);
const frequent = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([char]) => char);
const letters = new Map(frequent.slice(0, FREE.length).map((char, index) => [char, FREE[index] as string]));
const lettered = (text: string) => Array.from(text, (char) => letters.get(char) ?? char).join("");

/** As the texts of `texts`: keys and what separates parts are as they are. */
export const ZH = lettered(packed[0] as string);
export const DESK_ZH = lettered(packed[1] as string);
/** From the character 32 on: the byte that each stands for. */
export const CHINESE = Array.from({ length: 95 }, (_, index) => {
  const char = String.fromCharCode(32 + index);
  return [...letters].find(([, letter]) => letter === char)?.[0] ?? char;
}).join("");
