/** The machine's table as a whole: every pair decided, money states bounded, every state reached and able to go home. */
import { describe, expect, test } from "vitest";
import { MACHINE, type Row, ROWS, TIMEOUTS_MS } from "../../src/txn/machine.table";
import { Record } from "../../src/txn/record";
import { Effect, Event, EVENT_COUNT, openTerminal, State, STATE_COUNT } from "../../src/txn/state";
import { rowEffects, step, waitMs } from "../../src/txn/step";

const STATES = Array.from({ length: STATE_COUNT }, (_, state) => state as State);
const EVENTS = Array.from({ length: EVENT_COUNT }, (_, event) => event as Event);
const find = (state: State, event: Event): Row | undefined =>
  MACHINE.find((row) => row.state === state && row.event === event);

/** What a row does besides a beep. */
const act = ({ effects }: Row): number => effects - (effects & Effect.Beeps);
/** The printer begins again. */
const PAPER: State[] = [State.Paper, State.Offer];

/** States from which `goal` can be reached by the events given. */
function ableToReach(goal: State, events: readonly Event[]): Set<State> {
  const able = new Set([goal]);
  for (let size = 0; size !== able.size;) {
    size = able.size;
    for (const { state, event, next } of MACHINE) if (events.includes(event) && able.has(next)) able.add(state);
  }
  return able;
}

test("the packed table says what the rows say, for every pair", () => {
  expect(ROWS.length).toBe(6 * MACHINE.length);
  for (const state of STATES) {
    for (const event of EVENTS) {
      const terminal = { ...openTerminal(), state };
      const row = step(terminal, event);
      const wanted = find(state, event);
      expect(row !== "").toBe(wanted !== undefined);
      expect(terminal.state).toBe(wanted?.next ?? state);
      if (wanted) expect([row.charAt(1), rowEffects(row)]).toEqual([wanted.record, wanted.effects]);
    }
  }
});

test("every state has its time", () => {
  expect(TIMEOUTS_MS.map(({ state }) => state)).toEqual(STATES);
  for (const { state, waitMs: wanted } of TIMEOUTS_MS) {
    expect(waitMs(state)).toBe(wanted);
    if (wanted > 0)
      expect(find(state, Event.Timeout), `state ${state} has a time and no row for its end`).toBeDefined();
  }
});

describe("money", () => {
  test("nothing is sent before the journal knows", () => {
    for (const row of MACHINE) {
      const records = row.next === State.Idle ? [Record.Key] : [Record.Sale, Record.Query];
      if (act(row) === Effect.Send) expect(records).toContain(row.record);
    }
  });

  test("nothing is printed as approved before the journal knows", () => {
    for (const row of MACHINE.filter(({ state, next }) => next === State.Print && !PAPER.includes(state))) {
      expect(row.record).toBe(row.event === Event.Closed ? Record.Closed : Record.Approved);
    }
  });

  test("while the outcome is not known there is no way out but an outcome or a reversal", () => {
    for (const row of MACHINE.filter(({ state }) => state === State.Online)) {
      const isOutcome = ([Record.Approved, Record.Declined, Record.Unsent] as string[]).includes(row.record);
      expect(isOutcome || act(row) === Effect.Repeat || row.event === Event.Lost, `event ${row.event}`).toBe(true);
    }
  });

  test("a sale is closed as undone only when the host said so", () => {
    for (const row of MACHINE) if (row.record === Record.Undone) expect(row.event).toBe(Event.Undone);
  });

  test("a new sale begins only where none is open", () => {
    const beginners = MACHINE.filter(({ next, state }) => next === State.Amount && state !== State.Amount).map(
      ({ state }) => state,
    );
    expect([...new Set(beginners)].sort((a, b) => a - b)).toEqual([
      State.Idle,
      State.Approved,
      State.Declined,
      State.Notice,
      State.Menu,
      State.Entry,
    ]);
  });

  test("every state that writes can learn that the journal is lost", () => {
    for (const row of MACHINE) {
      if (row.record !== Record.None && row.next !== State.Dead)
        expect(find(row.next, Event.Lost), `state ${row.next}`).toBeDefined();
    }
  });
});

test("every state is reached, and every state can go home", () => {
  const reached = new Set([State.Boot]);
  for (let size = 0; size !== reached.size;) {
    size = reached.size;
    for (const { state, next } of MACHINE) if (reached.has(state)) reached.add(next);
  }
  expect([...reached].sort((a, b) => a - b)).toEqual(STATES);
  const home = ableToReach(State.Idle, EVENTS);
  for (const state of STATES) expect(home.has(state), `state ${state}`).toBe(true);
});

test("keys and time alone lead home from every screen but those that wait for the host or the journal", () => {
  const home = ableToReach(State.Idle, [Event.Cancel, Event.Enter, Event.Timeout]);
  const stuck = STATES.filter((state) => !home.has(state));
  expect(stuck).toEqual([State.Boot, State.Dead]);
});
