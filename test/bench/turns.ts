/**
 * A run of the shipped bundle, recorded turn by turn on the simulated handheld and played once more on the bare engine, where each piece is
 * counted: a piece ends where the firmware asks its board for something, and with its turn.
 */
import { readFileSync } from "node:fs";
import { MAIN, splitParts } from "../../flash/parts";
import { BUNDLE } from "../../src/cli/world";
import { callText, type Engine, type Order } from "../../src/sim/engines/engine";
import { storing } from "../../src/sim/engines/espruino";
import { JERRY_BYTES, jerryText } from "../../src/sim/engines/jerryscript";
import { type BareEngine, costsBetween, jerryCostsBetween } from "./meter";

/** To stand in the working directory of what is counted. */
export const BUNDLE_FILES = splitParts(readFileSync(BUNDLE, "latin1"));

export interface Turn {
  nowMs: number;
  happening: number;
  value: number;
  text: string;
  orders: Order[];
}

/** `engine`, and what it is asked and answers. */
export function recording(engine: Engine): { engine: Engine; turns: Turn[] } {
  const turns: Turn[] = [];
  const turn: Engine["turn"] = async (nowMs, happening, value, text) => {
    const orders = await engine.turn(nowMs, happening, value, text);
    turns.push({ nowMs, happening, value, text, orders });
    return orders;
  };
  return { engine: { ...engine, turn }, turns };
}

/** The bundle from flash, as on a board. `isMarked`: an expression of the line `l` that leaves, true where a piece ends. */
export function bundleProgram(isMarked: string, before: string, turns: readonly Turn[]): string {
  return `var io={tx:function(l){if(${isMarked})mark()}};
${storing([...BUNDLE_FILES.keys()])}
${before}
${turns.map(({ nowMs, happening, value, text }) => `mark();${callText(nowMs, happening, value, text)};`).join("\n")}
mark();`;
}

/** The same on JerryScript, as programs one after the other. What a turn is told is made before it begins. */
function jerryPrograms(turns: readonly Turn[]): string[] {
  return [
    `var told,io={tx:function(l){if(l!==".")mark()},${JERRY_BYTES}};mark();`,
    readFileSync(BUNDLE, "latin1"),
    ...turns.map(
      ({ nowMs, happening, value, text }) =>
        `told=${jerryText(text)};gc();mark();io.rx(${nowMs},${happening},${value},told)`,
    ),
    "mark()",
  ];
}

/** For each turn the costs of its pieces: one before each order, and what comes after the last. */
export function costsOf(engine: BareEngine, turns: readonly Turn[]): { boot: number; turns: number[][] } {
  const load = `mark();eval(require("Storage").read("${MAIN}"));`;
  const [boot = 0, ...costs] =
    engine === "espruino"
      ? costsBetween(bundleProgram(`l!=="."`, load, turns), BUNDLE_FILES)
      : jerryCostsBetween(jerryPrograms(turns));
  const pieces = turns.map(({ orders }) => costs.splice(0, orders.length + 1));
  if (costs.length > 0 || pieces.at(-1)?.length === 0) throw new Error("marks and orders are not as many");
  return { boot, turns: pieces };
}
