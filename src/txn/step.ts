/** One step of the machine: a look-up in the packed table. */
import { fromDigits } from "../proto/bytes";
import { BASE, CELLS, ROWS, WAITS } from "./machine.table";
import { EVENT_COUNT, Event, Notice, State, type Terminal } from "./state";

/** The characters of a row. */
export const enum RowPart {
  Next = 0,
  Record = 1,
  Effects = 2,
}

/** The row for an event in the terminal's state, 0 when it is refused. The state moves on; nothing else happens here. */
export function step(t: Terminal, event: Event): number {
  const row = CELLS.charCodeAt(t.state * EVENT_COUNT + event) - BASE;
  if (row) {
    note(t, event);
    t.state = rowNumber(row, RowPart.Next);
    // What is known of card and customer goes with the state that needed it, whatever led out of it.
    if (t.state !== State.Pin) t.pin = "";
    if (t.state !== State.Pin && t.state !== State.Online) {
      t.track2 = "";
      t.chipData = "";
    }
  }
  return row;
}

/** Next state or effects; of the record its character, less BASE. The one place that has the rows, so that they stay in flash. */
export function rowNumber(row: number, part: RowPart): number {
  return ROWS.charCodeAt(row * 3 + part) - BASE;
}

/** Milliseconds that a state may stand, 0 without end. */
export function waitMs(state: State): number {
  return fromDigits(WAITS.substr(state * 4, 4)) * 100;
}

/** What the next screen will have to say, where the event alone tells it. */
function note(t: Terminal, event: Event): void {
  const state = t.state;
  if (event === Event.Enter && state === State.Amount) t.notice = Notice.None;
  const isStopped = event === Event.Cancel || event === Event.Timeout;
  if (isStopped && (state === State.Card || state === State.Pin)) t.notice = Notice.Cancelled;
  if (event === Event.NoPin) t.notice = Notice.NoPin;
  if (event === Event.Unsent) t.notice = Notice.NoLink;
  if (event === Event.Approved) t.isDuplicate = false;
  if (state === State.Offer || (state === State.Paper && t.isSlipBegun)) t.isDuplicate = true;
  if (state === State.Paper && event === Event.Cancel) t.notice = Notice.Skipped;
  if (event === Event.Printed) t.notice = Notice.None;
}
