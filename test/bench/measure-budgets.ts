/** Measures all that `budgets.json` has: bytes always, memory and instructions on the engines that are here. */
import { readFileSync } from "node:fs";
import { BUNDLE } from "../../src/cli/world";
import { makeTemplate } from "../../src/host/pglite";
import { hasEspruino, hasJerry } from "../engines";
import { openSharedHost } from "../world";
import { frameRows, messageRows, type Row, saleRows, sealRows, tapRows } from "./bench";
import { type Budget, budgetEngine } from "./budgets";
import { type BareEngine, enginesHere, hasValgrind } from "./meter";
import { bootBytes, bytesBySource, MEMORY_CASES, memoryIn } from "./sizes";

const BUNDLE_BYTES_GOAL = 96_000;
const BOOT_BYTES_GOAL = 48_000;

function bundleBudgets(): Budget[] {
  const row = (what: string, value: number, goal: number | null, id = ""): Budget => ({
    ...{ id, engine: "bundle", what, value, unit: "bytes", goal, better: "less" },
  });
  return [
    row("all", readFileSync(BUNDLE).length, BUNDLE_BYTES_GOAL),
    row("at boot", bootBytes(), BOOT_BYTES_GOAL, "P10"),
    ...bytesBySource().map(([source, byteCount]) => row(source, byteCount, null)),
  ];
}

async function memoryBudgets(): Promise<Budget[]> {
  await makeTemplate();
  const shared = await openSharedHost();
  const budgets: Budget[] = [];
  try {
    for (const each of MEMORY_CASES) {
      if (!(each.engine === "espruino" ? hasEspruino : hasJerry && each.isHere)) continue;
      const { memory } = await memoryIn(shared, each);
      if (!memory) continue;
      const unit = each.engine === "espruino" ? "JsVars" : "bytes of heap";
      const row = { id: "", engine: budgetEngine(each.engine), unit, better: "less" } as const;
      if (memory.atRest !== null && each.what === "peak")
        budgets.push({ ...row, what: "at rest", value: memory.atRest, goal: null });
      budgets.push({ ...row, what: each.what, value: memory.peak, goal: each.max });
    }
  } finally {
    await shared.close();
  }
  return budgets;
}

/** Goals in instructions are for an engine that is built as for a board. */
function budgetOf({ engine: name, value, goal, ...row }: Row): Budget {
  const engine = budgetEngine(name);
  const isOther = engine === "espruino" && row.unit.startsWith("instructions");
  return { ...row, engine, value: Number(value.toPrecision(4)), goal: isOther ? null : goal };
}

/** `onRows` hears of each part as soon as it is there. */
export async function measureBudgets(onRows: (rows: readonly Budget[]) => void): Promise<void> {
  onRows(bundleBudgets());
  onRows(await memoryBudgets());
  if (!hasValgrind) return;
  const parts: ((engine: BareEngine) => Promise<Row[]>)[] = [saleRows, sealRows, messageRows, frameRows, tapRows];
  for (const engine of enginesHere) for (const part of parts) onRows((await part(engine)).map(budgetOf));
}
