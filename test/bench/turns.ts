/**
 * A run of the shipped bundle, recorded turn by turn on the simulated handheld and played once more on the bare engine, where each piece is
 * counted: a piece ends where the firmware asks its board for something, and with its turn.
 */
import { readFileSync } from "node:fs";
import { MAIN, splitParts } from "../../flash/parts";
import { BUNDLE } from "../../src/cli/world";
import { callText, type Engine, type Order } from "../../src/sim/engines/engine";
import { storing } from "../../src/sim/engines/espruino";
import { costsBetween } from "./meter";

/** To stand in the working directory of what is counted. */
export const BUNDLE_FILES = splitParts(readFileSync(BUNDLE, "latin1"));

export interface Turn {
  nowMs: number;
  happening: number;
  value: number;
  call: string;
  orders: Order[];
}

/** `engine`, and what it is asked and answers. */
export function recording(engine: Engine): { engine: Engine; turns: Turn[] } {
  const turns: Turn[] = [];
  const turn: Engine["turn"] = async (nowMs, happening, value, text) => {
    const orders = await engine.turn(nowMs, happening, value, text);
    turns.push({ nowMs, happening, value, call: callText(nowMs, happening, value, text), orders });
    return orders;
  };
  return { engine: { ...engine, turn }, turns };
}

/** The bundle from flash, as on a board. `isMarked`: an expression of the line `l` that leaves, true where a piece ends. */
export function bundleProgram(isMarked: string, before: string, turns: readonly Turn[]): string {
  return `var io={tx:function(l){if(${isMarked})mark()}};
${storing([...BUNDLE_FILES.keys()])}
${before}
${turns.map(({ call }) => `mark();${call};`).join("\n")}
mark();`;
}

/** For each turn the costs of its pieces: one before each order, and what comes after the last. */
export function costsOf(turns: readonly Turn[]): { boot: number; turns: number[][] } {
  const load = `mark();eval(require("Storage").read("${MAIN}"));`;
  const [boot = 0, ...costs] = costsBetween(bundleProgram(`l!=="."`, load, turns), BUNDLE_FILES);
  return { boot, turns: turns.map(({ orders }) => costs.splice(0, orders.length + 1)) };
}
