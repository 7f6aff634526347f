/** The reference host: database, keys, issuer and gateway, opened and closed as one. */
import { randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import { describe } from "./describe";
import { type Gateway, openGateway } from "./gateway";
import type { Change, World } from "./issuer";
import { testIssuers } from "./issuer-keys";
import { openHostKey, openKey, testKey } from "./keys";
import { migrate } from "./schema";
import { seedTest } from "./seed";
import { handleLine, type Refusal } from "./service";
import { type Totals, totals } from "./settle";
import { openStore, type Store } from "./store";

export interface HostOptions {
  /** Folder of the embedded database and the host's key. */
  folder: string;
  databaseUrl?: string | undefined;
  /** Instead of a database and a key in files: a simulation's, that nobody else opens. */
  simulated?: { store: Store; hostKey: Uint8Array } | undefined;
  /** The host's key; `host.key` in the folder unless given. Kept elsewhere, a copy of the folder opens nothing. */
  hostKeyFile?: string | undefined;
  /** TCP port, 0 for any; on the loopback unless `address` says otherwise. */
  port?: number;
  address?: string;
  /** Seeds test cards and these terminals with test keys. Without it a database that holds any is refused. */
  testTids?: readonly string[] | undefined;
  localTime?: () => string;
  digits?: (count: number) => string;
  randomBytes?: (count: number) => Uint8Array;
  onChange?: (change: Change) => void;
  /** What went through the seals, in words that a log may keep: a request and, if there is one, its answer. */
  onMessages?: (lines: string[]) => void;
  onError?: (error: unknown) => void;
}

export interface Host {
  port: number;
  hostKey: Uint8Array;
  store: Store;
  gateway: Gateway;
  /** From a line of the link to the line to send back, or null for silence: what the gateway does with each. */
  answer(line: string): Promise<string | null>;
  /** Frames that got no answer, by reason. */
  refusals: Map<Refusal, number>;
  /** The number of a terminal's batch. */
  openBatch(tid: string): Promise<number>;
  /** Both sides of a terminal's batch, as a settlement compares them. */
  sides(tid: string, batch: number): Promise<Totals>;
  /** Its debit side: captured and not reversed. */
  totals(tid: string, batch: number): Promise<{ count: number; total: number }>;
  close(): Promise<void>;
}

function wallClock(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, "0");
  const date = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(two).join("");
  return date + [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("");
}

function randomDigits(count: number): string {
  return String(randomInt(10 ** count)).padStart(count, "0");
}

export async function openHost(options: HostOptions): Promise<Host> {
  const { simulated } = options;
  const store = simulated?.store ?? (await openStore(options.databaseUrl, join(options.folder, "db")));
  try {
    const hostKey = simulated?.hostKey ?? openHostKey(options.hostKeyFile ?? join(options.folder, "host.key"));
    await store.transact(migrate);
    await checkHostKey(store, hostKey);
    if (options.testTids) await seedTestTerminals(store, hostKey, options.testTids);
    else await refuseTestKeys(store, hostKey);
    return await serve(
      store,
      {
        hostKey,
        localTime: options.localTime ?? wallClock,
        digits: options.digits ?? randomDigits,
        randomBytes: options.randomBytes ?? randomBytes,
      },
      options,
    );
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** One key seals all terminals' keys: trying it on one of them tells. */
async function checkHostKey(store: Store, hostKey: Uint8Array): Promise<void> {
  const [terminal] = await store.query("select key_box from terminal limit 1");
  if (terminal) openKey(hostKey, terminal.key_box as Uint8Array);
}

function seedTestTerminals(store: Store, hostKey: Uint8Array, tids: readonly string[]): Promise<void> {
  return store.transact((session) => seedTest(session, hostKey, tids));
}

/** A real host holds no test card, no test issuer, no test terminal, and no terminal whose key is a test key under another name. */
async function refuseTestKeys(store: Store, hostKey: Uint8Array): Promise<void> {
  const cards = await store.query("select count(*) as count from card where is_test");
  const terminals = await store.query("select tid, key_box, is_test from terminal");
  const isTestKey = (tid: string, box: Uint8Array) => Buffer.from(openKey(hostKey, box)).equals(testKey(tid));
  const testTids = terminals
    .filter((each) => each.is_test || isTestKey(String(each.tid), each.key_box as Uint8Array))
    .map((each) => String(each.tid));
  if (testTids.length > 0 || Number(cards[0]?.count) > 0) {
    throw new Error(
      `This database holds test cards or test terminals (${testTids.join(", ") || "none"}), whose keys are public. ` +
        "Start the host in test mode, or give it another folder or database.",
    );
  }
  const issuers = await testIssuers(store, hostKey);
  if (issuers.length > 0) throw new Error(`The key of issuer ${issuers.join(", ")} is the test key, which is public.`);
}

async function serve(store: Store, world: World, options: HostOptions): Promise<Host> {
  const refusals = new Map<Refusal, number>();
  const onError =
    options.onError ?? ((error) => console.error(`host: ${error instanceof Error ? error.message : error}`));
  const answer = async (line: string): Promise<string | null> => {
    const { reply, change, refusal, messages } = await handleLine(store, world, line);
    if (messages) options.onMessages?.(messages.flatMap(describe));
    if (refusal) refusals.set(refusal, (refusals.get(refusal) ?? 0) + 1);
    if (change) options.onChange?.(change);
    return reply;
  };
  const gateway = await openGateway(options.port ?? 0, options.address ?? "127.0.0.1", answer, onError);
  return {
    port: gateway.port,
    hostKey: world.hostKey,
    store,
    gateway,
    answer,
    refusals,
    openBatch: async (tid) => Number((await store.query("select batch from terminal where tid = $1", [tid]))[0]?.batch),
    sides: (tid, batch) => totals(store, tid, batch),
    totals: async (tid, batch) => {
      const { debitCount, debitMinor } = await totals(store, tid, batch);
      return { count: debitCount, total: debitMinor };
    },
    close: async () => {
      await gateway.close();
      await store.close();
    },
  };
}
