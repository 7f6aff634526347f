/**
 * Sells one minor unit after another, from the given STAN on, and prints each STAN when it is committed. With a fault named, the
 * disk fails so after the given number of sales: `sync` (what fsync says of a broken disk), `write` (full).
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

const [folder = "", first = "", fault = "", faultAfter = ""] = process.argv.slice(2);
let isBroken = false;

/** The host takes these functions from `node:fs` when it is loaded: so they are put there before. */
function breakable<Name extends "fsyncSync" | "fdatasyncSync" | "writeSync">(name: Name, code: string): void {
  const works = fs[name] as (...words: unknown[]) => unknown;
  (fs as Record<string, unknown>)[name] = (...words: unknown[]) => {
    // Its own output still works.
    if (isBroken && (words[0] as number) > 2) throw Object.assign(new Error(`${code}: disk`), { code });
    return works(...words);
  };
}
if (fault === "sync") for (const name of ["fsyncSync", "fdatasyncSync"] as const) breakable(name, "EIO");
if (fault === "write") breakable("writeSync", "ENOSPC");
syncBuiltinESMExports();

const { openStore } = await import("../../../src/host/store");
const { HOST_KEY, sell } = await import("./sale");

const store = await openStore(undefined, join(folder, "db"));
for (let stan = Number(first); ; stan++) {
  isBroken = fault !== "" && stan - Number(first) >= Number(faultAfter);
  await store.transact((session) => sell(session, HOST_KEY, stan));
  process.stdout.write(`${stan}\n`);
}
