/** The options of the command line, and what their texts mean. */
import { join } from "node:path";
import type { parseArgs } from "node:util";
import type { EngineName } from "../sim/engines/engine";
import { FINGER_MODELS, limitsTable } from "../sim/factory-settings";
import { type FactorySettings, LANGUAGES } from "../sim/journal-image";
import type { PlannedCut } from "../sim/twins/flash";
import { DEFAULT_MODEL, MODELS } from "../sim/twins/printer";
import type { HostCommand } from "./host";
import { ROOT } from "./world";

export const OPTIONS = {
  script: { type: "string" },
  engine: { type: "string", multiple: true },
  panel: { type: "string" },
  language: { type: "string" },
  seed: { type: "string" },
  cut: { type: "string" },
  data: { type: "string" },
  keep: { type: "string" },
  png: { type: "string" },
  printer: { type: "string" },
  "receipt-code": { type: "string" },
  memory: { type: "boolean" },
  operators: { type: "boolean" },
  card: { type: "string" },
  amount: { type: "string" },
  verbose: { type: "boolean" },
  port: { type: "string" },
  address: { type: "string" },
  test: { type: "boolean" },
  "host-key": { type: "string" },
  log: { type: "boolean" },
  keys: { type: "string" },
  wifi: { type: "string" },
  file: { type: "string" },
  tid: { type: "string" },
  mid: { type: "string" },
  host: { type: "string" },
  host2: { type: "string" },
  sleep: { type: "string" },
  name: { type: "string" },
  place: { type: "string" },
  currency: { type: "string" },
  out: { type: "string" },
  renew: { type: "boolean" },
  "no-rekey": { type: "boolean" },
  issuer: { type: "string" },
  tap: { type: "string" },
  finger: { type: "string" },
  pin: { type: "string" },
  tip: { type: "string" },
  cash: { type: "string" },
  floor: { type: "string" },
  limits: { type: "string" },
  bins: { type: "string" },
  tokens: { type: "string" },
  "closed-loop": { type: "boolean" },
  board: { type: "string" },
  bundle: { type: "string" },
  "erase-journal": { type: "boolean" },
  "erase-storage": { type: "boolean" },
  seeds: { type: "string" },
  transactions: { type: "string" },
  terminals: { type: "string" },
  cuts: { type: "boolean" },
  presses: { type: "string" },
  key: { type: "string" },
  version: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

export type Option = keyof typeof OPTIONS;
export type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>["values"];

const HOST_PORT = 7583;

/** Wrong words on the command line. */
export class UsageError extends Error {}

export function engineOf(names: readonly string[] | undefined): EngineName {
  const name = names?.at(-1);
  if (name === undefined || name === "node") return "node";
  if (name === "jerry" || name === "jerryscript") return "jerryscript";
  if (name === "espruino") return name;
  throw new UsageError(`--engine ${name}: known are node, espruino and jerry.`);
}

export function wordOf<T extends string>(option: string, words: readonly T[], text: string | undefined): T {
  if (text === undefined) return words[0] as T;
  const word = words.find((each) => each === text);
  if (word === undefined) throw new UsageError(`--${option} ${text}: known are ${words.join(", ")}.`);
  return word;
}

export function languageOf(text: string | undefined): Pick<FactorySettings, "language"> {
  return text === undefined ? {} : { language: wordOf("language", LANGUAGES, text) };
}

/** A sensor has nobody to know where there are no operators. */
export function fingerOf(text: string | undefined, hasOperators = false): Pick<FactorySettings, "finger"> {
  const finger = wordOf("finger", ["off", ...FINGER_MODELS], text);
  if (finger === "off") return {};
  if (!hasOperators) throw new UsageError("--finger is for operators: add --operators.");
  return { finger };
}

export function cutOf(text: string | undefined): PlannedCut | undefined {
  if (text === undefined) return undefined;
  const [, operation, bytesDone = "0"] = /^([1-9][0-9]*)(?::([0-9]+))?$/.exec(text) ?? [];
  if (!operation) throw new UsageError(`--cut ${text}: give the number of a flash operation, such as 3 or 3:16.`);
  return { operation: Number(operation), bytesDone: Number(bytesDone) };
}

export function portOf(text: string | undefined): number {
  if (text === undefined) return HOST_PORT;
  const port = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || port > 65535) {
    throw new UsageError(`--port ${text}: give a number from 0 (any free port) to 65535.`);
  }
  return port;
}

export function seedOf(text: string | undefined): number {
  if (text === undefined) return 1;
  if (!/^[0-9]{1,9}$/.test(text)) throw new UsageError(`--seed ${text}: give a whole number.`);
  return Number(text);
}

/** A whole number from 1 on. */
export function countOf(option: string, text: string | undefined, otherwise: number, most = 999_999_999): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9][0-9]{0,8}$/.test(text) || Number(text) > most)
    throw new UsageError(`--${option} ${text}: give a whole number from 1 to ${most}.`);
  return Number(text);
}

export function amountOf(text = "1250"): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text))
    throw new UsageError(`--amount ${text}: give minor units, such as 1250 for 12.50.`);
  return Number(text);
}

/** What a terminal may do besides, each with the greatest that it may be; left out unless given. */
export function tradeOf(values: Values): Pick<FactorySettings, "tip" | "cash" | "floor" | "limits" | "sleep"> {
  const all = Object.entries({ tip: 99, cash: 10000, floor: 999999999, sleep: 999 }).flatMap(([name, most]) => {
    const text = values[name as "tip" | "cash" | "floor" | "sleep"];
    if (text === undefined) return [];
    const least = name === "sleep" ? 0 : 1;
    if (!/^(0|[1-9][0-9]{0,8})$/.test(text) || Number(text) < least || Number(text) > most)
      throw new UsageError(`--${name} ${text}: a whole number from ${least} to ${most} wanted.`);
    return [[name, Number(text)]];
  });
  const amounts = Object.fromEntries(all) as Pick<FactorySettings, "tip" | "cash" | "floor" | "sleep">;
  return values.limits === undefined ? amounts : { ...amounts, limits: limitsOf(values.limits) };
}

function limitsOf(text: string): string {
  try {
    return limitsTable(text);
  } catch (error) {
    throw new UsageError(`--limits ${(error as Error).message}`);
  }
}

/** Printer, the receipt's symbol and language, as provisioning would set them. */
export function settingsOf({
  printer,
  "receipt-code": code,
  language,
  operators,
  finger,
}: Values): Partial<FactorySettings> {
  const known = Object.keys(MODELS);
  if (printer !== undefined && !known.includes(printer))
    throw new UsageError(`--printer ${printer}: known are ${known.join(", ")}.`);
  if (code !== undefined && code !== "qr" && code !== "bar")
    throw new UsageError(`--receipt-code ${code}: known are qr and bar.`);
  return {
    printer: printer ?? DEFAULT_MODEL,
    ...(code && { receiptCode: code }),
    ...languageOf(language),
    ...fingerOf(finger, operators),
    // A script need not wait long until it is locked.
    ...(operators && { operators: "on", lock: 1 }),
  };
}

/** Where the host keeps its files. */
export function folderOf(values: Values): string {
  return values.data ?? join(ROOT, "data");
}

export function databaseOf(values: Values): Pick<HostCommand, "folder" | "databaseUrl" | "hostKeyFile"> {
  return { folder: folderOf(values), databaseUrl: process.env.DATABASE_URL, hostKeyFile: values["host-key"] };
}
