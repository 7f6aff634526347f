/** What must hold of the machine's table as a whole, of this one or of one that was changed (`tools/mutate`). Each throws when it does not. */
import assert from "node:assert/strict";
import type { Row } from "../../src/txn/machine.table";
import { Record } from "../../src/txn/record";
import { Effect, Event, EVENT_COUNT, State, STATE_COUNT } from "../../src/txn/state";

export const STATES = Array.from({ length: STATE_COUNT }, (_, state) => state as State);
export const EVENTS = Array.from({ length: EVENT_COUNT }, (_, event) => event as Event);

/** What a row does besides a beep. */
const act = ({ effects }: Row): number => effects - (effects & Effect.Beeps);
/** The printer begins again. */
const PAPER: State[] = [State.Paper, State.Offer];
/** Nothing waits in them: a key or the time ends them. */
const KEEPS_NOTHING: Record[] = [Record.None];

/** States from which `goal` can be reached by the events given. */
function ableToReach(rows: readonly Row[], goal: State, events: readonly Event[]): Set<State> {
  const able = new Set([goal]);
  for (let size = 0; size !== able.size;) {
    size = able.size;
    for (const { state, event, next } of rows) if (events.includes(event) && able.has(next)) able.add(state);
  }
  return able;
}

const has = (rows: readonly Row[], state: State, event: Event) =>
  rows.some((row) => row.state === state && row.event === event);

export const RULES: Readonly<{ [name: string]: (rows: readonly Row[]) => void }> = {
  "nothing is sent before the journal knows": (rows) => {
    for (const row of rows) {
      const records = row.next === State.Idle ? [Record.Key] : [Record.Sale, Record.Query];
      if (act(row) === Effect.Send) assert(records.includes(row.record), `state ${row.state}, event ${row.event}`);
    }
  },
  "what was journalled to be sent is sent": (rows) => {
    for (const row of rows) {
      const isToSend = [Record.Sale, Record.Query, Record.Key].includes(row.record);
      // What is taken without a link is sent when its slip is printed.
      if (isToSend && row.next !== State.Stored)
        assert([Effect.Send, Effect.Repeat].includes(act(row)), `state ${row.state}, event ${row.event}`);
      if (row.state === State.Stored && row.event !== Event.Lost) assert.equal(act(row), Effect.Repeat);
    }
    for (const event of [Event.Printed, Event.Stopped, Event.Timeout])
      assert(has(rows, State.Stored, event), `stored, event ${event}`);
  },
  "nothing is printed as approved before the journal knows": (rows) => {
    for (const row of rows.filter(({ state, next }) => next === State.Print && !PAPER.includes(state)))
      assert.equal(row.record, row.event === Event.Closed ? Record.Closed : Record.Approved);
  },
  "printing begins where its state does": (rows) => {
    for (const row of rows) {
      if (row.next === State.Print) assert.equal(act(row), Effect.Print, `state ${row.state}, event ${row.event}`);
      if ([State.Slip, State.Stored].includes(row.next))
        assert.equal(act(row), Effect.PrintSlip, `state ${row.state}, event ${row.event}`);
    }
  },
  "an outcome is journalled wherever it is heard": (rows) => {
    const records: [Event, readonly Record[]][] = [
      [Event.Approved, [Record.Approved]],
      [Event.Declined, [Record.Declined]],
      [Event.Undone, [Record.Undone]],
      [Event.Closed, [Record.Closed]],
      [Event.Printed, [Record.Printed]],
    ];
    for (const [event, wanted] of records) {
      // A copy or a report is owed to nobody, and the slip of what waits for its link is not the last one.
      for (const row of rows.filter((each) => each.event === event && ![State.Slip, State.Stored].includes(each.state)))
        assert(wanted.includes(row.record), `state ${row.state}, event ${event}`);
    }
    const heard = [State.Idle, State.Undo];
    for (const state of heard) {
      for (const event of [Event.Approved, Event.Declined, Event.Undone])
        assert(has(rows, state, event), `state ${state} does not hear event ${event}`);
    }
    for (const state of [State.Idle, State.Settle])
      for (const event of [Event.Closed, Event.Differs])
        assert(has(rows, state, event), `state ${state} does not hear event ${event}`);
  },
  "while the outcome is not known there is no way out but an outcome or a reversal": (rows) => {
    for (const row of rows.filter(({ state }) => state === State.Online)) {
      const isOutcome = [Record.Approved, Record.Declined, Record.Unsent].includes(row.record);
      assert(isOutcome || act(row) === Effect.Repeat || row.event === Event.Lost, `event ${row.event}`);
    }
    for (const event of [Event.Cancel, Event.Timeout, Event.NoAnswer])
      assert(has(rows, State.Online, event), `event ${event} has no row while a request is out`);
  },
  "a sale is closed as undone only when the host said so": (rows) => {
    for (const row of rows) if (row.record === Record.Undone) assert.equal(row.event, Event.Undone);
  },
  "a new sale begins only where none is open": (rows) => {
    const beginners = rows
      .filter(({ next, state }) => next === State.Amount && state !== State.Amount)
      .map(({ state }) => state);
    assert.deepEqual(
      [...new Set(beginners)].sort((a, b) => a - b),
      [State.Idle, State.Approved, State.Declined, State.Notice, State.Menu, State.Entry],
    );
  },
  "where a sale can begin, a full batch, another batch and the menu are met alike": (rows) => {
    const wanted: [Event, State][] = [
      [Event.Digit, State.Amount],
      [Event.Full, State.Confirm],
      [Event.OutOfStep, State.OutOfStep],
      [Event.Menu, State.Menu],
      [Event.Login, State.Login],
    ];
    for (const state of [State.Idle, State.Approved, State.Declined, State.Notice]) {
      for (const [event, next] of wanted)
        assert(
          rows.some((row) => row.state === state && row.event === event && row.next === next),
          `state ${state}, event ${event}`,
        );
    }
  },
  "a login ends at home or stays, and moves neither money nor paper": (rows) => {
    for (const row of rows.filter(({ state }) => state === State.Login)) {
      assert([State.Login, State.Idle].includes(row.next), `event ${row.event}`);
      assert.equal(row.record, Record.None, `event ${row.event}`);
      assert([Effect.None, Effect.Find].includes(act(row)), `event ${row.event}`);
    }
    for (const row of rows.filter(({ event }) => event === Event.LoggedIn)) assert.equal(row.state, State.Login);
  },
  "every state that writes can learn that the journal is lost, and then is out of service": (rows) => {
    for (const row of rows) {
      if (!KEEPS_NOTHING.includes(row.record) && row.next !== State.Dead)
        assert(has(rows, row.next, Event.Lost), `state ${row.next}`);
      if (row.event === Event.Lost) assert.equal(row.next, State.Dead, `state ${row.state}`);
    }
    // What power-on found is told there, and a receipt that is offered may be waived.
    for (const state of [State.Boot, State.Offer, State.Paper, State.Pin, State.Undo])
      assert(has(rows, state, Event.Lost), `state ${state}`);
  },
  "C leads out of every screen that waits for a person, and home but where money or paper is in hand": (rows) => {
    const elsewhere: { [state: number]: State } = {
      [State.Card]: State.Notice,
      [State.Pin]: State.Notice,
      [State.Again]: State.Notice,
      [State.Online]: State.Undo,
      [State.Paper]: State.Approved,
      [State.Dead]: State.Boot,
    };
    const hasNoKeys = [State.Boot, State.Idle, State.Print, State.Slip, State.Stored];
    for (const state of STATES.filter((each) => !hasNoKeys.includes(each))) {
      const row = rows.find((each) => each.state === state && each.event === Event.Cancel);
      assert.equal(row?.next, elsewhere[state] ?? State.Idle, `state ${state}`);
    }
  },
  "every state is reached, and every state can go home": (rows) => {
    const reached = new Set([State.Boot]);
    for (let size = 0; size !== reached.size;) {
      size = reached.size;
      for (const { state, next } of rows) if (reached.has(state)) reached.add(next);
    }
    assert.deepEqual(
      [...reached].sort((a, b) => a - b),
      STATES,
    );
    const home = ableToReach(rows, State.Idle, EVENTS);
    for (const state of STATES) assert(home.has(state), `state ${state}`);
  },
  "keys and time alone lead home from every screen but those that wait for the host or the journal": (rows) => {
    const home = ableToReach(rows, State.Idle, [Event.Cancel, Event.Enter, Event.Timeout]);
    assert.deepEqual(
      STATES.filter((state) => !home.has(state)),
      [State.Boot, State.Dead],
    );
  },
  "bad news is heard, and good news of money too": (rows) => {
    const isBad = (event: Event) =>
      [Event.Declined, Event.Barred, Event.Unread, Event.NoAnswer, Event.Unsent, Event.Lost, Event.NoPin].includes(
        event,
      ) || [Event.Busy, Event.Full, Event.OutOfStep, Event.Missing, Event.Stopped].includes(event);
    for (const row of rows) {
      const beep = row.effects & Effect.Beeps;
      // A receipt that stopped has said so once.
      if (isBad(row.event) && !(row.state === State.Paper && row.event === Event.Stopped))
        assert.equal(beep, Effect.BeepError, `state ${row.state}, event ${row.event}`);
      if ([Event.Approved, Event.Undone, Event.Closed].includes(row.event))
        assert.equal(beep, Effect.BeepOk, `state ${row.state}, event ${row.event}`);
    }
  },
};
