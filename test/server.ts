/**
 * A PostgreSQL server for a run of tests: the one that `TILLET_TEST_DATABASE_URL` names, else one that is started from the programs on
 * this machine. What uses it makes a schema of its own, so that a user without rights to make databases will do.
 */
import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** `whyNot`: "" when there is one. */
export interface Server {
  url: string;
  whyNot: string;
  stop(): Promise<void>;
}

declare module "vitest" {
  interface ProvidedContext {
    postgres: Pick<Server, "url" | "whyNot">;
  }
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

const nothing = () => Promise.resolve();

export async function openServer(): Promise<Server> {
  const given = process.env.TILLET_TEST_DATABASE_URL;
  if (given) return { url: given, whyNot: "", stop: nothing };
  const programs = findPrograms();
  if (typeof programs === "string") return { url: "", whyNot: programs, stop: nothing };
  const { user } = programs;
  const folder = mkdtempSync(join(tmpdir(), "tillet-pg-"));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid);
  const run = (program: string, words: string[]) =>
    new Promise<void>((resolve, reject) => {
      const child = spawn(join(programs.folder, program), words, { ...user, cwd: folder, stdio: "ignore" });
      child.once("error", reject);
      child.once("exit", (status) =>
        status === 0
          ? resolve()
          : reject(new Error(`${program} ${words.join(" ")} gave ${status}; see ${join(folder, "log")}`)),
      );
    });
  const data = join(folder, "data");
  await run("initdb", ["-D", data, "-U", "tillet", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
  await run("pg_ctl", [
    "start",
    "-w",
    "-D",
    data,
    "-l",
    join(folder, "log"),
    "-o",
    `-F -k ${folder} -c listen_addresses=''`,
  ]);
  return {
    url: `postgres://tillet@/postgres?host=${encodeURIComponent(folder)}`,
    whyNot: "",
    stop: async () => {
      await run("pg_ctl", ["stop", "-w", "-D", data, "-m", "immediate"]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
