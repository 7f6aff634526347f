/** The bundle in JerryScript's command line tool: calls go in through its prompt, lines come out of `print`. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Engine } from "./engine";
import { Turns } from "./lines";

/** Numbers below need no room in the heap; a call takes at most 255 arguments. */
const PLAIN_BELOW = 65536;
const ARGUMENTS_MAX = 200;

/** What has to stand in `io` for `jerryText`. */
export const JERRY_BYTES = "bytes:String.fromCharCode";

/**
 * A byte string as source text. The engine keeps each text and each great number that stands in a source until it ends, so both are put
 * together from small numbers: a handheld that runs for days would otherwise fill the heap with its own past.
 */
export function jerryText(text: string): string {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += ARGUMENTS_MAX) {
    const codes = Array.from(text.slice(at, at + ARGUMENTS_MAX), (char) => char.charCodeAt(0));
    pieces.push(`io.bytes(${codes.join()})`);
  }
  return pieces.join("+") || '""';
}

function callText(nowMs: number, happening: number, value: number, text: string): string {
  const time = `${Math.floor(nowMs / PLAIN_BELOW)}*${PLAIN_BELOW}+${nowMs % PLAIN_BELOW}`;
  return `io.rx(${time},${happening},${value},${jerryText(text)})`;
}

/** A text of so many characters is made from another of its length; together they are more than a handheld ever has above what it has at rest. */
const HELD_BYTES = 40_000;
const HOLD = `gc();io.held="x".repeat(${HELD_BYTES})\n`;

/**
 * `asksRest`: the engine tells its peak alone, so the peak is made at the end of the run, when garbage is collected, with a text that is larger
 * than all that came and went; what is left without it is memory at rest.
 */
export function openJerryscript(bundleFile: string, command = process.env.JERRY ?? "jerry", asksRest = false): Engine {
  let child: ChildProcessWithoutNullStreams | null = null;
  let turns = new Turns("jerry");
  return {
    start: async () => {
      child = spawn(command, ["--no-prompt", "--mem-stats"]);
      turns = new Turns("jerry");
      turns.watch(child);
      child.stdout.setEncoding("utf8").on("data", turns.stream());
      child.stderr.setEncoding("utf8").on("data", turns.stream());
      child.stdin.on("error", () => undefined);
      const bundle = readFileSync(bundleFile, "utf8").trim();
      if (bundle.includes("\n")) throw new Error(`${bundleFile} must be one line: the prompt takes a line at a time`);
      child.stdin.write(`var io={tx:print,${JERRY_BYTES}}\n${bundle}\n`);
    },
    turn: (nowMs, happening, value, text) =>
      turns.next(() => child?.stdin.write(`${callText(nowMs, happening, value, text)}\n`)),
    memory: async () => {
      // The statistics come when the prompt ends, if the engine was built with them.
      const ended = child;
      if (!ended) return null;
      let text = "";
      for (const stream of [ended.stdout, ended.stderr]) {
        stream.on("data", (piece: string) => {
          text += piece;
        });
      }
      ended.removeAllListeners("exit");
      await new Promise<void>((resolve) => {
        ended.once("close", () => resolve());
        ended.stdin.end(asksRest ? HOLD : "");
      });
      const peak = /Peak allocated = ([0-9]+) bytes/.exec(text)?.[1];
      if (peak === undefined) return null;
      return { atRest: asksRest ? Number(peak) - 2 * HELD_BYTES : null, peak: Number(peak), unit: "bytes" };
    },
    stop: async () => {
      child?.removeAllListeners("exit");
      child?.kill("SIGKILL");
      child = null;
    },
  };
}
