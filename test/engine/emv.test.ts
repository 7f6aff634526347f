/** Taps as a bundle: every card of the folder, and answers that are cut or flipped, end on every engine as they do on Node. */
import { describe, expect, test } from "vitest";
import { nextCommand } from "../../src/proto/emv";
import { chipData } from "../../src/proto/emv-end";
import { TapOutcome } from "../../src/proto/emv-tap";
import { seededNumbers } from "../../src/sim/random";
import { BARE_ENGINES } from "../engines";
import { mutated } from "../fuzz/inputs";
import { answerTap, CARD_NAMES, cardOf, open, PARAMS } from "../proto/tap-desk";
import { Bench, buildProbe, openProbeEngine } from "./bench";

const ENGINES = [{ name: "node" as const, isHere: true }, ...BARE_ENGINES];
const [BEGIN, ANSWER] = [0, 1];
const TAPS_PER_CARD = 2;

/** Two amounts as the card answers, then others with one answer damaged. */
function* readings() {
  const random = seededNumbers(7);
  for (const name of CARD_NAMES) {
    for (let i = 0; i < TAPS_PER_CARD; i++) {
      const card = cardOf(name);
      const at = i < 2 ? -1 : random(4);
      let count = 0;
      const exchange = (apdu: string) => {
        const answer = card.exchange(apdu);
        return count++ === at ? mutated(random, answer) : answer;
      };
      yield { amountMinor: i % 2 ? 5001 : 4000, exchange };
    }
  }
}

describe.each(ENGINES)("on $name", ({ name, isHere }) => {
  test.skipIf(!isHere)("every card, whole and damaged", async () => {
    const bench = new Bench(openProbeEngine(name, await buildProbe("test/engine/emv.probe.ts")));
    await bench.open();
    let onlineCount = 0;
    for (const { amountMinor, exchange } of readings()) {
      const tap = open(amountMinor);
      let outcome: TapOutcome = TapOutcome.None;
      let reports = await bench.command(BEGIN, `${amountMinor} ${PARAMS}`, 1);
      while (outcome === TapOutcome.None) {
        expect(reports).toEqual([[outcome, tap.cvm, nextCommand(tap), "", ""]]);
        const answer = exchange(nextCommand(tap));
        outcome = answerTap(tap, answer);
        reports = await bench.command(ANSWER, answer, 1);
      }
      const isOnline = outcome === TapOutcome.Online;
      expect(reports).toEqual([[outcome, tap.cvm, "", tap.track2, isOnline ? chipData(tap) : ""]]);
      if (isOnline) onlineCount++;
    }
    expect(onlineCount).toBeGreaterThan(CARD_NAMES.length);
    await bench.close();
  });
});
