/**
 * PGlite made fit for money. As shipped it runs with `fsync=off` and two processes may open one folder and destroy it; here a
 * commit is on disk before it is answered, and the folder has one owner.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  cpSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createServer, connect, type Server } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

interface Stream {
  nfd?: number;
  node: unknown;
}
interface NodeFsModule {
  NODEFS: { stream_ops: { fsync?: (stream: Stream) => number }; realPath(node: unknown): string };
}

/** The number of EIO in this build's C library. */
const EIO = 29;

/** Counts what reached the disk; a test holds it against the commits. */
export const syncs = { count: 0 };

/** NodeFS forgets fsync. With it, PostgreSQL's own write-ahead log is durable. */
class DurableFs extends NodeFS {
  override async init(pg: PGlite, options: Parameters<NodeFS["init"]>[1]): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(pg, options);
    const preRun = (emscriptenOpts.preRun ?? []) as ((module: NodeFsModule) => void)[];
    preRun.push(({ NODEFS }) => {
      NODEFS.stream_ops.fsync = (stream) => {
        syncs.count++;
        try {
          if (stream.nfd !== undefined) fdatasyncSync(stream.nfd);
          else syncPath(NODEFS.realPath(stream.node));
          return 0;
        } catch {
          return EIO;
        }
      };
    });
    return { emscriptenOpts: { ...emscriptenOpts, preRun: preRun as never, printErr, onAbort } };
  }
}

/** Of what PostgreSQL says, only why it gives up. */
function printErr(text: string): void {
  if (text.includes("PANIC:")) process.stderr.write(`host: ${text}\n`);
}

/**
 * PostgreSQL gave up, as it must when a write or fsync of its log fails. PGlite would go round for ever; nobody but a new process
 * can tell what the disk holds.
 */
function onAbort(): never {
  process.stderr.write(
    "host: the database gave up. Look at the disk, then start the host again: what was answered is kept.\n",
  );
  process.exit(1);
}

function syncPath(path: string): void {
  const fd = openSync(path, "r");
  fsyncSync(fd);
  closeSync(fd);
}

/** `fdatasync` is an empty stub in this build, so the default method would sync nothing. */
function startParams(): string[] {
  const shipped = PGlite.defaultStartParams.filter((each) => each !== "-F");
  return [...shipped, "-c", "fsync=on", "-c", "wal_sync_method=fsync"];
}

/** Opens the database in `folder`, made anew when it is not there. Throws when another process has it. */
export async function openPglite(folder: string): Promise<{ db: PGlite; release: () => Promise<void> }> {
  mkdirSync(dirname(folder), { recursive: true });
  const lock = await takeLock(folder);
  try {
    if (!existsSync(folder)) await copyTemplate(folder);
    const db = new PGlite({ fs: new DurableFs(folder), startParams: startParams() });
    await db.waitReady;
    return { db, release: () => new Promise((resolve) => lock.close(() => resolve())) };
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** An empty cluster takes seconds to make and is always the same: made once, then copied. */
async function copyTemplate(folder: string): Promise<void> {
  await makeTemplate();
  const copy = `${folder}.${process.pid}`;
  cpSync(templateFolder(), copy, { recursive: true });
  syncTree(copy);
  renameSync(copy, folder);
  syncPath(dirname(folder));
}

/** PostgreSQL syncs only what it writes itself, so a copy must be on disk before it is used. */
function syncTree(folder: string): void {
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) syncPath(join(folder, path));
  syncPath(folder);
}

export async function makeTemplate(): Promise<void> {
  const template = templateFolder();
  if (existsSync(template)) return;
  const making = `${template}.${process.pid}`;
  mkdirSync(dirname(template), { recursive: true });
  const db = new PGlite(making);
  await db.waitReady;
  await db.close();
  syncTree(making);
  try {
    renameSync(making, template);
  } catch (error) {
    // Another process was faster.
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
}

function templateFolder(): string {
  return join(import.meta.dirname, "..", "..", ".cache", "empty-database");
}

/**
 * A listening socket is a lock that ends with its process, however that ends. On Linux its name is in no folder: nothing stays behind
 * that two who come at once could both clear away, and every temporary folder gives the same lock.
 */
function takeLock(folder: string): Promise<Server> {
  const path = existsSync(folder) ? realpathSync(folder) : join(realpathSync(dirname(folder)), basename(folder));
  const name = `tillet-${createHash("sha256").update(path).digest("hex").slice(0, 24)}.lock`;
  const isAbstract = process.platform === "linux";
  const address = isAbstract ? `\0${name}` : join(tmpdir(), name);
  const listen = (): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer((socket) => socket.end());
      server.once("error", reject);
      server.listen(address, () => resolve(server.unref()));
    });
  return listen().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    if (isAbstract || (await isAnswered(address)))
      throw new Error(`${folder} is in use by another Tillet host. Stop it, or name another folder.`);
    rmSync(address, { force: true });
    return listen();
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("data", () => socket.destroy());
    socket.on("connect", () => socket.destroy());
  });
}
