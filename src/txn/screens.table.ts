/** Text, role and amount of each state's screen, as long as nothing more is to be said; worked out at build time. */
import { Role } from "../drivers/screen";
import { State, STATE_COUNT } from "./state";
import { Text } from "./texts";

/** Where the amount on a screen comes from. */
export const enum Amount {
  None = "-",
  Zero = "0",
  Typed = "T",
  /** After a power cut only the transaction knows it. */
  Transaction = "X",
}

const SCREENS: readonly [State, Text, Role, Amount][] = [
  [State.Boot, Text.Boot, Role.Plain, Amount.None],
  [State.Idle, Text.Ready, Role.Plain, Amount.Zero],
  [State.Amount, Text.Amount, Role.Plain, Amount.Typed],
  [State.Card, Text.Card, Role.Plain, Amount.Typed],
  [State.Online, Text.Online, Role.Plain, Amount.Typed],
  [State.Undo, Text.Undo, Role.Unsure, Amount.Transaction],
  [State.Print, Text.Print, Role.Good, Amount.Transaction],
  [State.Paper, Text.Paper, Role.Good, Amount.Transaction],
  [State.Approved, Text.Approved, Role.Good, Amount.Typed],
  [State.Declined, Text.Declined, Role.Bad, Amount.Typed],
  [State.Notice, Text.Notice, Role.Bad, Amount.Typed],
  [State.Offer, Text.Offer, Role.Good, Amount.Transaction],
  [State.Dead, Text.Dead, Role.Bad, Amount.None],
  [State.Pin, Text.Pin, Role.Plain, Amount.Typed],
  [State.OutOfStep, Text.OutOfStep, Role.Bad, Amount.None],
  [State.Again, Text.Again, Role.Unsure, Amount.Typed],
  // The words of the functions are elsewhere (`desk-screens`), and where there is an amount.
  [State.Menu, Text.Ready, Role.Plain, Amount.None],
  [State.Entry, Text.Ready, Role.Plain, Amount.None],
  [State.Confirm, Text.Ready, Role.Plain, Amount.Typed],
  [State.Ask, Text.Ready, Role.Plain, Amount.None],
  [State.Info, Text.Ready, Role.Plain, Amount.None],
  [State.Slip, Text.Ready, Role.Plain, Amount.None],
  [State.Settle, Text.Ready, Role.Unsure, Amount.None],
  [State.Upload, Text.Ready, Role.Plain, Amount.None],
  [State.Stored, Text.Ready, Role.Unsure, Amount.Transaction],
  [State.Login, Text.Ready, Role.Plain, Amount.None],
];
SCREENS.forEach(([state], index) => {
  if ((state as number) !== index) throw new Error(`state ${state} is out of its place`);
});
if (SCREENS.length !== STATE_COUNT) throw new Error("a state has no screen");

/** The key of each state's text, at the state's number. */
export const TEXT_OF_STATE = SCREENS.map(([, text]) => text).join("");
/** The number of each role, as a digit. */
export const ROLE_OF_STATE = SCREENS.map(([, , role]) => role).join("");
export const AMOUNT_OF_STATE = SCREENS.map(([, , , amount]) => amount).join("");
