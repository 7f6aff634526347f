/** The text of each state, as long as nothing more is to be said; worked out at build time. */
import { State, STATE_COUNT } from "./state";
import { Text } from "./texts";

const TEXTS: readonly [State, Text][] = [
  [State.Boot, Text.Boot],
  [State.Idle, Text.Ready],
  [State.Amount, Text.Amount],
  [State.Card, Text.Card],
  [State.Online, Text.Online],
  [State.Undo, Text.Undo],
  [State.Print, Text.Print],
  [State.Paper, Text.Paper],
  [State.Approved, Text.Approved],
  [State.Declined, Text.Declined],
  [State.Notice, Text.Notice],
  [State.Offer, Text.Offer],
  [State.Dead, Text.Dead],
  [State.Pin, Text.Pin],
  // The words of the functions are elsewhere (`desk-screens`).
  [State.Menu, Text.Ready],
  [State.Entry, Text.Ready],
  [State.Confirm, Text.Ready],
  [State.Ask, Text.Ready],
  [State.Info, Text.Ready],
  [State.Slip, Text.Ready],
  [State.Settle, Text.Ready],
  [State.Upload, Text.Ready],
];
if (TEXTS.length !== STATE_COUNT) throw new Error("a state has no text");

/** The key of each state's text, at the state's number. */
export const TEXT_OF_STATE = TEXTS.map(([state, text], index) => {
  if ((state as number) !== index) throw new Error(`state ${state} is out of its place`);
  return text;
}).join("");
