/** What the bundle takes: bytes by module, and an engine's memory in a sale. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decodedMappings, TraceMap } from "@jridgewell/trace-mapping";
import { BUNDLE } from "../../src/cli/world";
import type { EngineName } from "../../src/sim/engines/engine";
import type { PanelName } from "../../src/sim/twins/panel";
import { COLOUR_HEAP_BYTES, hasEspruino, hasJerry, hasJerryColour } from "../engines";
import { ROOT } from "../guards/tool";
import { type Played, playOn, type SharedHost } from "../world";

/** Bytes of each source in the bundle's one line, the largest first. What stands between two marks of the map belongs to the first. */
export function bytesBySource(): [source: string, byteCount: number][] {
  const code = readFileSync(BUNDLE, "utf8");
  const trace = new TraceMap(readFileSync(`${BUNDLE}.map`, "utf8"));
  const marks = decodedMappings(trace)[0] ?? [];
  const counts = new Map<string, number>();
  marks.forEach(([column, sourceIndex], index) => {
    const source = (sourceIndex === undefined ? null : trace.sources[sourceIndex]) ?? "no source";
    const path = source.replace(/^(\.\.\/)+/, "");
    counts.set(path, (counts.get(path) ?? 0) + (marks[index + 1]?.[0] ?? code.length) - column);
  });
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** Of it what is read at power-on: all but the parts that are read on first use. */
export function bootBytes(): number {
  return bytesBySource()
    .filter(([source]) => !source.endsWith(".lazy.ts"))
    .reduce((sum, [, byteCount]) => sum + byteCount, 0);
}

const SCRIPTS = join(ROOT, "test", "scripts");
const SALE = readFileSync(join(SCRIPTS, "sale.ndjson"), "utf8");
const TOUCH_FOLDER = join(SCRIPTS, "touch");
const TOUCHED = readFileSync(join(TOUCH_FOLDER, "sale.ndjson"), "utf8");
/** One card of either way of asking: records and GENERATE AC, then a cryptogram with the options. */
const TAP = `
{"keys":["1","2","5","0","E"]}
{"tap":"../cards/mastercard.json"}
{"settle":true}
{"expect":{"display":"APPROVED"}}
{"untap":true}
{"keys":["1","2","5","0","E"]}
{"tap":"../cards/visa.json"}
{"settle":true}
{"expect":{"display":"APPROVED"}}
`;

export interface MemoryCase {
  what: string;
  engine: EngineName;
  panel?: PanelName;
  script: string;
  scriptFolder?: string;
  max: number;
  isHere: boolean;
}

/** With the contactless reader and its card; a board with its radio has 4,500. */
const TAP_JSVARS_MAX = 3_300;
/** All that a board has; here the dots on their way to the simulator are counted, too. */
const PANEL_JSVARS_MAX = 4_500;
const JSVARS_MAX = 3_000;
const JERRY_BYTES_MAX = 256_000;
/** The engine on the board counts more of smaller ones. */
const isStockHere = hasEspruino && !process.env.ESPRUINO;

export const MEMORY_CASES: readonly MemoryCase[] = [
  { what: "peak", engine: "espruino", script: SALE, max: JSVARS_MAX, isHere: hasEspruino },
  { what: "peak, tap", engine: "espruino", script: TAP, max: TAP_JSVARS_MAX, isHere: isStockHere },
  ...(["oled", "tft", "touch"] as const).map((panel) => ({
    ...{ what: `peak, ${panel}`, engine: "espruino" as const, panel, max: PANEL_JSVARS_MAX, isHere: isStockHere },
    ...(panel === "touch" ? { script: TOUCHED, scriptFolder: TOUCH_FOLDER } : { script: SALE }),
  })),
  { what: "heap, peak", engine: "jerryscript", script: SALE, max: JERRY_BYTES_MAX, isHere: hasJerry },
  {
    ...{ what: "heap, peak, tft", engine: "jerryscript", panel: "tft", script: SALE },
    ...{ max: COLOUR_HEAP_BYTES, isHere: hasJerryColour },
  },
];

/** Memory at the end of the case and at its peak, null where the engine does not count it; and what happened. */
export async function memoryIn(
  shared: SharedHost,
  { engine, panel, script, scriptFolder }: MemoryCase,
): Promise<Pick<Played, "memory" | "events">> {
  const { memory, events, failure } = await playOn(shared, script, { engine, panel, scriptFolder, withMemory: true });
  if (failure) throw new Error(`the sale whose memory is measured: ${failure}`);
  return { memory, events };
}
