/** A script on a handheld and a host that are both in this process: as `tillet run` plays it, a few milliseconds each. */
import type { Picture } from "../../host/memory";
import { addCards, type TestCard } from "../../host/seed";
import { openNode } from "../../sim/engines/node";
import type { FactorySettings } from "../../sim/journal-image";
import { seededBytes } from "../../sim/random";
import type { ScriptEvent } from "../../sim/script";
import { FlashTwin } from "../../sim/twins/flash";
import type { OpenNet } from "../../sim/twins/net";
import { FAIR, WireTwin } from "../../sim/twins/wire";
import { type RunResult, runScript } from "../run";
import { BUNDLE, FACTORY_TID, openHandheld, scriptTime, testImage } from "../world";
import { openSimulatedHost, type SimulatedHost } from "./host";

export interface PlayOptions {
  script: string;
  scriptFolder: string;
  /** A handheld that is not new. */
  image?: Uint8Array;
  settings?: Partial<FactorySettings>;
  bundle?: string;
  onEvent?: (event: ScriptEvent) => void;
}

export class Stage {
  private nowMs = () => 0;
  private random = seededBytes(1);

  private constructor(
    readonly host: SimulatedHost,
    private readonly factory: Picture,
  ) {}

  static async open(cards: readonly TestCard[] = []): Promise<Stage> {
    let stage: Stage | null = null;
    const early = seededBytes(2);
    const host = await openSimulatedHost({
      tids: [FACTORY_TID],
      localTime: () => scriptTime(stage?.nowMs() ?? 0),
      randomBytes: (count) => (stage?.random ?? early)(count),
    });
    await host.store.transact((session) => addCards(session, host.host.hostKey, cards));
    stage = new Stage(host, host.store.picture());
    return stage;
  }

  close(): Promise<void> {
    return this.host.host.close();
  }

  /** Each time on the host as it was made. */
  play({
    script,
    scriptFolder,
    image,
    settings,
    bundle = BUNDLE,
    onEvent = () => undefined,
  }: PlayOptions): Promise<RunResult> {
    const { host } = this;
    host.store.restore(this.factory);
    this.random = seededBytes(1);
    const options = { script, scriptFolder, engine: openNode(bundle), seed: 1, settings, onEvent };
    return runScript(options, async (world) => {
      const flash = new FlashTwin(image ?? testImage(FACTORY_TID, world.settings));
      const openNet: OpenNet = (...wires) => new WireTwin(host, FAIR, ...wires);
      const handheld = openHandheld({ ...world, openNet }, flash, host.host, (count) => this.random(count));
      this.nowMs = () => handheld.nowMs;
      return { handheld, flash, host: host.host, tid: FACTORY_TID, close: () => handheld.powerCut() };
    });
  }
}
