/**
 * `npm run budgets`: measures what the firmware takes and stores it, in `test/bench/budgets.json` and, to be read, in `docs/budgets.md`. Figures of
 * engines that are not here stay as they are, instructions also where valgrind is not; ESPRUINO may name one that is built as for a board.
 */
import { existsSync, writeFileSync } from "node:fs";
import { ensureBuilt } from "./build.mjs";
import { ensureInstalled, orStop } from "./setup.mjs";

/** In the order of the pages; what was not measured now stands behind what was. */
function merged(stored, measured) {
  const key = ({ engine, id, what, unit }) => [engine, id, what, unit].join("|");
  const now = new Set(measured.map(key));
  // Modules come and go, and all of them were measured.
  const kept = stored.filter((each) => each.engine !== "bundle" && !now.has(key(each)));
  const order = ["bundle", "espruino", "espruino-board", "jerryscript"];
  return [...measured, ...kept].sort((a, b) => order.indexOf(a.engine) - order.indexOf(b.engine));
}

await orStop(async () => {
  ensureInstalled();
  await ensureBuilt();
  const { register } = await import("tsx/esm/api");
  register();
  const { BUDGETS_FILE, BUDGETS_PAGE, budgetsText, readBudgets, renderBudgets, risen } =
    await import("../test/bench/budgets.ts");
  const { measureBudgets } = await import("../test/bench/measure-budgets.ts");
  const stored = existsSync(BUDGETS_FILE) ? readBudgets() : [];
  const measured = [];
  await measureBudgets((rows) => {
    measured.push(...rows);
    process.stdout.write(
      `${measured.length} figures, the last: ${rows.at(-1)?.engine ?? ""} ${rows.at(-1)?.what ?? ""}\n`,
    );
  });
  const budgets = merged(stored, measured);
  writeFileSync(BUDGETS_FILE, budgetsText(budgets));
  writeFileSync(BUDGETS_PAGE, renderBudgets(budgets));
  process.stdout.write(`${risen(stored, measured).join("\n")}\n`);
});
