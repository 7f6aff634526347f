/** The command line: one verb each, its options, its help. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { EngineName } from "../sim/engines/engine";
import { LANGUAGES } from "../sim/journal-image";
import { ScriptError } from "../sim/script";
import type { PlannedCut } from "../sim/twins/flash";
import { PANELS } from "../sim/twins/panel";
import { peek } from "./peek";
import { runFile } from "./run";
import { start } from "./start";
import { ROOT } from "./world";

const HELP = `tillet: software of a handheld payment terminal

  tillet start                the handheld and its host, ready to use in this terminal
  tillet run --script FILE    plays a script, writes its events, ends with 0, or 1 when something differed
  tillet peek --out DIR       pictures of every screen, on every panel, in every language

  --engine node|espruino|jerry   what runs the firmware (run, start); node unless given
  --panel text|oled|tft          its display (run, start); text unless given
  --language en|zh               the language of a new handheld (run, start); English unless given
  --data DIR                     where host and handheld keep their state (start); ./data unless given
  --seed N                       another seed for the board's randomness (run)
  --cut N[:BYTES]                power goes in flash operation N, after BYTES of it (run)
  --keep DIR                     keeps the host's files and the flash image there (run)
  --png DIR                      pictures of the slips and the handheld (run)
  --memory                       the engine's memory at the end, to standard error (run)
  --help                         this text
`;

/** Wrong words on the command line. */
class UsageError extends Error {}

function engineOf(name: string | undefined): EngineName {
  if (name === undefined || name === "node") return "node";
  if (name === "jerry" || name === "jerryscript") return "jerryscript";
  if (name === "espruino") return name;
  throw new UsageError(`--engine ${name}: known are node, espruino and jerry.`);
}

function wordOf<T extends string>(option: string, words: readonly T[], text: string | undefined): T {
  if (text === undefined) return words[0] as T;
  const word = words.find((each) => each === text);
  if (word === undefined) throw new UsageError(`--${option} ${text}: known are ${words.join(", ")}.`);
  return word;
}

function cutOf(text: string | undefined): PlannedCut | undefined {
  if (text === undefined) return undefined;
  const [, operation, bytesDone = "0"] = /^([1-9][0-9]*)(?::([0-9]+))?$/.exec(text) ?? [];
  if (!operation) throw new UsageError(`--cut ${text}: give the number of a flash operation, such as 3 or 3:16.`);
  return { operation: Number(operation), bytesDone: Number(bytesDone) };
}

function seedOf(text: string | undefined): number {
  if (text === undefined) return 1;
  if (!/^[0-9]{1,9}$/.test(text)) throw new UsageError(`--seed ${text}: give a whole number.`);
  return Number(text);
}

/** Runs one command; resolves to the exit status. */
export async function main(words: string[]): Promise<number> {
  try {
    return await command(words);
  } catch (error) {
    const isUsage = error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    const isFile = (error as { code?: string }).code === "ENOENT";
    if (!isUsage && !isFile && !(error instanceof ScriptError)) throw error;
    process.stderr.write(`tillet: ${(error as Error).message}${isUsage ? "\nTry: tillet --help" : ""}\n`);
    return 2;
  }
}

async function command(words: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      script: { type: "string" },
      engine: { type: "string" },
      panel: { type: "string" },
      language: { type: "string" },
      seed: { type: "string" },
      cut: { type: "string" },
      data: { type: "string" },
      keep: { type: "string" },
      png: { type: "string" },
      out: { type: "string" },
      memory: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [verb, ...more] = positionals;
  if (values.help || verb === undefined || verb === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  if (more.length > 0) throw new UsageError(`What is ${more.join(" ")}?`);
  const engine = engineOf(values.engine);
  const panel = wordOf("panel", PANELS, values.panel);
  const language = wordOf("language", LANGUAGES, values.language);
  if ((verb === "run" || verb === "start") && values.script !== undefined) {
    return runFile(values.script, {
      engine,
      panel,
      language,
      seed: seedOf(values.seed),
      cut: cutOf(values.cut),
      keep: values.keep,
      pngFolder: values.png,
      withMemory: values.memory ?? false,
    });
  }
  if (verb === "start") return start({ engine, panel, language, folder: values.data ?? join(ROOT, "data") });
  if (verb === "peek") {
    if (values.out === undefined) throw new UsageError("peek needs --out DIR.");
    return peek(values.out);
  }
  if (verb === "run") throw new UsageError("run needs --script FILE.");
  throw new UsageError(`There is no verb ${verb}.`);
}
