/** A terminal's parameters for taps, and a reading played to its end. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nextCommand, onAnswer, openTap } from "../../src/proto/emv";
import { type Cvm, type Kernel, type Tap, TapOutcome, type TapApp, type TapParams } from "../../src/proto/emv-tap";
import { noTlvs, setValue } from "../../src/proto/tlv";
import { EmvCard, type EmvCardData } from "../../src/sim/emv-card";

export const unhex = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex").toString("latin1");
export const hex = (text: string) => Buffer.from(text, "latin1").toString("hex").toUpperCase();

const FOLDER = join(import.meta.dirname, "..", "cards");
export const CARD_NAMES = readdirSync(FOLDER).map((file) => file.replace(".json", ""));
export const cardData = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as EmvCardData;
export const cardOf = (name: string) => new EmvCard(cardData(name));

const app = (aid: string, kernel: Kernel): TapApp => ({
  aid: unhex(aid),
  kernel,
  limitMinor: 100000,
  cvmLimitMinor: 5000,
  // EMV mode, online PIN; phones may verify their owners.
  ttq: unhex("26004000"),
  version: unhex("0002"),
});

/** Terminal in China, amounts in yuan. */
export function paramsOf(): TapParams {
  const data = noTlvs();
  setValue(data, 0x9f1a, unhex("0156"));
  setValue(data, 0x5f2a, unhex("0156"));
  setValue(data, 0x9f33, unhex("E040C8"));
  setValue(data, 0x9f35, unhex("22"));
  setValue(data, 0x9f1e, "TILLET01");
  return { apps: [app("A000000003", 3), app("A000000004", 2), app("A000000333", 7)], data };
}

export const DATE = unhex("261123");
export const UNPREDICTABLE = unhex("52BF4585");
export const open = (amountMinor: number) => openTap(paramsOf(), amountMinor, DATE, UNPREDICTABLE);

export interface Ended {
  tap: Tap;
  outcome: TapOutcome;
  cvm: Cvm;
  /** In hexadecimal. */
  log: string[];
}

/** Plays a reading; a card that has no end is the reading's to end. */
export function play(tap: Tap, exchange: (apdu: string) => string): Ended {
  const log: string[] = [];
  let outcome: TapOutcome = TapOutcome.None;
  while (outcome === TapOutcome.None) {
    if (log.length > 60) throw new Error("the reading has no end");
    const command = nextCommand(tap);
    const answer = exchange(command);
    log.push(hex(command), hex(answer));
    outcome = onAnswer(tap, answer);
  }
  return { tap, outcome, cvm: tap.cvm, log };
}
