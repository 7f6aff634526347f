/** Starts the programs beside this file as processes of their own, to be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Child {
  process: ChildProcess;
  /** The next line it printed; null when there is none any more. */
  nextLine(): Promise<string | null>;
  /** Everything it printed that was not taken yet, to its end. */
  rest(): Promise<string[]>;
  /** What it said on its standard error so far. */
  errors(): string;
  /** Resolves when it has ended: its exit code, or the signal. */
  ended: Promise<number | string | null>;
}

const running = new Set<ChildProcess>();

/** For the end of a test, however it ends. */
export function killChildren(): void {
  for (const child of running) child.kill("SIGKILL");
}

export function startChild(program: string, words: readonly string[]): Child {
  const file = join(import.meta.dirname, `${program}.ts`);
  const child = spawn(process.execPath, ["--import", "tsx", file, ...words], { stdio: "pipe" });
  let errors = "";
  child.stderr.on("data", (bytes) => {
    errors += bytes;
  });
  running.add(child);
  child.once("close", () => running.delete(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const { value, done } = await lines.next();
    return done ? null : value;
  };
  return {
    process: child,
    nextLine,
    errors: () => errors,
    rest: async () => {
      const rest: string[] = [];
      for (let line = await nextLine(); line !== null; line = await nextLine()) rest.push(line);
      return rest;
    },
    ended: new Promise((resolve) => child.once("close", (code, signal) => resolve(code ?? signal))),
  };
}
