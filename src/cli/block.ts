/** `tillet block add | remove | list`: cards that no terminal takes, at the host. Terminals load the list over the link. */
import { existsSync, readFileSync } from "node:fs";
import {
  type Blocks,
  ENTRIES_MAX,
  changeList,
  newestList,
  readList,
  readNumber,
  readPrefixes,
  readToken,
  tokenOf,
} from "../host/blocks";
import { type Host, openHost } from "../host/host";
import type { Session } from "../host/store";
import type { Player } from "../sim/script";
import { databaseOf, UsageError, type Values } from "./values";

/**
 * Prefixes of numbers and ranges of them, tokens as the list shows them, commas between; and a file of card numbers, one a line: those do not
 * belong on a command line, which others can read.
 */
const CHANGES = ["data", "host-key", "bins", "tokens", "file"] as const;
export const BLOCK_VERBS = {
  "block add": { takes: CHANGES, run: (values: Values) => block("add", values) },
  "block remove": { takes: CHANGES, run: (values: Values) => block("remove", values) },
  "block list": { takes: ["data", "host-key"] as const, run: (values: Values) => block("list", values) },
};

async function block(action: "add" | "remove" | "list", values: Values): Promise<number> {
  const { bins, tokens: named, file } = values;
  const isChange = action !== "list";
  if (isChange && !bins && !named && !file)
    throw new UsageError(`block ${action} needs --bins, --tokens or --file FILE.`);
  if (file !== undefined && !existsSync(file)) throw new UsageError(`--file ${file}: there is no such file.`);
  const prefixes = wordsOf(bins).flatMap(readPrefixes);
  const given = wordsOf(named).map(readToken);
  const numbers = file === undefined ? [] : numbersOf(file);
  const host = await openHost(databaseOf(values));
  try {
    const tokens = [...given, ...numbers.map((number) => tokenOf(host.hostKey, number))];
    const list = await host.store.transact(async (session) => {
      const change = { prefixes, tokens };
      const next = isChange && (await changeList(session, host.hostKey, change, action === "add"));
      return next || readList(await newestList(session));
    });
    process.stdout.write(`${lines(list).join("\n")}\n`);
    process.stdout.write(`${await progress(host.store, list.version)}\n`);
  } finally {
    await host.close();
  }
  return 0;
}

/** What a script does to the list. */
export function blockAt({ store, hostKey }: Host): Player["block"] {
  return async (digits, isAdding) => {
    const isPrefix = digits.length < 12;
    const change = { prefixes: isPrefix ? [digits] : [], tokens: isPrefix ? [] : [tokenOf(hostKey, digits)] };
    await store.transact((session) => changeList(session, hostKey, change, isAdding));
  };
}

function wordsOf(text = ""): string[] {
  return text === "" ? [] : text.split(",").map((each) => each.trim());
}

function numbersOf(file: string): string[] {
  const all = readFileSync(file, "utf8").split(/\r?\n/);
  try {
    return all.flatMap((line, index) => (line.trim() === "" ? [] : [readNumber(line.trim(), index + 1)]));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

function lines({ version, prefixes, tokens }: Blocks): string[] {
  return [
    `Version ${version}: ${prefixes.length + tokens.length} of ${ENTRIES_MAX} entries`,
    ...prefixes.map((prefix) => `prefix ${prefix}`),
    ...tokens.map((token) => `card   ${token}`),
  ];
}

/** The host goes by it at once; a terminal loads it behind its next transaction, sign-on or echo. */
async function progress(session: Session, version: number): Promise<string> {
  const rows = await session.query("select block_version from terminal where block_version is not null");
  const have = rows.filter((row) => Number(row.block_version) === version).length;
  return `The host goes by it now; ${have} of ${rows.length} terminals have it, the others load it when they are next heard.`;
}
