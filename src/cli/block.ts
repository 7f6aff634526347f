/** `tillet block add | remove | list`: cards that no terminal takes, at the host. Terminals load the list over the link. */
import { readFileSync } from "node:fs";
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

export interface BlockCommand {
  folder: string;
  databaseUrl: string | undefined;
  hostKeyFile?: string | undefined;
  action: "add" | "remove" | "list";
  /** Prefixes and ranges of them, and tokens, commas between. */
  prefixes?: string | undefined;
  tokens?: string | undefined;
  /** Card numbers, one a line: they do not belong on a command line, which others can read. */
  file?: string | undefined;
}

export async function block(command: BlockCommand): Promise<number> {
  const { folder, databaseUrl, hostKeyFile, action, file } = command;
  const prefixes = wordsOf(command.prefixes).flatMap(readPrefixes);
  const given = wordsOf(command.tokens).map(readToken);
  const numbers = file === undefined ? [] : numbersOf(file);
  const host = await openHost({ folder, databaseUrl, hostKeyFile });
  try {
    const tokens = [...given, ...numbers.map((number) => tokenOf(host.hostKey, number))];
    const isChange = action !== "list";
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
