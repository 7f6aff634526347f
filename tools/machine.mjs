/** `docs/machine.md`: the terminal's whole machine on one page, out of its table. Run by `npm run tables`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureInstalled, orStop, ROOT } from "./setup.mjs";

export const MACHINE_FILE = join(ROOT, "docs", "machine.md");

/** Names and meanings of a `const enum`, by their values: its source says what the code does not keep. */
function namesOf(path, name) {
  const source = readFileSync(join(ROOT, "src", path), "utf8");
  const [, body] = new RegExp(`export const enum ${name} \\{([^}]*)\\}`).exec(source) ?? [];
  const names = new Map();
  for (const [, comment = "", key, value] of body.matchAll(/(?:\/\*\* ([^*]*) \*\/\s*)?(\w+) = ("[^"]*"|[0-9]+),/g))
    names.set(JSON.parse(value), { key, comment });
  return names;
}

const line = (cells) => `| ${cells.join(" | ")} |`;
const table = (titles, rows) => [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");

export async function renderMachine() {
  const { tsImport } = await import("tsx/esm/api");
  const { MACHINE, TIMEOUTS_MS } = await tsImport("../src/txn/machine.table.ts", import.meta.url);
  const states = namesOf("txn/state.ts", "State");
  const events = namesOf("txn/state.ts", "Event");
  const effects = namesOf("txn/effect.ts", "Effect");
  const records = namesOf("txn/record.ts", "Record");
  const nameOf = (names, value) => names.get(value).key;
  const effectsOf = (value) =>
    [value & 3, value - (value & 3)]
      .filter((each) => each > 0)
      .map((each) => nameOf(effects, each))
      .join(", ");
  const sections = [...states].map(([state, { key, comment }]) => {
    const { waitMs } = TIMEOUTS_MS.find((each) => each.state === state);
    const rows = MACHINE.filter((row) => row.state === state);
    const refused = [...events].filter(([event]) => event > 0 && !rows.some((row) => row.event === event)).length;
    return [
      `## ${key}`,
      "",
      ...(comment ? [`${comment}`, ""] : []),
      `Stands ${waitMs > 0 ? `${waitMs / 1000} s` : "until something happens"}; refuses ${refused} of ${events.size - 1} events.`,
      "",
      table(
        ["event", "next", "record", "then"],
        rows.map(({ event, next, record, effects: value }) => [
          nameOf(events, event),
          nameOf(states, next),
          record === "-" ? "" : `\`${record}\` ${nameOf(records, record)}`,
          effectsOf(value),
        ]),
      ),
      "",
    ].join("\n");
  });
  return `# The machine

<!-- Written by \`npm run tables\` out of \`src/txn/machine.table.ts\`. -->

${states.size} states, ${events.size - 1} events, ${MACHINE.length} rows. A pair that is not here is refused: the state stays and nothing happens. In a row the journal's
record is written and read back first, then the screen changes, then comes what stands last. Which key, card, answer or report is which
event, and when it is none, says \`src/txn/facts.ts\`, for the functions \`src/txn/desk.ts\`.

${sections.join("\n")}
## Events

${table(
  ["event", "what"],
  [...events].filter(([event]) => event > 0).map(([, { key, comment }]) => [key, comment]),
)}
`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await orStop(async () => {
    ensureInstalled();
    writeFileSync(MACHINE_FILE, await renderMachine());
  });
}
