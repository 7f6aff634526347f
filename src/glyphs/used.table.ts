/** Characters that the terminal's words have, so that only their glyphs get into a bundle. Runs at build time. */
import { KIND_NAMES } from "../txn/receipt";
import { DeskText } from "../txn/texts-desk";
import { DESK_WORDS_EN } from "../txn/texts-desk-en.table";
import { DESK_WORDS_ZH } from "../txn/texts-desk-zh.table";
import { WORDS_EN } from "../txn/texts-en.table";
import { WORDS_ZH } from "../txn/texts-zh.table";

const CHINESE = [...Object.values(WORDS_ZH), ...Object.values(DESK_WORDS_ZH)];
const TEXTS: readonly string[] = [...Object.values(WORDS_EN), ...Object.values(DESK_WORDS_EN), KIND_NAMES, ...CHINESE];
/** A function's name stands in its titles. */
const TITLES = [
  ...TEXTS.filter((text) => text.includes("\n")).map((text) => text.split("\n", 1).join()),
  DESK_WORDS_EN[DeskText.Tasks],
  DESK_WORDS_ZH[DeskText.Tasks],
];

function charactersOf(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.join("").replace(/[\n\t|]/g, ""))].sort();
}

/** Amounts, response codes, currencies, percents, times, sums, a PIN that is being typed. */
const CODES = ["0123456789.%:*+-", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

const isNarrow = (char: string) => char < "\x7f";

export const TITLE_NARROW = charactersOf(TITLES).filter(isNarrow);
export const TITLE_WIDE = charactersOf(TITLES).filter((char) => !isNarrow(char));
/** Wherever else text is. */
export const TEXT_NARROW = charactersOf([...TEXTS, ...CODES]).filter(isNarrow);
/** Lines of a panel may join two texts with a comma. */
export const TEXT_WIDE = charactersOf([...TEXTS, "，"]).filter((char) => !isNarrow(char));
/** Of Chinese texts only. */
export const TEXT_NARROW_AMONG_WIDE = charactersOf([...CHINESE, ...CODES]).filter(isNarrow);
