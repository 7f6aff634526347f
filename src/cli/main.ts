/** The command line: one verb each, its options, its help. */
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { ScriptError } from "../sim/script";
import { PANELS } from "../sim/twins/panel";
import { BLOCK_VERBS } from "./block";
import { watch } from "./console";
import { doctor } from "./doctor";
import { flash } from "./flash";
import { flasher } from "./flasher";
import { serveHost } from "./host";
import { loadIssuerKey } from "./issuer-key";
import { setTerminalLimits } from "./limits";
import { HELP } from "./help";
import { journal } from "./journal";
import { parameters } from "./parameters";
import { provision } from "./provision";
import { rotate } from "./rotate";
import { runFile } from "./run";
import { start } from "./start";
import { tap } from "./tap";
import { loadUpdate, makeUpdateKey, sign } from "./update";
import { runCuts, runMash, runTorture } from "./torture";
import {
  amountOf,
  countOf,
  databaseOf,
  cutOf,
  engineOf,
  folderOf,
  fingerOf,
  languageOf,
  type Option,
  OPTIONS,
  portOf,
  seedOf,
  settingsOf,
  tradeOf,
  UsageError,
  type Values,
  wordOf,
} from "./values";

/** Runs one command; resolves to the exit status. */
export async function main(words: string[]): Promise<number> {
  try {
    return await command(words);
  } catch (error) {
    const isUsage = error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    // What we throw ourselves says what to do; anything else is a fault of ours and shows where.
    const isScript = error instanceof ScriptError;
    if (!isUsage && !isScript && (error as object).constructor !== Error) throw error;
    process.stderr.write(`tillet: ${(error as Error).message}${isUsage ? "\nTry: tillet --help" : ""}\n`);
    return isUsage || isScript ? 2 : 1;
  }
}

interface Verb {
  takes: readonly Option[];
  run(values: Values): Promise<number>;
}

const READERS = ["off", "hsu"] as const;
const PLAYED = [
  "script",
  "engine",
  "panel",
  "language",
  "seed",
  "cut",
  "keep",
  "png",
  "printer",
  "receipt-code",
  "memory",
  "operators",
  "finger",
] as const;

export const VERBS: Record<string, Verb> = {
  run: { takes: PLAYED, run: playScript },
  start: {
    takes: [...PLAYED, "data", "keys"],
    run: (values) =>
      values.script === undefined
        ? start({
            ...handheldOf(values),
            ...languageOf(values.language),
            folder: folderOf(values),
            keyFile: values.keys,
          })
        : playScript(values),
  },
  tap: {
    takes: ["card", "amount", "engine", "seed", "verbose"],
    run: (values) => {
      if (values.card === undefined) throw new UsageError("tap needs --card FILE.");
      return tap({
        card: values.card,
        amountMinor: amountOf(values.amount),
        engine: engineOf(values.engine),
        seed: seedOf(values.seed),
        isVerbose: values.verbose ?? false,
      });
    },
  },
  host: {
    takes: ["data", "host-key", "port", "address", "test", "log"],
    run: (values) =>
      serveHost({
        ...databaseOf(values),
        address: values.address ?? "127.0.0.1",
        port: portOf(values.port),
        isTest: values.test ?? false,
        isLogged: values.log ?? false,
      }),
  },
  provision: {
    takes: (
      "data host-key tid mid host host2 name place currency out renew " +
      "no-rekey pin tap finger tip cash floor sleep limits closed-loop language operators"
    ).split(" ") as Option[],
    run: (values) => {
      const { tid, mid, host, name, place, out, currency = "EUR", renew: isRenewal = false, pin = "off" } = values;
      if (!tid || !mid || !host) throw new UsageError("provision needs --tid, --mid and --host.");
      return provision({
        ...databaseOf(values),
        tid,
        mid,
        host,
        host2: values.host2,
        currency,
        name,
        place,
        isRenewal,
        rekeys: !values["no-rekey"],
        out,
        pin,
        isClosedLoop: values["closed-loop"] ?? false,
        hasReader: wordOf("tap", READERS, values.tap) === "hsu",
        ...languageOf(values.language),
        ...fingerOf(values.finger, values.operators),
        trade: tradeOf(values),
        hasOperators: values.operators ?? false,
      });
    },
  },
  rotate: {
    takes: ["data", "host-key", "tid"],
    run: (values) => {
      if (!values.tid) throw new UsageError("rotate needs --tid.");
      return rotate({ ...databaseOf(values), tid: values.tid });
    },
  },
  limits: {
    takes: ["data", "host-key", "tid", "limits", "operators"],
    run: (values) => {
      const { tid, limits } = values;
      if (!tid || limits === undefined) throw new UsageError("limits needs --tid and --limits.");
      return setTerminalLimits({ ...databaseOf(values), tid, limits, hasOperators: values.operators ?? false });
    },
  },
  ...BLOCK_VERBS,
  "issuer-key": {
    takes: ["data", "host-key", "issuer", "keys"],
    run: (values) => {
      const { issuer, keys: keyFile } = values;
      if (!issuer || !keyFile) throw new UsageError("issuer-key needs --issuer and --keys FILE.");
      return loadIssuerKey({ ...databaseOf(values), issuer, keyFile });
    },
  },
  parameters: {
    takes: ["data", "host-key", "file"],
    run: (values) => {
      if (values.file === undefined) throw new UsageError("parameters needs --file FILE.");
      if (!existsSync(values.file)) throw new UsageError(`--file ${values.file}: there is no such file.`);
      return parameters({ ...databaseOf(values), file: values.file });
    },
  },
  "update key": {
    takes: ["out"],
    run: async ({ out }) => {
      if (out === undefined) throw new UsageError("update key needs --out FILE.");
      return makeUpdateKey(out);
    },
  },
  "update sign": {
    takes: ["key", "file", "version", "out"],
    run: async ({ key, file, version, out }) => {
      if (key === undefined || file === undefined) throw new UsageError("update sign needs --key FILE and a BUNDLE.");
      return sign({ bundle: file, keyFile: key, version, out });
    },
  },
  "update load": {
    takes: ["data", "host-key", "key", "file"],
    run: (values) => {
      const { key, file } = values;
      if (key === undefined || file === undefined) throw new UsageError("update load needs --key FILE and an UPDATE.");
      return loadUpdate({ ...databaseOf(values), file, keyFile: key });
    },
  },
  flash: {
    takes: ["port", "board", "bundle", "engine", "keys", "wifi", "erase-journal", "erase-storage"],
    run: ({ port, board, bundle, engine = [], keys, wifi, ...values }) => {
      const [erasesJournal, erasesStorage] = [values["erase-journal"] ?? false, values["erase-storage"] ?? false];
      return flash({ port, board, bundle, engine, keys, wifi, erasesJournal, erasesStorage });
    },
  },
  console: { takes: ["port"], run: ({ port }) => watch(port) },
  doctor: {
    takes: ["port", "board"],
    run: async ({ port, board }) => {
      if (board === undefined) throw new UsageError("doctor needs --board NAME.");
      return doctor(board, port);
    },
  },
  flasher: { takes: [], run: () => flasher() },
  journal: {
    takes: ["file"],
    run: async ({ file }) => {
      if (file === undefined) throw new UsageError("journal needs a FILE.");
      return journal(file);
    },
  },
  torture: {
    takes: ["seeds", "seed", "transactions", "terminals", "cuts", "presses"],
    run: (values) => {
      if (values.cuts) return runCuts();
      // A fresh one each time; what fails says which.
      const seed = values.seed === undefined ? randomInt(1, 1_000_000) : seedOf(values.seed);
      if (values.presses) return runMash(seed, countOf("presses", values.presses, 1));
      return runTorture({
        seed,
        seeds: countOf("seeds", values.seeds, 20),
        transactions: countOf("transactions", values.transactions, 500),
        terminals: countOf("terminals", values.terminals, 3, 50),
      });
    },
  },
  peek: {
    takes: ["out"],
    run: async ({ out }) => {
      if (out === undefined) throw new UsageError("peek needs --out DIR.");
      // It draws all glyphs first, which takes seconds: no other verb waits for that.
      return (await import("./peek")).peek(out);
    },
  },
};

function handheldOf({ engine, panel }: Values) {
  return { engine: engineOf(engine), panel: wordOf("panel", PANELS, panel) };
}

async function playScript(values: Values): Promise<number> {
  if (values.script === undefined) throw new UsageError("run needs --script FILE.");
  if (!existsSync(values.script)) throw new UsageError(`--script ${values.script}: there is no such file.`);
  return runFile(values.script, {
    ...handheldOf(values),
    seed: seedOf(values.seed),
    cut: cutOf(values.cut),
    keep: values.keep,
    pngFolder: values.png,
    settings: settingsOf(values),
    withMemory: values.memory ?? false,
  });
}

async function command(words: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: words, allowPositionals: true, options: OPTIONS });
  const [first, ...more] = positionals;
  const name = first === "update" || first === "block" ? `${first} ${more.shift() ?? ""}`.trim() : first;
  if (values.help || name === undefined || name === "help") {
    process.stdout.write(HELP);
    return 0;
  }
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (!verb) throw new UsageError(`There is no verb ${name}.`);
  // The verbs whose file needs no name.
  if ((name === "journal" || first === "update") && more.length === 1) values.file ??= more.pop() as string;
  if (more.length > 0) throw new UsageError(`What is ${more.join(" ")}?`);
  const stray = (Object.keys(values) as Option[]).find((option) => !verb.takes.includes(option));
  if (stray) throw new UsageError(`${name} does not take --${stray}.`);
  return verb.run(values);
}
