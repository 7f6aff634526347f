/** A handheld and its host, wired together: what `run`, `start` and the tests play in. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Host, openHost } from "../host/host";
import type { Change } from "../host/issuer";
import { initialKey, loadRegisters } from "../host/dukpt";
import { testBaseKey, testKey, testPinKeyId } from "../host/keys";
import { ADMIN, keptPin } from "../host/operator-pin";
import type { PinKey } from "../host/pin";
import { TEST_CURRENCY, TEST_MERCHANT } from "../host/seed";
import type { Engine, EngineName } from "../sim/engines/engine";
import { openEspruino } from "../sim/engines/espruino";
import { openJerryscript } from "../sim/engines/jerryscript";
import { openNode } from "../sim/engines/node";
import { Handheld } from "../sim/handheld";
import type { HandheldEvent } from "../sim/handheld-options";
import { type FactoryPinKeys, type FactorySettings, factoryImage } from "../sim/journal-image";
import type { FactoryAdmin } from "../sim/operator-image";
import { seededBytes } from "../sim/random";
import { FlashTwin } from "../sim/twins/flash";
import type { OpenNet } from "../sim/twins/net";
import type { PanelName } from "../sim/twins/panel";

export const ROOT = join(import.meta.dirname, "..", "..");
export const FACTORY_TID = "00000001";
/** The day on which every script is played, so that two runs give the same slips. */
const SCRIPT_DAY_MS = Date.UTC(2026, 0, 5, 12, 0, 0);

const BUNDLES: Record<PanelName, string> = {
  text: join(ROOT, "dist", "console.js"),
  oled: join(ROOT, "dist", "console-oled.js"),
  tft: join(ROOT, "dist", "console-tft.js"),
  touch: join(ROOT, "dist", "console-touch.js"),
};
export const BUNDLE = BUNDLES.text;

export function openEngine(name: EngineName, panel: PanelName = "text"): Engine {
  const bundle = BUNDLES[panel];
  if (name === "espruino") return openEspruino(bundle);
  return name === "jerryscript" ? openJerryscript(bundle) : openNode(bundle);
}

export function factorySettings(tid: string, extras: Partial<FactorySettings> = {}): FactorySettings {
  return {
    tid,
    mid: TEST_MERCHANT.mid,
    currencyCode: TEST_CURRENCY.code,
    currencyNumber: TEST_CURRENCY.number,
    exponent: TEST_CURRENCY.exponent,
    host: "tillet-host",
    hostPort: 7583,
    merchantName: TEST_MERCHANT.name,
    merchantPlace: TEST_MERCHANT.place,
    month: "2601",
    mode: "test",
    tap: "hsu",
    pin: "4",
    // A script may wait for hours, and the next key is meant.
    sleep: 0,
    ...extras,
  };
}

/** What the device is loaded with: never the initial key itself, from which all its keys come. */
export function loadedPinKeys({ id, key }: PinKey): FactoryPinKeys {
  return { id, registers: loadRegisters(key, id) };
}

/** Everybody knows it, as the keys of a test terminal. */
export const TEST_ADMIN_PIN = "73914682";

function testAdmin(): FactoryAdmin {
  const secret = Buffer.alloc(32, "tillet test secret of operators ");
  return { secret, kept: keptPin(secret, ADMIN, TEST_ADMIN_PIN) };
}

/** Flash of the factory's test terminal; `settings` where it differs. */
export function testImage(tid: string, settings: Partial<FactorySettings> = {}): Uint8Array {
  const id = testPinKeyId(tid);
  const pinKeys = loadedPinKeys({ id, key: initialKey(testBaseKey().key, id) });
  return factoryImage(
    { ...factorySettings(tid), ...settings },
    testKey(tid),
    1,
    pinKeys,
    settings.operators && testAdmin(),
  );
}

/** YYYYMMDDhhmmss of a script's time. */
export function scriptTime(nowMs: number): string {
  return new Date(SCRIPT_DAY_MS + nowMs).toISOString().replace(/[-:T]/g, "").slice(0, 14);
}

export interface WorldOptions {
  /** By name, or one that is there already. */
  engine: EngineName | Engine;
  /** Without it a temporary folder, which goes with the world. */
  folder?: string | undefined;
  seed: number;
  /** The display; text unless given. */
  panel?: PanelName | undefined;
  /** What differs from the factory's settings; its printer is built in. */
  settings?: Partial<FactorySettings> | undefined;
  onEvent: (timeMs: number, event: HandheldEvent) => void;
  onChange: (timeMs: number, change: Change) => void;
  /** Bytes that leave the handheld for the host. */
  onSent?: (bytes: string) => void;
  /** Another network than TCP. */
  openNet?: OpenNet | undefined;
}

export interface World {
  handheld: Handheld;
  flash: FlashTwin;
  host: Host;
  tid: string;
  close(): Promise<void>;
}

/** A world in virtual time: the same seed gives the same run. */
export async function openScriptWorld(options: WorldOptions): Promise<World> {
  const tid = FACTORY_TID;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "tillet-run-"));
  const random = seededBytes(options.seed);
  let handheld: Handheld | null = null;
  const nowMs = () => handheld?.nowMs ?? 0;
  const host = await openHost({
    folder,
    testTids: [tid],
    localTime: () => scriptTime(nowMs()),
    digits: (count) => Array.from(random(count), (char) => char.charCodeAt(0) % 10).join(""),
    randomBytes: (count) => Buffer.from(random(count), "latin1"),
    onChange: (change) => options.onChange(nowMs(), change),
  });
  const flash = new FlashTwin(testImage(tid, options.settings));
  handheld = openHandheld(options, flash, host, random);
  const opened = handheld;
  return {
    handheld,
    flash,
    host,
    tid,
    close: async () => {
      await opened.powerCut();
      await host.close();
      if (!options.folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One handheld on a host that is there already. */
export function openHandheld(
  options: Pick<WorldOptions, "engine" | "onEvent" | "onSent" | "settings" | "panel" | "openNet">,
  flash: FlashTwin,
  host: Host,
  randomBytes: (count: number) => string,
  isLive = false,
): Handheld {
  const panel = options.panel ?? "text";
  return new Handheld({
    engine: typeof options.engine === "string" ? openEngine(options.engine, panel) : options.engine,
    panel,
    flash,
    door: { address: "127.0.0.1", port: host.port, quiet: (localPort, sent) => host.gateway.quiet(localPort, sent) },
    onEvent: options.onEvent,
    onSent: options.onSent,
    randomBytes,
    printer: options.settings?.printer,
    finger: options.settings?.finger,
    openNet: options.openNet,
    isLive,
  });
}
