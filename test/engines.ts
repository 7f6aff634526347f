/** The engines of this machine. Those that are not here are skipped, and the run says so. */
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

/** What starts them. */
export const COMMANDS = { espruino: ESPRUINO, jerryscript: JERRY } as const;

/** A plain line for each engine that is not here, for the end of the run. */
export const SKIPPED_ENGINES: readonly string[] = [ESPRUINO, JERRY]
  .filter((command) => !isThere(command))
  .map((command) => `${command}: ${command.includes("/") ? "not there" : "not on PATH"}, engine tests skipped`);

/** The bare engines, and whether they can run here. */
export const BARE_ENGINES: readonly { name: EngineName; isHere: boolean }[] = [
  { name: "espruino", isHere: hasEspruino },
  { name: "jerryscript", isHere: hasJerry },
];
