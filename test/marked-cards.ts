/** The test cards under marked PANs, names and discretionary data: the scripts play the same with them, and nothing else looks like them. */
import { TEST_CARDS, type TestCard } from "../src/host/seed";

/** Test card to mark; a good check digit, and the last four digits that the scripts expect on a slip. */
export const MARKED_PANS: Readonly<Record<string, string>> = {
  "4761739001010010": "4929618371240010",
  "5413330089020011": "5521379461480011",
  "6250947000000014": "6228481931290014",
  "3566000000000018": "3528946171380018",
  "4761739001010028": "4539782611380028",
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

/** The script with a marked card in every swipe. A swipe of track 2 alone gets the card's track 1 as well. */
export function markScript(script: string): string {
  return script.split("\n").map(markLine).join("\n");
}

function markLine(line: string): string {
  if (!line.startsWith('{"swipe"')) return line;
  const { swipe } = JSON.parse(line) as { swipe: { t1?: string; t2?: string } };
  const [, pan2, data2] = /^;([0-9]+)=([0-9]{7})[0-9]{13}\?$/.exec(swipe.t2 ?? "") ?? [];
  const [, pan1 = pan2, data1 = data2] = /^%B([0-9]+)\^[^^]+\^([0-9]{7})[0-9]{13}\?$/.exec(swipe.t1 ?? "") ?? [];
  const t1 = pan1 && `%B${markedPan(pan1)}^${MARKED_NAME}^${data1}${MARKED_DISCRETIONARY}?`;
  const t2 = pan2 && `;${markedPan(pan2)}=${data2}${MARKED_DISCRETIONARY}?`;
  if (Boolean(swipe.t2) !== Boolean(t2)) throw new Error(`no card in ${line}`);
  return JSON.stringify({ swipe: { ...swipe, ...(t1 ? { t1 } : {}), ...(t2 ? { t2 } : {}) } });
}
