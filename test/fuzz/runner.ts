/**
 * Plays fuzz targets. A target is a file `NAME.fuzz.ts` that exports `fuzz(random)`: it makes one input of the random numbers that it
 * draws, gives it to the code under test, and throws when something is wrong. Input i of a run has the seed of the run plus i, so
 * any one of them can be played again alone.
 */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { seededNumbers } from "../../src/sim/random";

export type Random = (below: number) => number;
export type Fuzz = (random: Random) => void;

export const FOLDER = import.meta.dirname;
const ENDING = ".fuzz.ts";

export interface Target {
  name: string;
  fuzz: Fuzz;
}

export interface Failure {
  seed: number;
  message: string;
}

export function targetNames(folder = FOLDER): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => basename(name, ENDING))
    .sort();
}

export async function loadTarget(name: string, folder = FOLDER): Promise<Target> {
  const { fuzz } = (await import(pathToFileURL(join(folder, name + ENDING)).href)) as Partial<{ fuzz: Fuzz }>;
  if (typeof fuzz !== "function") throw new Error(`${name}${ENDING} exports no function fuzz(random)`);
  return { name, fuzz };
}

/** How one input is played again. */
export function replayCommand(name: string, seed: number): string {
  return `npm run fuzz -- --only ${name} --seed ${seed} --inputs 1`;
}

/** Seeds are of 32 bits and go round. */
export function seedAt(seed: number, index: number): number {
  return (seed + index) >>> 0;
}

/** Plays inputs until there were `inputs`, or `isOver` says so, or one fails. `onInput` hears of each before it is played. */
export function play(
  { fuzz }: Target,
  seed: number,
  inputs: number,
  onInput: (seed: number) => void = () => undefined,
  isOver: () => boolean = () => false,
): { inputs: number; failure: Failure | null } {
  for (let index = 0; index < inputs; index++) {
    const own = seedAt(seed, index);
    onInput(own);
    try {
      fuzz(seededNumbers(own));
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { inputs: index + 1, failure: { seed: own, message } };
    }
    // The clock costs more than many an input.
    if (index % 256 === 255 && isOver()) return { inputs: index + 1, failure: null };
  }
  return { inputs, failure: null };
}
