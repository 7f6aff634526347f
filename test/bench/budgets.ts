/**
 * The stored budgets: what the firmware took when `npm run budgets` measured it last, against its goals. `budgets.json` is the one place where
 * they stand; `docs/budgets.md` is written out of it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../guards/tool";

/** Espruino as it is built for Linux, and as for a board (the one that ESPRUINO names): one counts fewer and larger JsVars and more instructions. */
export type BudgetEngine = "bundle" | "espruino" | "espruino-board" | "jerryscript" | "node";

export interface Figure {
  engine: BudgetEngine;
  what: string;
  value: number;
}

export interface Budget extends Figure {
  /** Of PERF goals, "" for what has none; `goal` null where it is for another engine. */
  id: string;
  unit: string;
  goal: number | null;
  /** The value is to be at least the goal, or at most. */
  better: "more" | "less";
}

export const BUDGETS_FILE = join(ROOT, "test", "bench", "budgets.json");
export const BUDGETS_PAGE = join(ROOT, "docs", "budgets.md");
/** A rise above it is told. */
const RISE_TOLD_PERCENT = 3;

export function budgetEngine(name: "espruino" | "jerryscript" | "node"): BudgetEngine {
  return name === "espruino" && process.env.ESPRUINO ? "espruino-board" : name;
}

export function readBudgets(): Budget[] {
  return JSON.parse(readFileSync(BUDGETS_FILE, "utf8")) as Budget[];
}

/** One line each, so that a change can be read. */
export function budgetsText(budgets: readonly Budget[]): string {
  return `[\n${budgets.map((each) => `  ${JSON.stringify(each)}`).join(",\n")}\n]\n`;
}

const isSame = (a: Figure, b: Figure) => a.engine === b.engine && a.what === b.what;
const count = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));

/** What got worse by more than 3 % of what is stored, a line each. */
export function risen(stored: readonly Budget[], measured: readonly Figure[]): string[] {
  const lines = measured.flatMap((each) => {
    const before = stored.find((budget) => isSame(budget, each));
    if (!before) return [];
    const worse = before.better === "less" ? each.value / before.value : before.value / each.value;
    const percent = (worse - 1) * 100;
    if (!(percent > RISE_TOLD_PERCENT)) return [];
    const way = before.better === "less" ? "rose" : "fell";
    return `  ${each.engine}, ${each.what} ${way} by ${percent.toFixed(1)} %: from ${count(before.value)} to ${count(each.value)} ${before.unit}`;
  });
  const compared = measured.filter((each) => stored.some((budget) => isSame(budget, each))).length;
  return [
    `Against the stored budgets (docs/budgets.md): ${compared} figures compared, ${lines.length} worse by more than ${RISE_TOLD_PERCENT} %`,
    ...lines,
  ];
}

/** "met, 12 % of it left", or by how much it is missed. */
export function verdict({ value, goal, better }: Pick<Budget, "value" | "goal" | "better">): string {
  if (goal === null) return "";
  const ratio = better === "less" ? value / goal : goal / value;
  if (ratio <= 1) return `met, ${Math.round((1 - ratio) * 100)} % to spare`;
  return ratio < 2 ? `missed by ${Math.ceil((ratio - 1) * 100)} %` : `missed ${ratio.toFixed(1)} times`;
}

const COLUMNS = [
  { engine: "espruino", title: "Espruino, Linux build" },
  { engine: "espruino-board", title: "Espruino, built as for a board" },
  { engine: "jerryscript", title: "JerryScript" },
] as const;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function cell(budget: Budget | undefined): string {
  if (!budget) return "";
  const said = verdict(budget);
  return `${count(budget.value)}${budget.goal === null ? "" : ` (${budget.better === "less" ? "≤" : "≥"} ${count(budget.goal)}: ${said})`}`;
}

/** What several engines take, side by side. */
function sideBySide(budgets: readonly Budget[]): string {
  const whats = [...new Map(budgets.map((each) => [`${each.id} ${each.what} ${each.unit}`, each])).values()];
  const rows = whats.map(({ id, what, unit }) => [
    `${id} ${what}`.trim(),
    unit,
    ...COLUMNS.map(({ engine }) =>
      cell(
        budgets.find((each) => each.id === id && each.what === what && each.unit === unit && each.engine === engine),
      ),
    ),
  ]);
  return table(["what", "unit", ...COLUMNS.map(({ title }) => title)], rows);
}

/** The page, to be the same for the same figures. */
export function renderBudgets(budgets: readonly Budget[]): string {
  const bundle = budgets.filter(({ engine }) => engine === "bundle");
  const onEngines = budgets.filter(({ engine }) => engine !== "bundle");
  const isMemory = ({ unit }: Budget) => /JsVars|bytes of heap/.test(unit);
  const isModule = ({ what }: Budget) => what.includes("/");
  return `# Budgets

<!-- Written by \`npm run budgets\` out of \`test/bench/budgets.json\`. -->

What the firmware takes, as \`npm run budgets\` measured it last. \`npm test\` compares the bytes and, where the engines are, the memory with
it, and prints what rose by more than 3 %. In brackets: the goal, and how far it is. Goals in instructions are for an Espruino that is built
as for a board; the Linux build executes 1.6 to 2 times as many.

## Bundle

${table(
  ["what", "bytes"],
  bundle.filter((each) => !isModule(each)).map((each) => [each.what, cell(each)]),
)}

## Memory

${sideBySide(onEngines.filter(isMemory))}

## Steps

${sideBySide(onEngines.filter((each) => !isMemory(each)))}

## Modules

${table(
  ["module", "bytes of the bundle"],
  bundle.filter(isModule).map((each) => [`\`${each.what}\``, cell(each)]),
)}
`;
}
