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

export const hasEspruino = isThere(process.env.ESPRUINO ?? "espruino");
export const hasJerry = isThere(process.env.JERRY ?? "jerry");

/** The bare engines, and whether they can run here. */
export const BARE_ENGINES: readonly { name: EngineName; isHere: boolean }[] = [
  { name: "espruino", isHere: hasEspruino },
  { name: "jerryscript", isHere: hasJerry },
];
