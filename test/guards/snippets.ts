/** Short programs on Node and on the bare engines, all of them in one process. They show things with `io.tx(value)`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import type { EngineName } from "../../src/sim/engines/engine";

export interface Outcome {
  shown: string[];
  /** What it threw, "" when it ran to its end. */
  error: string;
}

/** Imports and exports stand alone; all else in a function, so that no snippet sees another's names. */
function wrapped(code: string): string {
  return /^(import|export)\b/.test(code) ? code : `(function(){${code}\n})()`;
}

function onNode(code: string): Outcome {
  const shown: string[] = [];
  try {
    runInNewContext(wrapped(code), { io: { tx: (value: unknown) => shown.push(String(value)) } });
    return { shown, error: "" };
  } catch (error) {
    return { shown, error: String(error) };
  }
}

const RUNNER = `var io={},shown=[];io.tx=function(x){shown.push(""+x)};
function run(i,code){var error="";shown=[];
try{eval(code)}catch(e){error=""+e}
print("#"+i+JSON.stringify({shown:shown,error:error}))}
`;

/** Runs a whole file; gives what it printed until its end or until the time is over. */
export function printedBy(engine: EngineName, program: string, timeoutMs = 20_000): string {
  const folder = mkdtempSync(join(tmpdir(), "tillet-snippets-"));
  try {
    const file = join(folder, "run.js");
    writeFileSync(file, engine === "espruino" ? `${program}\nquit();\n` : program);
    const command = engine === "espruino" ? (process.env.ESPRUINO ?? "espruino") : (process.env.JERRY ?? "jerry");
    return spawnSync(command, [file], {
      cwd: folder,
      input: "",
      encoding: "latin1",
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The outcome of each program, in order. Throws when the engine itself went down over one of them. */
export function outcomes(engine: EngineName, codes: readonly string[]): Outcome[] {
  if (engine === "node") return codes.map(onNode);
  const calls = codes.map((code, i) => `run(${i},${JSON.stringify(wrapped(code))});`);
  const printed = printedBy(engine, `${RUNNER}${calls.join("\n")}`);
  const found = new Map<string, Outcome>();
  for (const [, index, json] of printed.matchAll(/^#(\d+)(\{.*\})\r?$/gm))
    found.set(index, JSON.parse(json) as Outcome);
  return codes.map((code, i) => {
    const outcome = found.get(String(i));
    if (!outcome) throw new Error(`${engine} gave no answer to: ${code}\n${printed.slice(-400)}`);
    return outcome;
  });
}
