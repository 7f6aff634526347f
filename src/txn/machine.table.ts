/**
 * The whole machine: state, event, next state, journal record, effects. A pair that is not here is refused: the state stays
 * and nothing happens. This file runs at build time; the bundle gets strings.
 *
 * Order inside a step: the journal record is written and read back, then the screen changes, then the effects. So nothing
 * leaves the terminal that the journal does not know.
 */
import { Effect, Event, State } from "./state";
import { Record } from "./record";

export interface Row {
  readonly state: State;
  readonly event: Event;
  readonly next: State;
  readonly record: Record;
  readonly effects: number;
}

function row(
  state: State,
  event: Event,
  next: State,
  record: Record = Record.None,
  effects: number = Effect.None,
): Row {
  return { state, event, next, record, effects };
}

export const MACHINE: readonly Row[] = [
  // The boot screen stands for its time, so that "not certified" can be read; then the journal decides. A sale without an
  // outcome may have been charged: only a reversal settles it.
  row(State.Boot, Event.Timeout, State.Boot, Record.None, Effect.Load),
  row(State.Boot, Event.Clean, State.Idle),
  row(State.Boot, Event.Open, State.Undo, Record.None, Effect.Repeat),
  row(State.Boot, Event.Unsent, State.Notice, Record.Unsent, Effect.BeepError),
  row(State.Boot, Event.Owed, State.Offer),
  row(State.Boot, Event.Unsettled, State.Settle, Record.None, Effect.Repeat),
  row(State.Boot, Event.Lost, State.Dead, Record.None, Effect.BeepError),

  // The sign-on's number is used up before it leaves, and its new chain is in flash before it is used. It lives in this state alone:
  // whatever leads out of it ends the request (`signon`).
  row(State.Idle, Event.SignOn, State.Idle, Record.Key, Effect.Send),
  row(State.Idle, Event.SignedOn, State.Idle, Record.SignedOn),
  row(State.Idle, Event.Heard, State.Idle),
  row(State.Idle, Event.Loaded, State.Idle, Record.Parameters),
  row(State.Idle, Event.Blocked, State.Idle, Record.Blocks),
  row(State.Idle, Event.OutOfStep, State.OutOfStep, Record.None, Effect.BeepError),
  row(State.OutOfStep, Event.Cancel, State.Idle),
  // The clock.
  row(State.Idle, Event.Timeout, State.Idle),

  // While the last sale is being undone no new one begins: its outcome would hide behind the new screen.
  row(State.Idle, Event.Digit, State.Amount),
  row(State.Idle, Event.Busy, State.Undo, Record.None, Effect.BeepError),
  row(State.Idle, Event.Undone, State.Idle, Record.Undone, Effect.BeepOk),
  row(State.Idle, Event.Approved, State.Print, Record.Approved, Effect.Print | Effect.BeepOk),
  row(State.Idle, Event.Declined, State.Declined, Record.Declined, Effect.BeepError),
  row(State.Idle, Event.Unsettled, State.Settle),
  row(State.Idle, Event.Closed, State.Print, Record.Closed, Effect.Print | Effect.BeepOk),
  row(State.Idle, Event.Differs, State.Upload, Record.None, Effect.Find),
  row(State.Idle, Event.Barred, State.Notice, Record.None, Effect.BeepError),
  row(State.Idle, Event.Full, State.Confirm, Record.None, Effect.BeepError),
  row(State.Idle, Event.Menu, State.Menu),
  row(State.Idle, Event.Wanted, State.Entry),
  row(State.Idle, Event.Login, State.Login, Record.None, Effect.Find),
  row(State.Idle, Event.Lost, State.Dead, Record.None, Effect.BeepError),

  row(State.Amount, Event.Digit, State.Amount),
  row(State.Amount, Event.Back, State.Amount),
  row(State.Amount, Event.Enter, State.Card),
  row(State.Amount, Event.Wanted, State.Entry),
  row(State.Amount, Event.Ready, State.Confirm),
  row(State.Amount, Event.Barred, State.Notice, Record.None, Effect.BeepError),
  row(State.Amount, Event.Cancel, State.Idle),
  row(State.Amount, Event.Timeout, State.Idle),

  // The card answered. Nothing may leave before the journal knows, so that a power cut here can be reversed.
  row(State.Card, Event.Swiped, State.Online, Record.Sale, Effect.Send),
  row(State.Card, Event.Stored, State.Stored, Record.Sale, Effect.PrintSlip | Effect.BeepOk),
  row(State.Card, Event.Query, State.Ask, Record.Query, Effect.Send),
  row(State.Card, Event.PinWanted, State.Pin),
  row(State.Card, Event.Unread, State.Card, Record.None, Effect.BeepError),
  row(State.Card, Event.Barred, State.Notice, Record.None, Effect.BeepError),
  row(State.Card, Event.Again, State.Again, Record.None, Effect.BeepError),
  row(State.Card, Event.Cancel, State.Notice),
  row(State.Card, Event.Timeout, State.Notice, Record.None, Effect.BeepError),

  // A customer who has just paid the same: nobody but the cashier knows whether it is meant. Yes goes on with what the card had led to.
  row(State.Again, Event.Swiped, State.Online, Record.Sale, Effect.Send),
  row(State.Again, Event.Stored, State.Stored, Record.Sale, Effect.PrintSlip | Effect.BeepOk),
  row(State.Again, Event.PinWanted, State.Pin),
  row(State.Again, Event.Cancel, State.Notice),
  row(State.Again, Event.Timeout, State.Notice, Record.None, Effect.BeepError),

  // The customer's turn. First the key that the PIN goes under is gone from flash, then the sale is journalled, then it is sent.
  row(State.Pin, Event.Digit, State.Pin),
  row(State.Pin, Event.Back, State.Pin),
  row(State.Pin, Event.Enter, State.Pin, Record.PinKeys),
  row(State.Pin, Event.PinSealed, State.Online, Record.Sale, Effect.Send),
  row(State.Pin, Event.Query, State.Ask, Record.Query, Effect.Send),
  row(State.Pin, Event.NoPin, State.Notice, Record.None, Effect.BeepError),
  row(State.Pin, Event.Cancel, State.Notice),
  row(State.Pin, Event.Timeout, State.Notice, Record.None, Effect.BeepError),
  row(State.Pin, Event.Lost, State.Dead, Record.None, Effect.BeepError),

  // No answer is not a refusal: the host may have approved. And who cancels now may have been charged already. Only what never
  // left the terminal needs no reversal. A PIN that the host asks for, or asks for again, goes into a sale of its own.
  row(State.Online, Event.Approved, State.Print, Record.Approved, Effect.Print | Effect.BeepOk),
  row(State.Online, Event.Declined, State.Declined, Record.Declined, Effect.BeepError),
  row(State.Online, Event.PinWanted, State.Pin, Record.Declined, Effect.BeepError),
  row(State.Online, Event.Unsent, State.Notice, Record.Unsent, Effect.BeepError),
  row(State.Online, Event.NoAnswer, State.Undo, Record.None, Effect.Repeat | Effect.BeepError),
  row(State.Online, Event.Timeout, State.Undo, Record.None, Effect.Repeat | Effect.BeepError),
  row(State.Online, Event.Cancel, State.Undo, Record.None, Effect.Repeat | Effect.BeepError),
  row(State.Online, Event.Lost, State.Dead, Record.None, Effect.BeepError),

  // The reversal repeats until it is acknowledged, whatever the screen shows; an advice until it is answered.
  row(State.Undo, Event.Approved, State.Print, Record.Approved, Effect.Print | Effect.BeepOk),
  row(State.Undo, Event.Declined, State.Declined, Record.Declined, Effect.BeepError),
  row(State.Undo, Event.Undone, State.Notice, Record.Undone, Effect.BeepOk),
  row(State.Undo, Event.Cancel, State.Idle),
  row(State.Undo, Event.Timeout, State.Idle),
  row(State.Undo, Event.Lost, State.Dead, Record.None, Effect.BeepError),

  // Approved, and the journal knows. Paper cannot change that.
  row(State.Print, Event.Printed, State.Approved, Record.Printed),
  row(State.Print, Event.Stopped, State.Paper, Record.None, Effect.BeepError),
  row(State.Print, Event.Timeout, State.Paper, Record.None, Effect.BeepError),
  row(State.Print, Event.Lost, State.Dead, Record.None, Effect.BeepError),
  row(State.Paper, Event.Printed, State.Approved, Record.Printed),
  row(State.Paper, Event.PaperBack, State.Print, Record.None, Effect.Print),
  row(State.Paper, Event.Enter, State.Print, Record.None, Effect.Print),
  row(State.Paper, Event.Stopped, State.Paper),
  row(State.Paper, Event.Timeout, State.Paper, Record.None, Effect.Poll),
  row(State.Paper, Event.Cancel, State.Approved, Record.Printed),
  row(State.Paper, Event.Lost, State.Dead, Record.None, Effect.BeepError),
  row(State.Offer, Event.Enter, State.Print, Record.None, Effect.Print),
  row(State.Offer, Event.Cancel, State.Idle, Record.Printed),
  // Others wait to be sent, and nobody has pressed a key.
  row(State.Offer, Event.Forward, State.Print, Record.None, Effect.Print),
  row(State.Offer, Event.Lost, State.Dead, Record.None, Effect.BeepError),

  row(State.Approved, Event.Digit, State.Amount),
  row(State.Approved, Event.Barred, State.Notice, Record.None, Effect.BeepError),
  row(State.Approved, Event.Full, State.Confirm, Record.None, Effect.BeepError),
  row(State.Approved, Event.Menu, State.Menu),
  row(State.Approved, Event.Wanted, State.Entry),
  row(State.Approved, Event.Login, State.Login, Record.None, Effect.Find),
  row(State.Approved, Event.Enter, State.Idle),
  row(State.Approved, Event.Cancel, State.Idle),
  row(State.Approved, Event.Timeout, State.Idle),
  row(State.Approved, Event.OutOfStep, State.OutOfStep, Record.None, Effect.BeepError),
  row(State.Approved, Event.Lost, State.Dead, Record.None, Effect.BeepError),
  row(State.Declined, Event.Digit, State.Amount),
  row(State.Declined, Event.Barred, State.Notice, Record.None, Effect.BeepError),
  row(State.Declined, Event.Full, State.Confirm, Record.None, Effect.BeepError),
  row(State.Declined, Event.Menu, State.Menu),
  row(State.Declined, Event.Wanted, State.Entry),
  row(State.Declined, Event.Login, State.Login, Record.None, Effect.Find),
  row(State.Declined, Event.Enter, State.Idle),
  row(State.Declined, Event.Cancel, State.Idle),
  row(State.Declined, Event.Timeout, State.Idle),
  row(State.Declined, Event.OutOfStep, State.OutOfStep, Record.None, Effect.BeepError),
  row(State.Declined, Event.Lost, State.Dead, Record.None, Effect.BeepError),
  row(State.Notice, Event.Digit, State.Amount),
  row(State.Notice, Event.Barred, State.Notice, Record.None, Effect.BeepError),
  row(State.Notice, Event.Full, State.Confirm, Record.None, Effect.BeepError),
  row(State.Notice, Event.Menu, State.Menu),
  row(State.Notice, Event.Wanted, State.Entry),
  row(State.Notice, Event.Login, State.Login, Record.None, Effect.Find),
  row(State.Notice, Event.Enter, State.Idle),
  row(State.Notice, Event.Cancel, State.Idle),
  row(State.Notice, Event.Timeout, State.Idle),
  row(State.Notice, Event.OutOfStep, State.OutOfStep, Record.None, Effect.BeepError),
  row(State.Notice, Event.Lost, State.Dead, Record.None, Effect.BeepError),

  row(State.Dead, Event.Cancel, State.Boot),

  // The functions: what each asks for is a fact (`desk`), so that all of them share these rows.
  row(State.Menu, Event.Digit, State.Menu),
  row(State.Menu, Event.Wanted, State.Entry),
  row(State.Menu, Event.Amount, State.Amount),
  row(State.Menu, Event.Enter, State.Card),
  row(State.Menu, Event.Search, State.Menu, Record.None, Effect.Find),
  row(State.Menu, Event.Ready, State.Confirm),
  row(State.Menu, Event.Slip, State.Slip, Record.None, Effect.PrintSlip),
  row(State.Menu, Event.Query, State.Ask, Record.Query, Effect.Send),
  row(State.Menu, Event.Try, State.Ask, Record.None, Effect.Find),
  row(State.Menu, Event.Missing, State.Info, Record.None, Effect.BeepError),
  row(State.Menu, Event.Login, State.Login, Record.None, Effect.Find),
  row(State.Menu, Event.Cancel, State.Idle),
  row(State.Menu, Event.Timeout, State.Idle),
  row(State.Entry, Event.Digit, State.Entry),
  row(State.Entry, Event.Back, State.Entry),
  row(State.Entry, Event.Wanted, State.Entry),
  row(State.Entry, Event.Search, State.Entry, Record.None, Effect.Find),
  row(State.Entry, Event.Missing, State.Entry, Record.None, Effect.BeepError),
  row(State.Entry, Event.Amount, State.Amount),
  row(State.Entry, Event.Ready, State.Confirm),
  row(State.Entry, Event.Slip, State.Slip, Record.None, Effect.PrintSlip),
  row(State.Entry, Event.Query, State.Ask, Record.Query, Effect.Send),
  row(State.Entry, Event.Enter, State.Card),
  row(State.Entry, Event.Answered, State.Info),
  row(State.Entry, Event.Barred, State.Notice, Record.None, Effect.BeepError),
  row(State.Entry, Event.Cancel, State.Idle),
  row(State.Entry, Event.Timeout, State.Idle),
  row(State.Confirm, Event.Enter, State.Online, Record.Sale, Effect.Send),
  row(State.Confirm, Event.Settle, State.Settle, Record.Sale, Effect.Repeat),
  row(State.Confirm, Event.Stored, State.Stored, Record.Sale, Effect.PrintSlip | Effect.BeepOk),
  row(State.Confirm, Event.Barred, State.Notice, Record.None, Effect.BeepError),
  row(State.Confirm, Event.Cancel, State.Idle),
  row(State.Confirm, Event.Timeout, State.Idle),
  // The board has said how far it knows the way: from there on it is the host who has to be asked.
  row(State.Ask, Event.Query, State.Ask, Record.Query, Effect.Send),
  row(State.Ask, Event.Answered, State.Info),
  row(State.Ask, Event.NoAnswer, State.Info, Record.None, Effect.BeepError),
  row(State.Ask, Event.Unsent, State.Info, Record.None, Effect.BeepError),
  row(State.Ask, Event.Cancel, State.Idle),
  row(State.Ask, Event.Timeout, State.Info, Record.None, Effect.BeepError),
  row(State.Ask, Event.Lost, State.Dead, Record.None, Effect.BeepError),
  row(State.Info, Event.Enter, State.Idle),
  row(State.Info, Event.Cancel, State.Idle),
  row(State.Info, Event.Timeout, State.Idle),
  row(State.Slip, Event.Printed, State.Idle),
  row(State.Slip, Event.Stopped, State.Info, Record.None, Effect.BeepError),
  row(State.Slip, Event.Timeout, State.Info, Record.None, Effect.BeepError),

  // What the merchant answers for is taken without a link: the customer has a slip that says so, and it is repeated until it is answered.
  // A sale waits for its turn, and others may be taken; before anything else begins.
  row(State.Idle, Event.Forward, State.Idle, Record.Forward, Effect.Repeat),
  row(State.Undo, Event.Forward, State.Idle, Record.Forward, Effect.Repeat),
  row(State.Approved, Event.Forward, State.Idle, Record.Forward, Effect.Repeat),
  row(State.Stored, Event.Printed, State.Undo, Record.None, Effect.Repeat),
  row(State.Stored, Event.Stopped, State.Undo, Record.None, Effect.Repeat | Effect.BeepError),
  row(State.Stored, Event.Timeout, State.Undo, Record.None, Effect.Repeat),
  row(State.Stored, Event.Lost, State.Dead, Record.None, Effect.BeepError),

  // The batch: what was begun is repeated until the host has closed it, and no sale begins before. While records are uploaded the way
  // back is to ask again from the start; the host keeps what it has.
  row(State.Settle, Event.Closed, State.Print, Record.Closed, Effect.Print | Effect.BeepOk),
  row(State.Settle, Event.Differs, State.Upload, Record.None, Effect.Find),
  row(State.Settle, Event.Cancel, State.Idle),
  row(State.Settle, Event.Timeout, State.Idle),
  row(State.Settle, Event.Lost, State.Dead, Record.None, Effect.BeepError),
  row(State.Upload, Event.Next, State.Upload, Record.Query, Effect.Send),
  row(State.Upload, Event.Answered, State.Upload, Record.None, Effect.Find),
  row(State.Upload, Event.Uploaded, State.Settle, Record.Sale, Effect.Repeat),
  row(State.Upload, Event.Cancel, State.Idle, Record.None, Effect.Repeat),
  row(State.Upload, Event.Timeout, State.Idle, Record.None, Effect.Repeat),
  row(State.Upload, Event.Lost, State.Dead, Record.None, Effect.BeepError),

  // Operators. What is wrong stays here, and each try is in flash before anybody hears of its outcome (`operators`).
  row(State.Login, Event.Digit, State.Login),
  row(State.Login, Event.Back, State.Login),
  row(State.Login, Event.Wanted, State.Login),
  row(State.Login, Event.Search, State.Login, Record.None, Effect.Find),
  row(State.Login, Event.Missing, State.Login, Record.None, Effect.BeepError),
  row(State.Login, Event.LoggedIn, State.Idle, Record.None, Effect.BeepOk),
  row(State.Login, Event.Enter, State.Idle),
  row(State.Login, Event.Cancel, State.Idle),
  row(State.Login, Event.Timeout, State.Idle),
];

/** How long each state may stand, ms; 0: until something happens. Then Event.Timeout. */
export const TIMEOUTS_MS: readonly { readonly state: State; readonly waitMs: number }[] = [
  { state: State.Boot, waitMs: 1500 },
  { state: State.Idle, waitMs: 60000 },
  { state: State.Amount, waitMs: 60000 },
  { state: State.Card, waitMs: 60000 },
  // The link gives up first (`link`); this is the belt to its braces.
  { state: State.Online, waitMs: 60000 },
  { state: State.Undo, waitMs: 60000 },
  // As above: the printer driver bounds each line.
  { state: State.Print, waitMs: 120000 },
  { state: State.Paper, waitMs: 5000 },
  { state: State.Approved, waitMs: 30000 },
  { state: State.Declined, waitMs: 30000 },
  { state: State.Notice, waitMs: 15000 },
  { state: State.Offer, waitMs: 0 },
  { state: State.Dead, waitMs: 0 },
  // Between two keys; all of it is bounded too (`terminal`).
  { state: State.Pin, waitMs: 30000 },
  { state: State.OutOfStep, waitMs: 0 },
  { state: State.Again, waitMs: 60000 },
  { state: State.Menu, waitMs: 60000 },
  { state: State.Entry, waitMs: 60000 },
  { state: State.Confirm, waitMs: 60000 },
  { state: State.Ask, waitMs: 60000 },
  { state: State.Info, waitMs: 30000 },
  { state: State.Slip, waitMs: 120000 },
  // Then it goes on behind the first screen.
  { state: State.Settle, waitMs: 60000 },
  { state: State.Upload, waitMs: 60000 },
  { state: State.Stored, waitMs: 120000 },
  { state: State.Login, waitMs: 60000 },
];

/** Characters of the packed strings start here: printable, and no blank. */
export const BASE = 33;

function packed(code: number): string {
  if (code < 0 || code + BASE > 126) throw new Error(`machine table: ${code} does not fit a printable character`);
  return String.fromCharCode(code + BASE);
}

function rows(): string {
  const keys = new Set<string>();
  return MACHINE.map(({ state, event, next, record, effects }) => {
    const key = packed(state) + packed(event);
    if (keys.has(key)) throw new Error(`machine table: two rows for state ${state}, event ${event}`);
    keys.add(key);
    return ` ${key}${packed(next)}${record}${packed(effects)}`;
  }).join("");
}

/** Six characters a row: a blank, state, event, next state, record, effects. */
export const ROWS = rows();
/** Seconds a state may stand, in tenths, as four digits each. */
export const WAITS = TIMEOUTS_MS.map((each) => String(each.waitMs / 100).padStart(4, "0")).join("");
