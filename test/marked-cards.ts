/** The test cards under marked PANs, names and discretionary data: the scripts play the same with them, and nothing else looks like them. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { cardKey } from "../src/host/emv";
import { testIssuerKey } from "../src/host/keys";
import { TEST_CARDS, type TestCard } from "../src/host/seed";
import type { EmvCardData } from "../src/sim/emv-card";

/** Test card to mark; a good check digit, and the last four digits that the scripts expect on a slip. */
export const MARKED_PANS: Readonly<Record<string, string>> = {
  "4761739001010010": "4929618371240010",
  "5413330089020011": "5521379461480011",
  "6250947000000014": "6228481931290014",
  "3566000000000018": "3528946171380018",
  "4761739001010028": "4539782611380028",
  "4761739001010036": "4716285930070036",
  "5413330089020029": "5149267381280029",
  "6250947000000022": "6259813741250022",
  "4000000000009995": "4315978261279995",
  "4761739001010051": "4951837264050051",
  "4761739001010069": "4527391846050069",
  "4761739001010077": "4619382571040077",
  "4761739001010085": "4738291564020085",
  "4761739001010093": "4872619354040093",
  "5413330089020045": "5193628475070045",
  "5413330089020052": "5284739162000052",
};
export const MARKED_NAME = "ZIEGENKOPF/XAVERINE";
export const MARKED_DISCRETIONARY = "9073852614937";

export const MARKED_CARDS: readonly TestCard[] = TEST_CARDS.map((card) => ({ ...card, pan: markedPan(card.pan) }));

function markedPan(pan: string): string {
  const marked = MARKED_PANS[pan];
  if (!marked) throw new Error(`test card ${pan} has no marked PAN`);
  return marked;
}

/**
 * The script with a marked card in every swipe and tap. A swipe of track 2 alone gets the card's track 1 as well; cards to be tapped are
 * written to `folder`, with the key that their new number gives them.
 */
export function markScript(script: string, folder: string): string {
  return script
    .split("\n")
    .map((line) => markLine(line, folder))
    .join("\n");
}

const BIN_DIGITS = 6;

/** A whole number, or how one begins: as the first card's does that begins so, no longer than what a mask shows of it. */
function markedNumber(digits: string): string {
  const pan = Object.keys(MARKED_PANS).find((each) => each.startsWith(digits));
  if (!pan) return digits;
  return digits === pan ? markedPan(pan) : markedPan(pan).slice(0, BIN_DIGITS);
}

/** A card file of `test/cards` under its mark. The copy without a key stays one. */
function markCard(name: string, folder: string): string {
  const data = JSON.parse(readFileSync(join(import.meta.dirname, "scripts", name), "utf8")) as EmvCardData;
  const pan = markedPan(data.pan);
  const issuerKey = testIssuerKey().key;
  const isReal = cardKey(issuerKey, data.pan, data.sequence).toString("hex").toUpperCase() === data.key;
  const key = isReal ? cardKey(issuerKey, pan, data.sequence).toString("hex") : data.key;
  const file = join(folder, basename(name));
  writeFileSync(file, JSON.stringify({ ...data, pan, key, discretionary: MARKED_DISCRETIONARY }));
  return file;
}

function markLine(line: string, folder: string): string {
  if (line.startsWith('{"tap"')) {
    const { tap } = JSON.parse(line) as { tap: string | { card: string } };
    const card = markCard(typeof tap === "string" ? tap : tap.card, folder);
    return JSON.stringify({ tap: typeof tap === "string" ? card : { ...tap, card } });
  }
  if (/^{"(un)?block"/.test(line)) return line.replace(/[0-9]{6,}/, markedNumber);
  if (!line.startsWith('{"swipe"')) return line;
  const { swipe } = JSON.parse(line) as { swipe: { t1?: string; t2?: string } };
  const [, pan2, data2] = /^;([0-9]+)=([0-9]{7})[0-9]{13}\?$/.exec(swipe.t2 ?? "") ?? [];
  const [, pan1 = pan2, data1 = data2] = /^%B([0-9]+)\^[^^]+\^([0-9]{7})[0-9]{13}\?$/.exec(swipe.t1 ?? "") ?? [];
  const t1 = pan1 && `%B${markedPan(pan1)}^${MARKED_NAME}^${data1}${MARKED_DISCRETIONARY}?`;
  const t2 = pan2 && `;${markedPan(pan2)}=${data2}${MARKED_DISCRETIONARY}?`;
  if (Boolean(swipe.t2) !== Boolean(t2)) throw new Error(`no card in ${line}`);
  return JSON.stringify({ swipe: { ...swipe, ...(t1 ? { t1 } : {}), ...(t2 ? { t2 } : {}) } });
}
