/** Commands of a reading that have data, and the next application. */
import { over, send } from "./emv-send";
import { type Tap, TapOutcome, TapStep } from "./emv-tap";

const SELECT = "\x00\xa4\x04\x00";

/** A command with data: its length before them, and all of the answer is wanted. */
export function sendData(t: Tap, step: TapStep, header: string, data: string): TapOutcome {
  return send(t, step, header + String.fromCharCode(data.length) + data + "\0");
}

/** Asks for the card's next application, when there is one left that the terminal takes. */
export function nextCandidate(t: Tap): TapOutcome {
  t.at++;
  if (t.at < t.aids.length) return sendData(t, TapStep.Select, SELECT, t.aids[t.at]);
  if (t.sawBlocked) return over(t, TapOutcome.Blocked);
  return over(t, t.sawOverLimit ? TapOutcome.OverLimit : TapOutcome.OtherCard);
}
