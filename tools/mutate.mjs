/**
 * `node tools/mutate.mjs [--from N] [--count N]`: the machine's table, changed in one place at a time in the built bundle: a row is gone,
 * leads elsewhere, forgets its record or what it is to do. The quick tests are run over each, in this process; those that none of them
 * notices are named.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { tsImport } from "tsx/esm/api";
import { ensureBuilt } from "./build.mjs";
import { ROOT } from "./setup.mjs";

const { values } = parseArgs({ options: { from: { type: "string" }, count: { type: "string" } } });
await ensureBuilt();
const { MACHINE, ROWS, BASE } = await tsImport("../src/txn/machine.table.ts", import.meta.url);
const { State, Event, Effect } = await tsImport("../src/txn/state.ts", import.meta.url);
const { Record } = await tsImport("../src/txn/record.ts", import.meta.url);
const { Judge } = await tsImport("../src/cli/torture/mutants.ts", import.meta.url);

const { RULES } = await tsImport("../test/txn/machine-rules.ts", import.meta.url);

/** The first rule that the table as a whole breaks, as a test's name. */
function brokenRule(row, text) {
  const changed = text === "" ? [] : [rowOf(row, text)];
  const rows = MACHINE.flatMap((each) => (each === row ? changed : [each]));
  const broken = Object.entries(RULES).find(([, rule]) => {
    try {
      rule(rows);
      return false;
    } catch {
      return true;
    }
  });
  return broken ? `txn/machine.test: ${broken[0]}` : "";
}

function rowOf(row, text) {
  return { ...row, next: text.charCodeAt(3) - BASE, record: text[4], effects: text.charCodeAt(5) - BASE };
}

const packed = (code) => String.fromCharCode(code + BASE);
const rowText = ({ state, event, next, record, effects }) =>
  ` ${packed(state)}${packed(event)}${packed(next)}${record}${packed(effects)}`;

/** What stands for one row, and why. */
function mutantsOf(row) {
  const name = `${State[row.state]} x ${Event[row.event]}`;
  const other = row.next === State.Idle ? State.Notice : State.Idle;
  const act = row.effects - (row.effects & Effect.Beeps);
  const mutants = [
    { kind: "row removed", name, text: "" },
    { kind: "next state", name: `${name}, to ${State[other]}`, text: rowText({ ...row, next: other }) },
  ];
  if (row.record !== Record.None)
    mutants.push({ kind: "record removed", name, text: rowText({ ...row, record: Record.None }) });
  if (act !== 0)
    mutants.push({ kind: "effect removed", name, text: rowText({ ...row, effects: row.effects & Effect.Beeps }) });
  if (row.effects !== act) mutants.push({ kind: "beep removed", name, text: rowText({ ...row, effects: act }) });
  return mutants;
}

const bundle = readFileSync(join(ROOT, "dist", "console.js"), "utf8");
const quotedBy = (quote) => (text) => text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`);
const quoted = ['"', "'", "`"].map(quotedBy).find((way) => bundle.includes(way(ROWS)));
if (!quoted) throw new Error("the bundle does not hold the table as it is now");

const folder = join(ROOT, ".cache", "mutants");
mkdirSync(folder, { recursive: true });
const judge = await Judge.open();
const from = Number(values.from ?? 0);
const all = MACHINE.flatMap((row) => mutantsOf(row).map((mutant) => ({ ...mutant, row })));
const chosen = all.slice(from, from + Number(values.count ?? all.length));
const pristine = await judge.judge(join(ROOT, "dist", "console.js"));
if (pristine) throw new Error(`the machine as it is fails ${pristine}`);
const kinds = new Map();
const killers = new Map();
const survivors = [];
for (const [index, { kind, name, text, row }] of chosen.entries()) {
  const file = join(folder, `console-${process.pid}-${index}.js`);
  writeFileSync(
    file,
    bundle.replace(quoted(ROWS), () => quoted(ROWS.replace(rowText(row), () => text))),
  );
  const red = brokenRule(row, text) || (await judge.judge(file));
  const counts = kinds.get(kind) ?? { made: 0, killed: 0 };
  kinds.set(kind, { made: counts.made + 1, killed: counts.killed + (red ? 1 : 0) });
  const killer = red.split(/[:/]/)[0];
  killers.set(killer, (killers.get(killer) ?? 0) + 1);
  if (!red) survivors.push(`${kind}: ${name}`);
  process.stdout.write(`${from + index + 1}/${all.length} ${kind}: ${name}: ${red || "SURVIVES"}\n`);
}
await judge.close();
for (const [kind, { made, killed }] of kinds) process.stdout.write(`${kind}: ${killed} of ${made} turn a test red\n`);
process.stdout.write(
  `${survivors.length} of ${chosen.length} survive\n${survivors.map((each) => `  ${each}\n`).join("")}`,
);
