/** Worlds for tests: one host for many runs, emptied in between, so that a run costs milliseconds and starts like the first. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunOptions, type RunResult, runScript } from "../src/cli/run";
import { FACTORY_TID, openHandheld, scriptTime, testImage, type World, type WorldOptions } from "../src/cli/world";
import { type Host, openHost } from "../src/host/host";
import type { Change } from "../src/host/issuer";
import { addCards, type TestCard } from "../src/host/seed";
import type { FactorySettings } from "../src/sim/journal-image";
import { seededBytes } from "../src/sim/random";
import type { ScriptEvent } from "../src/sim/script";
import { FlashTwin } from "../src/sim/twins/flash";

const TABLES = [
  "difference",
  "upload",
  "settlement",
  "entry",
  "posting",
  "txn",
  "card_chip",
  "chip_sale",
  "issuer_key",
  "card_pin",
  "card",
  "account",
  "exchange",
  "pin_key",
  "base_key",
  "terminal",
  "merchant",
  "tap_parameters",
  "firmware",
  "block_list",
];

export interface SharedHost {
  host: Host;
  folder: string;
  /** A world on the emptied host. `image` stands for a handheld that is not new. */
  openWorld(options: WorldOptions, image?: Uint8Array): Promise<World>;
  close(): Promise<void>;
}

/** `cards`: more cards than a host in test mode has. `randomBytes`: what the host draws its keys from, where not from the world's seed. */
export async function openSharedHost(
  cards: readonly TestCard[] = [],
  randomBytes?: (count: number) => Uint8Array,
): Promise<SharedHost> {
  const folder = mkdtempSync(join(tmpdir(), "tillet-test-"));
  let nowMs = () => 0;
  let digits = seededBytes(1);
  let onChange: (timeMs: number, change: Change) => void = () => undefined;
  const host = await openHost({
    folder,
    testTids: [FACTORY_TID],
    localTime: () => scriptTime(nowMs()),
    digits: (count) => Array.from(digits(count), (char) => char.charCodeAt(0) % 10).join(""),
    randomBytes: randomBytes ?? ((count) => Buffer.from(digits(count), "latin1")),
    onChange: (change) => onChange(nowMs(), change),
  });
  await host.store.transact((session) => addCards(session, host.hostKey, cards));
  await keepSeed(host);
  // Thousands of runs that are thrown away need not reach the disk; that commits do is shown in `host/pglite.test.ts`.
  await host.store.query("set synchronous_commit = off");
  return {
    host,
    folder,
    openWorld: async (options, image = newImage(options.settings)) => {
      await empty(host);
      digits = seededBytes(options.seed);
      onChange = options.onChange;
      const flash = new FlashTwin(image);
      const handheld = openHandheld(options, flash, host, digits);
      nowMs = () => handheld.nowMs;
      return { handheld, flash, host, tid: FACTORY_TID, close: () => handheld.powerCut() };
    },
    close: async () => {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Keeps what the seed made; a run begins with a copy of it. One statement each: foreign keys are checked at its end. */
async function keepSeed(host: Host): Promise<void> {
  for (const table of TABLES) await host.store.query(`create table seed_${table} as select * from ${table}`);
}

async function empty(host: Host): Promise<void> {
  const all = (change: (table: string) => string) =>
    `with ${TABLES.slice(1)
      .map((table) => `x_${table} as (${change(table)})`)
      .join(", ")} ${change(TABLES[0] as string)}`;
  await host.store.query(all((table) => `delete from ${table}`));
  await host.store.query(all((table) => `insert into ${table} select * from seed_${table}`));
}

export function newImage(settings?: Partial<FactorySettings>): Uint8Array {
  return testImage(FACTORY_TID, settings);
}

export interface Played extends RunResult {
  events: ScriptEvent[];
  sent: string[];
}

/** Plays a script on a shared host. */
export async function playOn(
  shared: SharedHost,
  script: string,
  options: Partial<Omit<RunOptions, "script" | "onEvent" | "onSent">> & { image?: Uint8Array } = {},
): Promise<Played> {
  const events: ScriptEvent[] = [];
  const sent: string[] = [];
  const result = await runScript(
    {
      engine: options.engine ?? "node",
      panel: options.panel,
      seed: options.seed ?? 1,
      cut: options.cut,
      pngFolder: options.pngFolder,
      settings: options.settings,
      withMemory: options.withMemory ?? false,
      script,
      scriptFolder: options.scriptFolder ?? join(import.meta.dirname, "scripts"),
      onEvent: (event) => events.push(event),
      onSent: (bytes) => sent.push(bytes),
    },
    (world) => shared.openWorld(world, options.image),
  );
  return { ...result, events, sent };
}
