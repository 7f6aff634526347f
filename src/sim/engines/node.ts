/** The bundle in Node, in a context of its own that has the language and nothing else. */
import { readFileSync } from "node:fs";
import { createContext, Script } from "node:vm";
import { END_OF_TURN, type Engine, type Order } from "./engine";

interface Io {
  tx(line: string): void;
  rx?: (nowMs: number, happening: number, value: number, text: string) => void;
}

/** Compiled once a bundle: a cut sweep starts it a thousand times. */
const scripts = new Map<string, Script>();

export function openNode(bundleFile: string): Engine {
  let io: Io | null = null;
  let orders: Order[] = [];
  return {
    start: async () => {
      let script = scripts.get(bundleFile);
      if (!script) {
        script = new Script(readFileSync(bundleFile, "utf8"), { filename: bundleFile });
        scripts.set(bundleFile, script);
      }
      orders = [];
      io = {
        tx: (line) => {
          if (line !== END_OF_TURN) orders.push(JSON.parse(line) as Order);
        },
      };
      script.runInContext(createContext({ io }));
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
