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
        if (stream.nfd !== undefined) fdatasyncSync(stream.nfd);
        else syncPath(NODEFS.realPath(stream.node));
        return 0;
      };
    });
    return { emscriptenOpts: { ...emscriptenOpts, preRun: preRun as never } };
  }
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
  renameSync(copy, folder);
}

export async function makeTemplate(): Promise<void> {
  const template = templateFolder();
  if (existsSync(template)) return;
  const making = `${template}.${process.pid}`;
  mkdirSync(dirname(template), { recursive: true });
  const db = new PGlite(making);
  await db.waitReady;
  await db.close();
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

/** A listening socket is a lock that ends with its process, however that ends. */
function takeLock(folder: string): Promise<Server> {
  const name = createHash("sha256")
    .update(join(realpathSync(dirname(folder)), basename(folder)))
    .digest("hex")
    .slice(0, 24);
  const path = join(tmpdir(), `tillet-${name}.lock`);
  const listen = (): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer((socket) => socket.end());
      server.once("error", reject);
      server.listen(path, () => resolve(server.unref()));
    });
  return listen().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    if (await isAnswered(path))
      throw new Error(`${folder} is in use by another Tillet host. Stop it, or name another folder.`);
    rmSync(path, { force: true });
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
