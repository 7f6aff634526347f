/** One step of the machine: a look-up in the packed table. */
import { fromDigits } from "../proto/bytes";
import { BASE, ROWS, WAITS } from "./machine.table";
import { Record } from "./record";
import { Event, Notice, State, type Terminal } from "./state";

/**
 * The row for an event in the terminal's state, "" when it is refused: next state, record, effects (`rowEffects`). The state moves on;
 * nothing else happens here.
 */
export function step(t: Terminal, event: Event): string {
  // Named in here only, so that it stays in flash.
  const rows = ROWS;
  const at = rows.indexOf(" " + String.fromCharCode(t.state + BASE, event + BASE)) + 3;
  if (at < 3) return "";
  const row = rows.substr(at, 3);
  note(t, event);
  t.state = row.charCodeAt(0) - BASE;
  // What is known of card and customer goes with the state that needed it, whatever led out of it.
  if (t.state !== State.Pin) t.pin = "";
  const state = t.state;
  if (state !== State.Idle) t.isDark = false;
  const isInHand = state === State.Pin || state === State.Again || state === State.Online;
  if (!isInHand && state !== State.Ask && state !== State.Stored) {
    t.track2 = "";
    t.chipData = "";
  }
  return row;
}

/** What waits for the link is in hand while its slip is printed, and in Idle while nobody wants anything; else its turn comes again. */
export function isLetGo(t: Terminal, event: Event, row: string): boolean {
  return (
    t.isOpen && t.waiting !== "" && t.state !== State.Idle && event !== Event.Busy && row.charAt(1) === Record.None
  );
}

export function rowEffects(row: string): number {
  return row.charCodeAt(2) - BASE;
}

/** Milliseconds that a state may stand, 0 without end. */
export function waitMs(state: State): number {
  return fromDigits(WAITS.substr(state * 4, 4)) * 100;
}

/** What the next screen will have to say, where the event alone tells it. */
function note(t: Terminal, event: Event): void {
  const state = t.state;
  if (state === State.Amount && event !== Event.Barred) t.notice = Notice.None;
  const isStopped = event === Event.Cancel || event === Event.Timeout;
  if (isStopped && (state === State.Card || state === State.Pin || state === State.Again)) t.notice = Notice.Cancelled;
  if (event === Event.NoPin) t.notice = Notice.NoPin;
  if (event === Event.Unsent) t.notice = Notice.NoLink;
  if (event === Event.Approved || event === Event.Stored) t.isDuplicate = false;
  if (state === State.Offer || (state === State.Paper && t.isSlipBegun)) t.isDuplicate = true;
  if (state === State.Paper && event === Event.Cancel) t.notice = Notice.Skipped;
  if (event === Event.Printed) t.notice = Notice.None;
}
