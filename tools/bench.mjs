/**
 * `npm run bench`: speed of the wire against its goals, on the bare engines that are here and on Node. On engines instructions are counted
 * where valgrind is, else time is taken, which is good for ratios only.
 *
 *   --engine NAME  espruino, jerryscript or node alone
 *   --json         one JSON object a line instead of the table
 *
 * Goals in instructions are for an engine that is built like a board's (Espruino: RELEASE=1, -Og); the stock Linux build executes 1.6 to 2
 * times as many. Ratios hold for both. Always ends with 0: a slow machine is no fault.
 */
import { parseArgs } from "node:util";
import { ensureInstalled, orStop } from "./setup.mjs";

const OPTIONS = { engine: { type: "string" }, json: { type: "boolean" } };

/** Three digits that count. */
function shown(value) {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));
}

export function line({ id, what, value, unit, goal, better, engine }) {
  const wanted = goal === null ? "" : `${better === "more" ? ">=" : "<="} ${shown(goal)}`;
  const isMet = better === "more" ? value >= goal : value <= goal;
  const verdict = goal === null ? "" : isMet ? "met" : "missed";
  return `${id}  ${engine.padEnd(11)} ${what.padEnd(54)} ${shown(value).padStart(12)} ${unit.padEnd(24)} ${wanted.padEnd(13)} ${verdict}`.trimEnd();
}

export function jsonLine({ id, what, value, unit, goal, engine }) {
  return JSON.stringify({ id, what, value: Number(value.toPrecision(6)), unit, goal, engine });
}

await orStop(async () => {
  const { values } = parseArgs({ options: OPTIONS });
  if (![undefined, "espruino", "jerryscript", "node"].includes(values.engine))
    throw new Error(`--engine ${values.engine}: known are espruino, jerryscript and node.`);
  ensureInstalled();
  const { register } = await import("tsx/esm/api");
  register();
  const { bench } = await import("../test/bench/bench.ts");
  const { enginesHere, hasValgrind } = await import("../test/bench/meter.ts");
  const engines = values.engine ? enginesHere.filter((each) => each === values.engine) : enginesHere;
  if (!values.json && !hasValgrind) process.stdout.write("No valgrind here: times instead of instructions.\n");
  await bench(engines, (rows) => {
    for (const row of rows) process.stdout.write(`${(values.json ? jsonLine : line)(row)}\n`);
  });
});
