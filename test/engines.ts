/** The engines of this machine. Those that are not here are skipped, and the run says so. */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { EngineName } from "../src/sim/engines/engine";

function isThere(command: string): boolean {
  const places = command.includes("/")
    ? [command]
    : (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, command));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const ESPRUINO = process.env.ESPRUINO ?? "espruino";
const JERRY = process.env.JERRY ?? "jerry";
export const hasEspruino = isThere(ESPRUINO);
export const hasJerry = isThere(JERRY);

/** What the colour panels' glyphs need besides: JerryScript keeps every string in its heap, where Espruino reads them from flash. */
export const COLOUR_HEAP_BYTES = 300_000;
const COLOUR_HEAP_PROBE = `for(var all=[];all.length<${COLOUR_HEAP_BYTES / 1000};)all.push("x".repeat(995)+all.length);print("fits")\n`;
/** False where the engine was built with a smaller heap. */
export const hasJerryColour =
  hasJerry && spawnSync(JERRY, ["--no-prompt"], { input: COLOUR_HEAP_PROBE }).stdout.includes("fits");

/** What starts them. */
export const COMMANDS = { espruino: ESPRUINO, jerryscript: JERRY } as const;

/** A plain line for each engine that is not here, for the end of the run. */
export const SKIPPED_ENGINES: readonly string[] = [ESPRUINO, JERRY]
  .filter((command) => !isThere(command))
  .map((command) => `${command}: ${command.includes("/") ? "not there" : "not on PATH"}, engine tests skipped`)
  .concat(
    hasJerry && !hasJerryColour
      ? [`${JERRY}: its heap is below ${COLOUR_HEAP_BYTES} bytes, tests with a colour panel skipped`]
      : [],
  );

/** The bare engines, and whether they can run here. */
export const BARE_ENGINES: readonly { name: EngineName; isHere: boolean }[] = [
  { name: "espruino", isHere: hasEspruino },
  { name: "jerryscript", isHere: hasJerry },
];
