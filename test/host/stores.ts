/** Places for a host's database: PGlite in a temporary folder, and a real PostgreSQL server where one can be had (`server.ts`). */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe, inject } from "vitest";

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

const { url: serverUrl, whyNot } = inject("postgres");

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
  whyNot,
  isServer: true,
  openPlace: async () => {
    const schema = `tillet_${randomUUID().replaceAll("-", "")}`;
    const folder = temporaryFolder();
    await runOn(serverUrl, `create schema ${schema}`);
    return {
      folder,
      databaseUrl: withOption(serverUrl, `search_path=${schema}`),
      remove: async () => {
        await runOn(serverUrl, `drop schema ${schema} cascade`);
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
