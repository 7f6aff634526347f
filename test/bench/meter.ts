/**
 * What a piece of a program costs on a bare engine: instructions as valgrind counts them where it is, else time. A program runs twice, with
 * the piece and without it, so that the engine's start and the program's are out. Repeats agree within 1 % in instructions; times
 * are only good for ratios.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BARE_ENGINES, COMMANDS } from "../engines";

export type BareEngine = "espruino" | "jerryscript";

const TIMEOUT_MS = 120_000;
const TIME_ROUNDS = 5;
/** Times need more of it than instructions. */
const TIME_FACTOR = 10;

export const hasValgrind = spawnSync("valgrind", ["--version"]).status === 0;
export const UNIT = hasValgrind ? "instructions" : "microseconds";

export const enginesHere: readonly BareEngine[] = BARE_ENGINES.filter(({ isHere }) => isHere).map(
  ({ name }) => name as BareEngine,
);

function play(command: string, args: string[], folder: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: "latin1",
    timeout: TIMEOUT_MS,
  });
  const said = stdout + stderr;
  if (error || status !== 0 || /uncaught|exception/i.test(said)) {
    throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? said.slice(-500)}`);
  }
  return said;
}

/** Instructions of the whole run. */
function instructions(command: string, file: string, folder: string): number {
  const args = ["--tool=callgrind", "--callgrind-out-file=/dev/null", command, file];
  const [, count] = /Collected : (\d+)/.exec(play("valgrind", args, folder)) ?? [];
  return Number(count);
}

/** Microseconds of the whole run, the least of some. */
function microseconds(command: string, file: string, folder: string): number {
  const rounds = Array.from({ length: TIME_ROUNDS }, () => {
    const start = process.hrtime.bigint();
    play(command, [file], folder);
    return Number(process.hrtime.bigint() - start) / 1000;
  });
  return Math.min(...rounds);
}

/** What `mark` is: a native of Espruino that no program calls, and what JerryScript calls of the C library to end a line. */
const MARKS = {
  espruino: { native: "jswrap_espruino_reverseByte", program: "var mark=E.reverseByte;" },
  jerryscript: { native: "fwrite", program: "var mark=function(){print()};" },
} as const;
const MARKS_TOLD = "marks ";

/** Valgrind writes its counts down before each call of the native. */
function countsBetween(engine: BareEngine, programs: readonly string[], folder: string): number[] {
  const out = join(folder, "costs");
  play(
    "valgrind",
    [
      ...["--tool=callgrind", `--callgrind-out-file=${out}`, `--dump-before=${MARKS[engine].native}`],
      ...[COMMANDS[engine], ...programs],
    ],
    folder,
  );
  const dumpCount = readdirSync(folder).filter((name) => name.startsWith("costs.")).length;
  // The first is what was before the first mark.
  return Array.from({ length: dumpCount - 1 }, (_, at) => {
    const [, count] = /^(?:summary|totals): (\d+)/m.exec(readFileSync(`${out}.${at + 2}`, "latin1")) ?? [];
    return Number(count);
  });
}

/**
 * What it costs on JerryScript from each call of `mark()` to the next one, in instructions: valgrind must be there. The programs run one after
 * the other, each read when those before it are over.
 */
export function jerryCostsBetween(programs: readonly string[]): number[] {
  const folder = mkdtempSync(join(tmpdir(), "tillet-bench-"));
  const names = [MARKS.jerryscript.program, ...programs].map((text, index) => {
    writeFileSync(join(folder, `${index}.js`), text, "latin1");
    return `${index}.js`;
  });
  try {
    return countsBetween("jerryscript", names, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What it costs on Espruino from each call of `mark()` in `program` to the next one, in UNIT. `files` stand beside it. */
export function costsBetween(program: string, files: ReadonlyMap<string, string>): number[] {
  const folder = mkdtempSync(join(tmpdir(), "tillet-bench-"));
  for (const [name, text] of files) writeFileSync(join(folder, name), text, "latin1");
  const file = join(folder, "run.js");
  try {
    if (hasValgrind) {
      writeFileSync(file, `${MARKS.espruino.program}${program}quit();`, "latin1");
      return countsBetween("espruino", [file], folder);
    }
    const timed = `var marks=[];function mark(){marks.push(Math.round(getTime()*1e6))}${program}
print(${JSON.stringify(MARKS_TOLD)}+marks.join());quit();`;
    writeFileSync(file, timed, "latin1");
    const rounds = Array.from({ length: TIME_ROUNDS }, () => {
      const [, told = ""] = new RegExp(`${MARKS_TOLD}([0-9,]+)`).exec(play(COMMANDS.espruino, [file], folder)) ?? [];
      const marks = told.split(",").map(Number);
      return marks.slice(1).map((at, index) => at - (marks[index] as number));
    });
    return (rounds[0] as number[]).map((_, at) => Math.min(...rounds.map((round) => round[at] as number)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One program on one engine. */
export class Meter {
  private readonly folder = mkdtempSync(join(tmpdir(), "tillet-bench-"));
  private base: number | null = null;

  /** `program` ends in a state where `call` with a number of times is an expression of it. */
  constructor(
    private readonly engine: BareEngine,
    private readonly program: string,
  ) {}

  /** What one time of `call` costs, in UNIT. */
  cost(call: (times: number) => string, times: number): number {
    const count = hasValgrind ? times : times * TIME_FACTOR;
    this.base ??= this.run(call(0));
    return Math.max(0, (this.run(call(count)) - this.base) / count);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(call: string): number {
    const end = this.engine === "espruino" ? "quit();" : "";
    writeFileSync(join(this.folder, "run.js"), `${this.program}\n;${call};${end}\n`, "latin1");
    return (hasValgrind ? instructions : microseconds)(COMMANDS[this.engine], "run.js", this.folder);
  }
}
