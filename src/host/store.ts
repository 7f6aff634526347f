/**
 * The host's database behind one small interface: a PostgreSQL server (`DATABASE_URL`), or PGlite in a folder. Both speak the
 * same plain SQL: no sequences as hot keys, no triggers, no advisory locks, so that a distributed engine can take over.
 */
import pg from "pg";
import { openPglite } from "./pglite";

export type Value = string | number | boolean | Uint8Array | null;
export type Row = Record<string, Value>;

/** Runs statements; inside `Store.transact` all of one transaction. */
export interface Session {
  query(sql: string, values?: readonly Value[]): Promise<Row[]>;
}

export interface Store extends Session {
  /** Runs `work` in a transaction and commits; again from its start when the database asks for that. Throws what `work` throws. */
  transact<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** PostgreSQL: serialization failure, deadlock, and a unique key that a concurrent transaction took first. */
const RETRY_CODES = new Set(["40001", "40P01", "23505"]);
const TRIES_MAX = 5;
/** OIDs whose text a driver would hand over as a string: int8 and numeric. Sums of minor units stay below 2^53. */
const INT8 = 20;
const NUMERIC = 1700;

export async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const code = (error as { code?: string }).code ?? "";
      if (!RETRY_CODES.has(code) || tries === TRIES_MAX) throw error;
    }
  }
}

/** Opens the server named by `databaseUrl`, or else the folder. */
export async function openStore(databaseUrl: string | undefined, folder: string): Promise<Store> {
  return databaseUrl ? openServer(databaseUrl) : openFolder(folder);
}

async function openServer(databaseUrl: string): Promise<Store> {
  const types = {
    getTypeParser: (oid: number, format?: "text" | "binary") =>
      oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, format),
  } as pg.CustomTypesConfig;
  const pool = new pg.Pool({ connectionString: databaseUrl, types, max: 16 });
  // A connection that breaks says so as an event too, and unheard that ends the process. Its query fails by itself; the pool drops it.
  const ignore = () => undefined;
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  return {
    query: async (sql, values = []) => (await pool.query(sql, [...values])).rows,
    close: () => pool.end(),
    transact: (work) =>
      withRetries(async () => {
        const client = await pool.connect();
        const session: Session = { query: async (sql, values = []) => (await client.query(sql, [...values])).rows };
        try {
          await client.query("begin");
          const result = await work(session);
          // After a failed statement that `work` kept to itself, PostgreSQL answers a commit with a rollback.
          const { command } = await client.query("commit");
          if (command !== "COMMIT") throw new Error("The database rolled back what it was told to commit.");
          client.release();
          return result;
        } catch (error) {
          await client.query("rollback").catch(() => undefined);
          client.release();
          throw error;
        }
      }),
  };
}

async function openFolder(folder: string): Promise<Store> {
  const { db, release } = await openPglite(folder);
  const parsers = { [INT8]: Number, [NUMERIC]: Number };
  return {
    query: async (sql, values = []) => (await db.query<Row>(sql, [...values], { parsers })).rows,
    close: async () => {
      await db.close();
      await release();
    },
    transact: (work) =>
      withRetries(() =>
        db.transaction((tx) =>
          work({ query: async (sql, values = []) => (await tx.query<Row>(sql, [...values], { parsers })).rows }),
        ),
      ),
  };
}
