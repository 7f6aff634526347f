/** A tap alone: command 0 begins one (text: amount, blank, parameters), 1 hands an answer over; the next command or the end goes out. */
import { board } from "../../src/board/console";
import { loadPhase, nextCommand, onAnswer } from "../../src/proto/emv";
import { openTap } from "../../src/proto/emv-begin";
import { chipData, endTap } from "../../src/proto/emv-end";
import { type Tap, TapOutcome } from "../../src/proto/emv-tap";

declare const io: { tx(line: string): void };

let tap: Tap | null = null;

function tell(opened: Tap, outcome: TapOutcome): void {
  const chip = outcome === TapOutcome.Online ? chipData(opened) : "";
  io.tx(JSON.stringify(["x", outcome, opened.cvm, nextCommand(opened), opened.track2, chip]));
  loadPhase(opened);
}

board.start((happening, value, text) => {
  if ((happening as number) !== 20) return;
  if (value === 0) {
    const blank = text.indexOf(" ");
    const amountMinor = parseInt(text.substr(0, blank), 10);
    tap = openTap(text.substr(blank + 1), "TILLET01", amountMinor, "261123", "\x52\xbf\x45\x85");
    tell(tap, TapOutcome.None);
  } else if (tap) {
    const outcome = onAnswer(tap, text);
    tell(tap, outcome === TapOutcome.Complete ? endTap(tap) : outcome);
  }
});
