/** The text of each state that needs nothing else to know it. Runs at build time. */
import { State, STATE_COUNT } from "./state";
import { Text } from "./texts";

const TEXTS: Partial<Record<State, Text>> = {
  [State.Boot]: Text.Boot,
  [State.Amount]: Text.Amount,
  [State.Online]: Text.Online,
  [State.Undo]: Text.Undo,
  [State.Print]: Text.Print,
  [State.Paper]: Text.Paper,
  [State.Declined]: Text.Declined,
  [State.Offer]: Text.Offer,
  [State.Dead]: Text.Dead,
  [State.OutOfStep]: Text.OutOfStep,
};

/** A character for each state; a blank where more than the state decides. */
export const STATE_TEXTS = Array.from({ length: STATE_COUNT }, (_, state) => TEXTS[state as State] ?? " ").join("");
