/**
 * A printer that comes unplugged at every line, and a card that is gone after every command, in every flow that prints or taps: the
 * terminal's book ends as it does without the fault, or as if the card had never been there; paper follows the book.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBook } from "../src/sim/journal-image";
import { checkInvariants } from "./invariants";
import { record } from "./replay";
import { report } from "./report";
import { openSharedHost, type Played, playOn, type SharedHost } from "./world";

let shared: SharedHost;
const counted: string[] = [];
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(async () => {
  report("4-faults", [
    "Faults at every line of paper and every command to a card: money right, paper right",
    ...counted,
  ]);
  await shared.close();
});

const SETTLE = `{"settle":true}`;
const keys = (text: string) => `{"keys":${JSON.stringify([...text])}}`;
const CARD = `{"swipe":{"t2":";4761739001010010=28122011143800000000?"}}`;
const SALE = [keys("1250E"), CARD, SETTLE, keys("E")];
const PREAUTH = [keys("FDD25000E"), CARD, SETTLE, keys("E")];

/** What stands on the terminal's side: counts, totals, and what became of each transaction. */
const standing = ({ image }: Played) => {
  const { count, total, transactions } = readBook(image);
  return { count, total, transactions };
};
const textsOf = (played: Played) => played.slips.map(({ lines }) => lines.map((line) => line.trim()).join("\n"));

/** As on the slip without a fault: the time of a report and the host's own numbers differ, and whether it is another copy. */
const plain = (text: string) =>
  text
    .replace(/ - DUPLICATE|DUPLICATE/g, "")
    .replace(/[0-9]{2}:[0-9]{2}:[0-9]{2}/g, "")
    .replace(/(Approval code) +[0-9]{6}/g, "$1")
    .replace(/^\s+|\s+$/gm, "");

interface Flow {
  name: string;
  before?: string[];
  lines: string[];
  /** How many sales the green key begins. */
  sales: number;
  settings?: { tip?: number; cash?: number; floor?: number };
  /** A report is no receipt: its screen says that it was not printed, and it is asked for again. */
  isReport?: boolean;
}

const FLOWS: Flow[] = [
  { name: "a sale", lines: [keys("1250E"), CARD], sales: 1 },
  { name: "a sale with a tip", lines: [keys("1000E10D"), CARD], sales: 1, settings: { tip: 20 } },
  { name: "a void", before: SALE, lines: [keys("F11EE")], sales: 1 },
  { name: "a refund", before: SALE, lines: [keys("F2E1E500E"), CARD], sales: 1 },
  { name: "a pre-authorisation", lines: [keys("FDD25000E"), CARD], sales: 0 },
  { name: "its completion", before: PREAUTH, lines: [keys("FDD3E1E4200EE")], sales: 0 },
  { name: "its cancel", before: PREAUTH, lines: [keys("FDD4E1EE")], sales: 0 },
  { name: "cash", lines: [keys("FDD61253EEE")], sales: 0, settings: { cash: 5 } },
  { name: "cash back", lines: [keys("FDD71000E500E"), CARD], sales: 1 },
  { name: "totals", before: SALE, lines: [keys("F5")], sales: 1, isReport: true },
  { name: "the list of failed ones", before: SALE, lines: [keys("F6")], sales: 1, isReport: true },
  { name: "a settlement", before: SALE, lines: [keys("F4E")], sales: 1 },
];
/** As `board` numbers the printer's port. */
const PRINTER = 2;
const LINE_FEED = 10;

/** Where in the printer's bytes each line ends, from the flow's first byte on. */
async function lineEnds({ before = [], lines, settings }: Flow): Promise<number[]> {
  const bytesOf = async (script: string[]) => {
    const { lives } = await record(shared, script.join("\n"), { settings });
    const orders = lives.flat().flatMap((turn) => turn.orders);
    return orders.flatMap(([name, port, bytes]) => (name === "u" && port === PRINTER ? [...String(bytes)] : []));
  };
  const { length } = await bytesOf([...before, SETTLE]);
  const bytes = (await bytesOf([...before, SETTLE, ...lines, SETTLE])).slice(length);
  return bytes.flatMap((char, at) => (char.charCodeAt(0) === LINE_FEED ? [at + 1] : []));
}

test.each(FLOWS)("the printer comes unplugged at every line of $name, and is plugged in again", async (flow) => {
  const { name, before = [], lines, sales, settings, isReport } = flow;
  const whole = await playOn(shared, [...before, SETTLE, ...lines, SETTLE].join("\n"), { settings });
  const wanted = textsOf(whole).map(plain);
  const ends = await lineEnds(flow);
  expect(ends.length).toBeGreaterThan(4);
  for (const bytes of ends) {
    const fault = `{"printer":{"unplugAfterBytes":${bytes}}}`;
    const after = [`{"wait":12000}`, `{"printer":"ok"}`, `{"wait":12000}`, SETTLE];
    const again = isReport ? [`{"expect":{"display":"NOT PRINTED"}}`, keys("E"), ...lines, SETTLE] : [];
    const script = [...before, SETTLE, fault, ...lines, ...after, ...again].join("\n");
    const played = await playOn(shared, script, { settings });
    try {
      expect(played.failure).toBe("");
      await checkInvariants(played, shared.host, sales);
      expect(standing(played)).toEqual(standing(whole));
      const printed = textsOf(played);
      for (const text of wanted) expect(printed.map(plain)).toContain(text);
      const originals = printed.filter((text) => wanted.includes(plain(text)) && !text.includes("DUPLICATE"));
      expect(originals.length).toBeLessThanOrEqual(wanted.length);
    } catch (error) {
      throw new Error(`unplugged after byte ${bytes}: ${(error as Error).message}`);
    }
  }
  counted.push(`  ${name}: unplugged at ${ends.length} places`);
});

interface TapFlow {
  name: string;
  before?: string[];
  lines: string[];
  card: string;
  pin?: string;
  sales: number;
}

const TAPS: TapFlow[] = [
  ...["mastercard", "visa", "unionpay", "phone"].map((card) => {
    return { name: `a sale, ${card}`, lines: [keys("1250E")], card, sales: 1 };
  }),
  { name: "a sale with a PIN, unionpay", lines: [keys("6000E")], card: "unionpay", pin: "1234E", sales: 1 },
  { name: "a sale with a PIN, visa", lines: [keys("1000E")], card: "visa-pin", pin: "1234E", sales: 1 },
  { name: "a pre-authorisation", lines: [keys("FDD25000E")], card: "mastercard", sales: 0 },
  { name: "cash back", lines: [keys("FDD71000E500E")], card: "mastercard", sales: 1 },
  { name: "a balance", lines: [keys("FDD5")], card: "mastercard", sales: 0 },
  { name: "a refund", before: SALE, lines: [keys("F2E1E500E")], card: "mastercard", sales: 1 },
];
const COMMANDS_MAX = 40;

test.each(TAPS)("the card is gone after every command of $name, and comes again", async (flow) => {
  const { name, before = [], lines, pin, sales } = flow;
  const card = `../cards/${flow.card}.json`;
  const rest = [`{"wait":4000}`, `{"untap":true}`, ...(pin ? [keys(pin)] : []), SETTLE];
  const start = [...before, SETTLE, ...lines];
  const whole = await playOn(shared, [...start, `{"tap":"${card}"}`, ...rest].join("\n"));
  expect(textsOf(whole).length + Number(name === "a balance")).toBeGreaterThan(0);
  let gone = 0;
  for (; gone < COMMANDS_MAX; gone++) {
    const leaves = `{"tap":{"card":"${card}","leavesAfter":${gone}}}`;
    const script = [...start, leaves, `{"wait":5000}`, `{"untap":true}`, `{"tap":"${card}"}`, ...rest].join("\n");
    const played = await playOn(shared, script);
    try {
      expect(played.failure).toBe("");
      await checkInvariants(played, shared.host, sales);
      expect(standing(played)).toEqual(standing(whole));
      expect(textsOf(played).map(plain)).toEqual(textsOf(whole).map(plain));
    } catch (error) {
      throw new Error(`gone after ${gone} commands: ${(error as Error).message}`);
    }
    if (!JSON.stringify(played.events).includes("again")) break;
  }
  expect(gone).toBeGreaterThan(2);
  expect(gone).toBeLessThan(COMMANDS_MAX);
  counted.push(`  ${name}: gone after each of ${gone} commands`);
});
