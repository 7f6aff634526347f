/**
 * The contactless reading of a payment card for an online-only terminal: commands out, answers in, one at a time. Pure: who has the
 * card's ear sends what `nextCommand` says and hands the answer to `onAnswer`, until an outcome other than `None`. After `Complete` the card
 * may go, and `endTap` (`emv-end`) has the outcome.
 *
 * EMV Contactless Book B (entry point) chooses the application (`emv-select`); kernel 2 (Book C-2) reads records and asks for a cryptogram,
 * kernels 3 and 7 (Books C-3, C-7) get it with the processing options (`emv-read`). Always asks for an ARQC; offline approvals and magstripe
 * mode are not taken. After `CardLost`, `TryAgain` and `SeePhone` a new tap with a new unpredictable number begins.
 *
 * Bounds: `COMMANDS_MAX` commands a tap, `ANSWER_BYTES_MAX` an answer, and what a list of `tlv` holds. At the end of a tap that
 * is not `Online` all that the card told is forgotten.
 */
import { fromBigEndian } from "./bytes";
import { askPart } from "./emv-ask.lazy";
import { directoryPart } from "./emv-directory.lazy";
import { readPart } from "./emv-read.lazy";
import { selectPart } from "./emv-select.lazy";
import { over, send } from "./emv-send";
import { type Tap, TapOutcome, type TapPhase, TapStep } from "./emv-tap";

/** As much as the reader's driver hands over. */
const ANSWER_BYTES_MAX = 1024;
const DONE = 0x9000;
const GET_RESPONSE = "\x00\xc0\x00\x00";

/** The C-APDU to send; "" when the reading is over. */
export function nextCommand(t: Tap): string {
  return t.command;
}

/** The card left the field: nothing was sent to anybody, so nothing is to be undone. */
export function onCardLost(t: Tap): TapOutcome {
  return t.step === TapStep.Over ? t.outcome : over(t, TapOutcome.CardLost);
}

/** Loads what the next answer needs, and nothing else of the reading: to be called while the card is at work. */
export function loadPhase(t: Tap): void {
  const step = t.step > TapStep.Options ? t.step - 1 : t.step;
  if (t.phase && t.phaseStep === step) return;
  // Gone before the other one comes.
  t.phase = null;
  t.phaseStep = step;
  if (step === TapStep.Ppse) t.phase = directoryPart();
  else if (step === TapStep.Select) t.phase = selectPart();
  else if (step === TapStep.Options) t.phase = readPart();
}

/** Takes the R-APDU to the command. `None`: `nextCommand` has another. */
export function onAnswer(t: Tap, answer: string): TapOutcome {
  if (t.step === TapStep.Over) return t.outcome;
  const end = answer.length - 2;
  if (end < 0) return over(t, TapOutcome.TryAgain);
  const status = fromBigEndian(answer, end, 2);
  const body = t.part + answer.substr(0, end);
  if (body.length > ANSWER_BYTES_MAX) return over(t, TapOutcome.OtherCard);
  const kind = status >> 8;
  if (kind === 0x61) {
    t.part = body;
    return send(t, t.step, GET_RESPONSE + answer.substr(end + 1));
  }
  if (kind === 0x6c) {
    if (t.isRepeated) return over(t, TapOutcome.OtherCard);
    send(t, t.step, t.command.substr(0, t.command.length - 1) + answer.substr(end + 1));
    t.isRepeated = true;
    return t.outcome;
  }
  t.part = "";
  if (t.step === TapStep.Cryptogram) {
    over(t, status === DONE ? TapOutcome.Complete : TapOutcome.OtherCard);
    t.part = body;
    return t.outcome;
  }
  loadPhase(t);
  const outcome = (t.phase as TapPhase).onStep(t, status, body);
  if ((t.step as TapStep) !== TapStep.Ask) return outcome;
  t.phase = null;
  return askPart().generateAc(t);
}
