/** A terminal's parameters for taps, and a reading played to its end. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nextCommand, onAnswer } from "../../src/proto/emv";
import { openTap } from "../../src/proto/emv-begin";
import { endTap } from "../../src/proto/emv-end";
import { type Cvm, type Kernel, type Tap, TapOutcome } from "../../src/proto/emv-tap";
import { tagOf, type Tlvs, valueOf } from "../../src/proto/tlv";
import { EmvCard, type EmvCardData } from "../../src/sim/emv-card";

export const unhex = (hex: string) => Buffer.from(hex.replaceAll(" ", ""), "hex").toString("latin1");
export const hex = (text: string) => Buffer.from(text, "latin1").toString("hex").toUpperCase();

const FOLDER = join(import.meta.dirname, "..", "cards");
export const CARD_NAMES = readdirSync(FOLDER).map((file) => file.replace(".json", ""));
export const cardData = (name: string) => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as EmvCardData;
export const cardOf = (name: string) => new EmvCard(cardData(name));

const bytes = (value: number, count: number) => value.toString(16).padStart(2 * count, "0");
/** EMV mode, online PIN; phones may verify their owners. */
const QUALIFIERS = "26004000";
export const app = (aid: string, kernel: Kernel, qualifiers = QUALIFIERS) =>
  bytes(aid.length / 2, 1) + aid + bytes(kernel, 1) + bytes(100000, 4) + bytes(5000, 4) + qualifiers + "0002";
const APPS = [app("A000000003", 3), app("A000000004", 2), app("A000000333", 7)];
/** Terminal in China, amounts in yuan; attended, and its check, which nobody looks at here. */
export const paramsOf = (apps: readonly string[] = APPS) => unhex(`000101560156E040C822${apps.join("")}00000000`);
export const PARAMS = paramsOf();

export const UNPREDICTABLE = unhex("52BF4585");
export const open = (amountMinor: number, params = PARAMS) =>
  openTap(params, "TILLET01", amountMinor, "261123", UNPREDICTABLE);

/** Of an object by its tag as it is written in the standard. */
export const objectOf = (list: Tlvs, tag: number) => valueOf(list, tagOf(tag));

/** An answer, and at the end what it is worth. */
export function answerTap(tap: Tap, answer: string): TapOutcome {
  const outcome = onAnswer(tap, answer);
  return outcome === TapOutcome.Complete ? endTap(tap) : outcome;
}

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
    outcome = answerTap(tap, answer);
  }
  return { tap, outcome, cvm: tap.cvm, log };
}
