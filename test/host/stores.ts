/**
 * Places for a host's database: PGlite in a temporary folder, and a real PostgreSQL server where one can be had: the one that
 * `TILLET_TEST_DATABASE_URL` names, else one started for this test file from the programs on this machine.
 */
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import pg from "pg";
import { afterAll, describe } from "vitest";

/** What `openHost` takes. */
export interface Place {
  folder: string;
  databaseUrl?: string;
  remove(): Promise<void>;
}

export interface StoreKind {
  name: string;
  /** "" when it can be used here. */
  whyNot: string;
  isServer: boolean;
  openPlace(): Promise<Place>;
}

/** The programs of a server and who may run them: they refuse root. */
interface Programs {
  folder: string;
  user: { uid?: number; gid?: number };
}

const DEBIAN_FOLDER = "/usr/lib/postgresql";

function findPrograms(): Programs | string {
  const debian = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER).sort((a, b) => Number(b) - Number(a)) : [];
  const folder = [
    ...debian.map((version) => join(DEBIAN_FOLDER, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter),
  ].find((each) => existsSync(join(each, "initdb")) && existsSync(join(each, "pg_ctl")));
  if (!folder) return "no initdb on this machine";
  if (process.getuid?.() !== 0) return { folder, user: {} };
  const user = { uid: idOf("-u"), gid: idOf("-g") };
  const { status } = spawnSync(join(folder, "initdb"), ["--version"], user);
  return status === 0 ? { folder, user } : "root here, and nobody else may run initdb";
}

/** Any user with a name will do. */
function idOf(option: "-u" | "-g"): number {
  const { status, stdout } = spawnSync("id", [option, "postgres"], { encoding: "utf8" });
  return status === 0 ? Number(stdout) : 65534;
}

const programs = findPrograms();
let server: { url: string; stop(): void } | undefined;

/** One server a test file; its databases are schemas, so that a user without rights to make databases will do. */
function openServer(): string {
  if (process.env.TILLET_TEST_DATABASE_URL) return process.env.TILLET_TEST_DATABASE_URL;
  if (typeof programs === "string") throw new Error(programs);
  if (server) return server.url;
  const { user } = programs;
  const folder = mkdtempSync(join(tmpdir(), "tillet-pg-"));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid);
  const run = (program: string, words: string[]) => {
    const { status } = spawnSync(join(programs.folder, program), words, { ...user, cwd: folder, stdio: "ignore" });
    if (status !== 0) throw new Error(`${program} ${words.join(" ")} gave ${status}; see ${join(folder, "log")}`);
  };
  const data = join(folder, "data");
  run("initdb", ["-D", data, "-U", "tillet", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
  run("pg_ctl", ["start", "-w", "-D", data, "-l", join(folder, "log"), "-o", `-F -k ${folder} -c listen_addresses=''`]);
  server = {
    url: `postgres://tillet@/postgres?host=${encodeURIComponent(folder)}`,
    stop: () => {
      run("pg_ctl", ["stop", "-w", "-D", data, "-m", "immediate"]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return server.url;
}

// Of the test file that imports this.
afterAll(() => server?.stop());

/** Runs statements on a connection of its own. */
export async function runOn(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const temporaryFolder = () => mkdtempSync(join(tmpdir(), "tillet-test-"));

export const PGLITE: StoreKind = {
  name: "PGlite",
  whyNot: "",
  isServer: false,
  openPlace: async () => {
    const folder = temporaryFolder();
    return { folder, remove: async () => rmSync(folder, { recursive: true, force: true }) };
  },
};

export const SERVER: StoreKind = {
  name: "PostgreSQL",
  whyNot: process.env.TILLET_TEST_DATABASE_URL || typeof programs !== "string" ? "" : programs,
  isServer: true,
  openPlace: async () => {
    const url = openServer();
    const schema = `tillet_${randomUUID().replaceAll("-", "")}`;
    const folder = temporaryFolder();
    await runOn(url, `create schema ${schema}`);
    return {
      folder,
      databaseUrl: withOption(url, `search_path=${schema}`),
      remove: async () => {
        await runOn(url, `drop schema ${schema} cascade`);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

/** For what is the same on both. */
export const FASTEST = SERVER.whyNot === "" ? SERVER : PGLITE;

/** The same server with a setting of its own for each connection. */
export function withOption(url: string, setting: string): string {
  const [, before = ""] = /[?&]options=([^&]*)/.exec(url) ?? [];
  const bare = url.replace(/[?&]options=[^&]*/, "");
  return `${bare}${bare.includes("?") ? "&" : "?"}options=${before}${encodeURIComponent(` -c ${setting}`)}`;
}

/** The suite on one kind of store; skipped with the reason in its name. */
export function describeOn(kind: StoreKind, title: string, suite: () => void): void {
  const reason = kind.whyNot ? ` (skipped: ${kind.whyNot})` : "";
  describe.skipIf(kind.whyNot !== "")(`${title} on ${kind.name}${reason}`, suite);
}

/** The same suite on every kind of store. */
export function describeEach(title: string, suite: (kind: StoreKind) => void): void {
  for (const kind of [PGLITE, SERVER]) describeOn(kind, title, () => suite(kind));
}
