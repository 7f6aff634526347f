/**
 * `npm run fuzz -- --minutes N`: plays the fuzz targets of `test/fuzz` in turns until the time is over, each input with a seed of its own.
 * Ends with 1 when an input failed or hung, and says how to play that one again.
 *
 *   --minutes N    how long (1)
 *   --only NAME    this target alone
 *   --seed S       seed of the first input (a new one each time)
 *   --inputs N     so many inputs of each target instead of a time
 *   --patience S   seconds after which one input has hung (10)
 *   --folder PATH  where the targets are (test/fuzz)
 *   --json         one JSON object a line instead of the table
 */
import { randomInt } from "node:crypto";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { ensureInstalled, ROOT } from "./setup.mjs";

/** Goal of RELIABILITY.md Q4, inputs of each parser. */
const GOAL_INPUTS = 10_000_000;
const OPTIONS = {
  minutes: { type: "string" },
  only: { type: "string" },
  seed: { type: "string" },
  inputs: { type: "string" },
  patience: { type: "string" },
  folder: { type: "string" },
  json: { type: "boolean" },
};

function numberOf(name, text, fallback) {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} takes a number, not ${text}`);
  return value;
}

function readArguments() {
  const { values } = parseArgs({ options: OPTIONS });
  return {
    seconds: numberOf("minutes", values.minutes, 1) * 60,
    seed: numberOf("seed", values.seed, randomInt(2 ** 32 - 1)),
    inputs: values.inputs === undefined ? null : numberOf("inputs", values.inputs),
    patienceMs: numberOf("patience", values.patience, 10) * 1000,
    only: values.only ?? null,
    folder: resolve(values.folder ?? join(ROOT, "test", "fuzz")),
    isJson: values.json ?? false,
  };
}

/**
 * Plays in a thread of its own: `beat` is a count that moves with every input, the input's seed and the target's number, so that a thread
 * that hangs still tells what it was doing.
 */
function playInThread(wanted) {
  const beat = new Int32Array(new SharedArrayBuffer(12));
  const worker = new Worker(new URL("./fuzz-thread.mjs", import.meta.url), { workerData: { ...wanted, beat } });
  const outcomes = new Map();
  return new Promise((done, fail) => {
    let isStarted = false;
    let lastCount = -1;
    let lastMoveMs = Date.now();
    const watch = setInterval(() => {
      const count = Atomics.load(beat, 0);
      if (!isStarted || count !== lastCount) {
        lastCount = count;
        lastMoveMs = Date.now();
      } else if (Date.now() - lastMoveMs > wanted.patienceMs) {
        clearInterval(watch);
        const name = [...outcomes.keys()][Atomics.load(beat, 2)];
        const message = `no end within ${wanted.patienceMs / 1000} s`;
        outcomes.set(name, { ...outcomes.get(name), failure: { seed: Atomics.load(beat, 1) >>> 0, message } });
        void worker.terminate().then(() => done(outcomes));
      }
    }, 250);
    worker.on("message", ({ names, name, inputs, failure }) => {
      if (names) for (const each of names) outcomes.set(each, { inputs: 0, failure: null });
      isStarted = true;
      if (name) outcomes.set(name, { inputs: outcomes.get(name).inputs + inputs, failure });
    });
    worker.on("error", fail);
    worker.on("exit", () => {
      clearInterval(watch);
      done(outcomes);
    });
  });
}

function jsonLines(outcomes) {
  return [...outcomes]
    .flatMap(([name, { inputs, failure }]) => [
      { id: "Q4", what: `fuzz ${name}: inputs`, value: inputs, unit: "inputs", goal: GOAL_INPUTS, engine: "node" },
      { id: "Q4", what: `fuzz ${name}: uncaught`, value: failure ? 1 : 0, unit: "failures", goal: 0, engine: "node" },
    ])
    .map((line) => JSON.stringify(line));
}

function table(outcomes, seed) {
  const width = Math.max(...[...outcomes.keys()].map((name) => name.length));
  const rows = [...outcomes].map(
    ([name, { inputs, failure }]) =>
      `  ${name.padEnd(width)} ${String(inputs).padStart(11)} inputs, ${failure ? 1 : 0} failed`,
  );
  return [`Fuzzed from seed ${seed}:`, ...rows];
}

async function main() {
  ensureInstalled();
  const wanted = readArguments();
  const outcomes = await playInThread(wanted);
  process.stdout.write(`${(wanted.isJson ? jsonLines(outcomes) : table(outcomes, wanted.seed)).join("\n")}\n`);
  for (const [name, { failure }] of outcomes) {
    if (!failure) continue;
    process.stderr.write(
      `\n${name} failed on seed ${failure.seed}: ${failure.message}\n` +
        `Again: npm run fuzz -- --only ${name} --seed ${failure.seed} --inputs 1\n`,
    );
    process.exitCode = 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
