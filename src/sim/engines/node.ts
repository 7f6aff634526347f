/** The bundle in Node, in a context of its own that has the language and nothing else. */
import { readFileSync } from "node:fs";
import { createContext, Script } from "node:vm";
import { END_OF_TURN, type Engine, type Order } from "./engine";

interface Io {
  tx(line: string): void;
  rx?: (nowMs: number, happening: number, value: number, text: string) => void;
}

/** A bundle, and what it has made global. */
interface Program {
  run(io: Io): void;
  globals: object;
}

/**
 * Each bundle as a function, whose variables are new at every power-on. In one context, so that Node compiles it once: a cut sweep starts
 * it ten thousand times. Nothing becomes global in there.
 */
const programs = new Map<string, Program>();
const HEAD = "(function (io) {";

function programOf(bundleFile: string): Program {
  const known = programs.get(bundleFile);
  if (known) return known;
  const source = `${HEAD}${readFileSync(bundleFile, "utf8")}\n})`;
  const globals = createContext({});
  const script = new Script(source, { filename: bundleFile, columnOffset: -HEAD.length });
  const program = { run: script.runInContext(globals) as Program["run"], globals };
  programs.set(bundleFile, program);
  return program;
}

export function openNode(bundleFile: string): Engine {
  let io: Io | null = null;
  let orders: Order[] = [];
  return {
    start: async () => {
      orders = [];
      io = {
        tx: (line) => {
          if (line !== END_OF_TURN) orders.push(JSON.parse(line) as Order);
        },
      };
      const { run, globals } = programOf(bundleFile);
      run(io);
      const [stray] = Object.keys(globals);
      if (stray !== undefined) throw new Error(`the firmware made ${stray} global: it would outlive the power`);
    },
    turn: async (nowMs, happening, value, text) => {
      io?.rx?.(nowMs, happening, value, text);
      const turn = orders;
      orders = [];
      return turn;
    },
    memory: async () => null,
    stop: async () => {
      io = null;
    },
  };
}
