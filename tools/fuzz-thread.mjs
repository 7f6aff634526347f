/** The thread of `tools/fuzz.mjs` that plays: targets in turns, a slice of time each, so that a short run reaches all of them. */
import { parentPort, workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

const SLICE_MS = 1000;

register();
const { loadTarget, play, seedAt, targetNames } = await import("../test/fuzz/runner.ts");
const { seconds, seed, inputs, only, folder, beat } = workerData;

const names = targetNames(folder).filter((name) => only === null || name === only);
if (names.length === 0) throw new Error(`no fuzz target ${only ?? ""} in ${folder}`);
const states = [];
for (const [number, name] of names.entries()) {
  states.push({ number, target: await loadTarget(name, folder), next: seed, isFailed: false });
}
parentPort.postMessage({ names });

function turn(state, inputsMax, endMs) {
  Atomics.store(beat, 2, state.number);
  const onInput = (own) => {
    Atomics.store(beat, 1, own | 0);
    Atomics.add(beat, 0, 1);
  };
  const result = play(state.target, state.next, inputsMax, onInput, () => Date.now() >= endMs);
  state.next = seedAt(state.next, result.inputs);
  state.isFailed = result.failure !== null;
  parentPort.postMessage({ name: state.target.name, ...result });
}

if (inputs !== null) {
  for (const state of states) turn(state, inputs, Number.POSITIVE_INFINITY);
} else {
  const endMs = Date.now() + seconds * 1000;
  for (let left = states; left.length > 0 && Date.now() < endMs; left = left.filter(({ isFailed }) => !isFailed)) {
    const sliceMs = Math.min(SLICE_MS, (endMs - Date.now()) / left.length);
    for (const state of left) turn(state, Number.POSITIVE_INFINITY, Date.now() + sliceMs);
  }
}
