/**
 * Random keys, cards and cables on the built bundle: no exception, and no dead screen. Every now and then the hands stop, the link is up,
 * there is paper: then C and E and time alone must bring the first screen back.
 */
import { openNode } from "../../sim/engines/node";
import { seededBytes } from "../../sim/random";
import { BOOT_MS } from "../../sim/script";
import { disturb, pay } from "./actions";
import { openDice } from "./dice";
import { Faults, strickenHost } from "./faults";
import { openSimulatedHost } from "./host";
import { LOGIN, Till } from "./till";
import { BUNDLE, FACTORY_TID, scriptTime } from "../world";

export interface MashResult {
  keys: number;
  /** Titles of the screens that were seen. */
  screens: number;
  ways: number;
  /** The longest way back to the first screen. */
  homeMsMax: number;
  trace: number;
}

const KEYS = [..."0123456789:.ECBFUD"];
/** More often than by chance, so that the hands come further than the amount. */
const LIKELY = [..."EEEFC1234"];
/** Keys between two ways home. */
const RUN_KEYS = 120;
const HOME_TRIES = 40;
const HOME_WAIT_MS = 30000;
const FIRST_SCREEN = /^(READY|OUT OF STEP|LOCKED|SIGNED OFF)$/;

/** Presses so many keys. Throws when the firmware does, and when a screen is not left. */
export async function mash(seed: number, keys: number, bundle?: string): Promise<MashResult> {
  const dice = openDice(seed);
  const random = seededBytes(seed);
  let till: Till | null = null;
  const host = await openSimulatedHost({
    tids: [FACTORY_TID],
    localTime: () => scriptTime(till?.nowMs ?? 0),
    randomBytes: random,
  });
  const faults = new Faults(dice, () => till?.nowMs ?? 0);
  const opened = new Till(FACTORY_TID, strickenHost(host, faults), dice, faults, random, {
    engine: openNode(bundle ?? BUNDLE),
  });
  till = opened;
  const result: MashResult = { keys: 0, screens: 0, ways: 0, homeMsMax: 0, trace: 0 };
  const screens = new Set<string>();
  try {
    faults.isOn = false;
    await opened.employ();
    while (result.keys < keys) {
      faults.isOn = true;
      await disturb(opened, () => undefined);
      for (let count = 0; count < RUN_KEYS && result.keys < keys; count++) {
        await press(opened);
        result.keys++;
        screens.add(opened.displayed[1] ?? "");
        note(result, opened.displayed);
      }
      faults.isOn = false;
      result.homeMsMax = Math.max(result.homeMsMax, await goHome(opened));
      result.ways++;
    }
    return { ...result, screens: screens.size };
  } catch (error) {
    throw new Error(`keys of seed ${seed}, after ${result.keys}: ${(error as Error).stack}`);
  } finally {
    await opened.pull();
    await host.host.close();
  }
}

function note(result: MashResult, displayed: readonly string[]): void {
  for (const char of displayed.join("\n")) result.trace = (Math.imul(result.trace, 31) + char.charCodeAt(0)) >>> 0;
}

async function press(till: Till): Promise<void> {
  const { dice, faults } = till;
  if (!till.handheld.isOn) await till.powerOn();
  if (dice.below(200) === 0 && faults.isOn) await till.pull();
  if (till.shows("LOCKED") && dice.chance(50)) await till.keys(LOGIN);
  if (till.shows("card") && dice.chance(40)) await pay(till);
  // Most as a UART sends them, which costs least; some held, and two at once.
  if (dice.chance(5)) await till.handheld.press(dice.pick(KEYS), dice.below(1200));
  else await till.keys(dice.pick(dice.chance(50) ? LIKELY : KEYS));
  if (dice.chance(5)) await till.wait(dice.below(dice.chance(10) ? 70000 : 3000));
}

/** From wherever it is, to the first screen, by keys that every screen names and by time. Gives how long it took. */
async function goHome(till: Till): Promise<number> {
  const { handheld } = till;
  if (!handheld.isOn) await till.powerOn();
  await handheld.setLink(true);
  await handheld.setPaper("ok");
  await handheld.setPrinter("ok");
  handheld.battery.openMillivolt = 4000;
  handheld.wallet.untap();
  const startMs = till.nowMs;
  for (let tries = 0; tries < HOME_TRIES; tries++) {
    if (till.displayed.some((line) => FIRST_SCREEN.test(line.trim()))) return till.nowMs - startMs;
    await till.keys("C");
    await till.wait(tries < 4 ? BOOT_MS : HOME_WAIT_MS);
  }
  throw new Error(`a dead screen: ${till.displayed.join(" / ")}`);
}
