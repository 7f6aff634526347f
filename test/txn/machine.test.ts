/** The machine's table as a whole: every pair decided, money states bounded, every state reached and able to go home. */
import { expect, test } from "vitest";
import { MACHINE, type Row, ROWS, TIMEOUTS_MS } from "../../src/txn/machine.table";
import { Event, openTerminal, type State } from "../../src/txn/state";
import { rowEffects, step, waitMs } from "../../src/txn/step";
import { EVENTS, RULES, STATES } from "./machine-rules";

const find = (state: State, event: Event): Row | undefined =>
  MACHINE.find((row) => row.state === state && row.event === event);

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

test.each(Object.keys(RULES))("%s", (name) => {
  RULES[name]?.(MACHINE);
});
