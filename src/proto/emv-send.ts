/** How a reading goes on, and how it ends: the next command, the outcome. */
import { type Tap, TapOutcome, TapStep } from "./emv-tap";
import { noTlvs } from "./tlv";

/** The longest honest tap has 3 commands, 10 records and 2 GET RESPONSE; a hostile one ends here. */
const COMMANDS_MAX = 24;

/** `command` is next. */
export function send(t: Tap, step: TapStep, command: string): TapOutcome {
  t.commandCount++;
  if (t.commandCount > COMMANDS_MAX) return over(t, TapOutcome.OtherCard);
  t.step = step;
  t.command = command;
  t.isRepeated = false;
  return TapOutcome.None;
}

/** Of a card that failed all is forgotten. */
export function over(t: Tap, outcome: TapOutcome): TapOutcome {
  t.step = TapStep.Over;
  t.outcome = outcome;
  t.command = "";
  t.part = "";
  if (outcome !== TapOutcome.Online && outcome !== TapOutcome.Complete) {
    t.card = noTlvs();
    t.track2 = "";
  }
  return outcome;
}
