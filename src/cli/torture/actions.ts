/**
 * What a cashier does, each with how often, as keys and cards alone. A new function of the terminal joins by a line in the table. Nobody
 * here looks at what the machine has in mind: where the keys meet another screen they are pressed all the same.
 */
import { CARDS, TAPS, type VirtualCard } from "../../sim/cards";
import type { Till } from "./till";

interface Action {
  name: string;
  weight: number;
  act(till: Till): Promise<void>;
}

/** Cards with money for years of trade; the others of the drawer come now and then. */
export const RICH_PANS = ["4761730000000003", "5413330000000004", "6250940000000005", "3566000000000026"];
export const RICH_MINOR = 100_000_000_000;
/** With a chip and, as a floor limit wants it, without one. */
const DATA = ["28122011143800000000", "28121011143800000000"];
const RICH: readonly VirtualCard[] = RICH_PANS.flatMap((pan) =>
  DATA.map((data) => ({ name: "rich", t1: `%B${pan}^TEST/CARD^${data}?`, t2: `;${pan}=${data}?` })),
);

const STRIPES = RICH.filter((_, index) => index % DATA.length === 1);

/** A card whose bank wants to be called. */
const REFERRED = CARDS.find(({ t2 }) => t2.startsWith(";4761739001010036"));

const KEYS = "0123456789:.ECBFUD";
const ANY_KEY_WAIT_MS = 400;

export async function pay(
  till: Till,
  card = till.dice.chance(90) ? till.dice.pick(RICH) : till.dice.pick(CARDS),
): Promise<void> {
  const { dice, faults, handheld } = till;
  if (till.shows("card")) till.cardsShown++;
  if (dice.chance(20)) {
    if (handheld.isOn) handheld.wallet.tap(dice.pick(TAPS).file, dice.chance(20) ? dice.below(12) : undefined);
    await till.wait(dice.between(300, 2500));
    handheld.wallet.untap();
  } else {
    const isSpoilt = faults.strikes("badSwipe");
    const spoilt = isSpoilt ? { flip: [dice.between(22, 120)], late: dice.below(3) } : {};
    await handheld.swipe({ ...(dice.chance(50) && { t1: card.t1 }), t2: card.t2, back: dice.chance(30), ...spoilt });
    await till.wait(200);
    if (isSpoilt && dice.chance(80)) await handheld.swipe({ t2: card.t2 });
  }
  await till.wait(dice.below(800));
  if (till.shows("PIN")) {
    till.cardsShown++;
    await till.keys(dice.pick(["1234E", "1234E", "1234E", "9876E1234E", "12B234E", "C", ""]));
  }
}

/** Watches for a while, and goes on in the middle of it now and then. */
async function attend(till: Till): Promise<void> {
  const { dice } = till;
  await till.wait(dice.chance(80) ? dice.between(3000, 9000) : dice.below(60000));
  if (till.handheld.isOn) await till.keys(dice.pick(["E", "E", "E", "C", "", "EE", "CC"]));
}

/** Digits of an amount, the decimals too. */
function amount(till: Till): string {
  const minor = till.dice.chance(5) ? till.dice.below(10 ** 9) : till.dice.between(1, 9999);
  return String(minor);
}

/** The trace of a receipt that lies about, or one out of the air. */
function trace(till: Till): string {
  const receipt = till.receipts.length > 0 && till.dice.chance(90) ? till.dice.pick(till.receipts.slice(-40)) : null;
  return String(receipt?.stan ?? till.dice.below(400));
}

const say = (keys: (till: Till) => string) => async (till: Till) => {
  await till.keys(keys(till));
  await attend(till);
};

/** An amount, a tip where one is asked for, a card; and what the bank tells by telephone. */
async function sell(till: Till): Promise<void> {
  const { dice } = till;
  await till.keys(`${amount(till)}E`);
  if (till.shows("Tip")) await till.keys(dice.pick(["E", "E", `${dice.below(800)}E`, "10D", "C"]));
  await pay(till);
  await attend(till);
  if (!till.shows("Approval code")) return;
  await till.keys(dice.pick(["471108E", "1E", "C"]));
  await pay(till, till.dice.chance(80) ? REFERRED : undefined);
  await attend(till);
}

/** A function that asks for an amount, and then for a card. */
const withCard = (keys: (till: Till) => string) => async (till: Till) => {
  await till.keys(keys(till));
  await pay(till);
  await attend(till);
};

/** The cable is out for a while, and small sales go on: as many as the queue takes and some more. */
async function sellWithoutLink(till: Till): Promise<void> {
  const { dice, handheld } = till;
  await handheld.setLink(false);
  for (let count = dice.between(2, 12); count > 0 && handheld.isOn; count--) {
    await till.keys(`${dice.between(1, 5500)}E`);
    if (till.shows("Tip")) await till.keys("E");
    await pay(till, dice.chance(85) ? dice.pick(STRIPES) : undefined);
    await till.wait(dice.between(1500, 4000));
    await till.keys(dice.pick(["C", "C", "C", "E", "CC", ""]));
    // Up and down again, or up for good in the middle of it.
    if (dice.chance(10)) await handheld.setLink(!handheld.net.isUp);
  }
  await attend(till);
}

async function split(till: Till): Promise<void> {
  await till.keys(`FDD8${amount(till)}E`);
  for (let part = till.dice.between(1, 4); part > 0; part--) {
    if (till.dice.chance(25)) await till.keys(`D${amount(till)}E${till.dice.chance(80) ? "E" : "C"}`);
    else {
      await till.keys(`${till.dice.between(1, 3000)}E`);
      await pay(till);
    }
    await attend(till);
  }
}

/** Of a pre-authorisation: what it is called, and how much of it. */
function hold(till: Till): string {
  const { dice } = till;
  return `${dice.chance(70) ? "" : dice.below(9)}E${trace(till)}E${dice.chance(60) ? amount(till) : ""}E`;
}

async function refund(till: Till): Promise<void> {
  const { dice } = till;
  const receipt = till.receipts.length > 0 ? dice.pick(till.receipts.slice(-40)) : null;
  if (!receipt) return;
  await till.keys(`F2${dice.chance(50) ? receipt.batch : ""}E${receipt.stan}E`);
  if (till.shows("RRN")) await till.keys(`${dice.chance(90) ? receipt.rrn : ""}E`);
  const minor = dice.chance(30) ? receipt.amountMinor : dice.between(1, Math.max(1, receipt.amountMinor));
  await till.keys(`${minor}E`);
  await pay(
    till,
    [...RICH, ...CARDS].find(({ t2 }) => t2.split("=")[0]?.endsWith(receipt.lastFour)),
  );
  await attend(till);
}

async function mash(till: Till): Promise<void> {
  const { dice } = till;
  for (let count = dice.between(5, 60); count > 0 && till.handheld.isOn; count--) {
    if (dice.chance(4)) await pay(till);
    await till.handheld.press(dice.pick([...KEYS]), dice.chance(3) ? dice.below(1500) : undefined);
    await till.wait(dice.below(ANY_KEY_WAIT_MS));
  }
}

export const ACTIONS: readonly Action[] = [
  {
    name: "sale",
    weight: 70,
    act: sell,
  },
  { name: "sales without a link", weight: 2, act: sellWithoutLink },
  { name: "void", weight: 8, act: say((till) => `F1${trace(till)}EE`) },
  { name: "refund", weight: 6, act: refund },
  { name: "reprint", weight: 2, act: say((till) => `F3${till.dice.chance(50) ? "" : trace(till)}E`) },
  { name: "settle", weight: 1, act: say(() => "F4E") },
  { name: "totals", weight: 1, act: say(() => "F5") },
  { name: "failed", weight: 1, act: say(() => "F6") },
  { name: "query", weight: 2, act: say((till) => `F7${trace(till)}E`) },
  { name: "line test", weight: 1, act: say(() => "F8") },
  { name: "tip", weight: 4, act: say((till) => `FDD1${trace(till)}E${till.dice.below(900)}EE`) },
  { name: "pre-authorisation", weight: 5, act: withCard((till) => `FDD2${amount(till)}E`) },
  { name: "completion", weight: 5, act: say((till) => `FDD3${hold(till)}E`) },
  { name: "cancel", weight: 2, act: say((till) => `FDD4${hold(till)}E`) },
  { name: "balance", weight: 2, act: withCard(() => "FDD5") },
  { name: "cash", weight: 6, act: say((till) => `FDD6${amount(till)}E${till.dice.chance(60) ? "" : "99999"}EE`) },
  { name: "cash-back", weight: 3, act: withCard((till) => `FDD7${amount(till)}E${till.dice.below(5000)}E`) },
  { name: "split", weight: 2, act: split },
  { name: "sign-off", weight: 1, act: say(() => "FDDD9") },
  { name: "any keys", weight: 3, act: mash },
  { name: "pause", weight: 2, act: (till) => till.wait(till.dice.below(300000)) },
];

/** What befalls the handheld between two actions. */
export async function disturb(till: Till, jumpClock: () => void): Promise<void> {
  const { dice, faults, handheld } = till;
  if (faults.strikes("linkDown")) await handheld.setLink(false);
  else if (!handheld.net.isUp && dice.chance(30)) await handheld.setLink(true);
  if (faults.strikes("paper")) await handheld.setPaper("out");
  else if (handheld.printer.paper !== "ok" && dice.chance(60)) await handheld.setPaper(dice.chance(90) ? "ok" : "low");
  if (faults.strikes("printer")) {
    const trouble = dice.pick(["cover", "hot", "cutter", "broken", "unplugged", "later"] as const);
    if (trouble === "later") handheld.printer.unplugAfter(dice.below(2000));
    else await handheld.setPrinter(trouble);
  } else if (handheld.printer.trouble !== "ok" && dice.chance(60)) await handheld.setPrinter("ok");
  if (faults.strikes("battery")) handheld.battery.openMillivolt = 3300;
  else if (dice.chance(50)) handheld.battery.openMillivolt = 4000;
  if (faults.threatens("rot") && till.flash.rot(dice)) faults.counts.rot++;
  if (faults.strikes("clockJump")) jumpClock();
}
