/** Which of the quick tests turns red over a bundle whose machine was changed: `tools/mutate` makes them. */
import type { Picture } from "../../host/memory";
import { openNode } from "../../sim/engines/node";
import { seededBytes } from "../../sim/random";
import { FlashTwin } from "../../sim/twins/flash";
import type { OpenNet } from "../../sim/twins/net";
import { FAIR, WireTwin } from "../../sim/twins/wire";
import { runScript } from "../run";
import { FACTORY_TID, openHandheld, scriptTime } from "../world";
import { type CutStory, cutStories, CutWorld, FEW } from "./cuts";
import { torture } from "./day";
import { openSimulatedHost, type SimulatedHost } from "./host";
import { mash } from "./mash";

const TORTURES = [11, 12, 13];
const PAIRED = ["sale.ndjson", "no-answer.ndjson", "void.ndjson", "settle.ndjson"];

export class Judge {
  private nowMs = () => 0;
  private random = seededBytes(1);

  private constructor(
    private readonly host: SimulatedHost,
    private readonly factory: Picture,
    private readonly stories: readonly CutStory[],
  ) {}

  static async open(): Promise<Judge> {
    let judge: Judge | null = null;
    const host = await openSimulatedHost({
      tids: [FACTORY_TID],
      localTime: () => scriptTime(judge?.nowMs() ?? 0),
      randomBytes: (count) => (judge as Judge).random(count),
    });
    judge = new Judge(host, host.store.picture(), cutStories());
    return judge;
  }

  close(): Promise<void> {
    return this.host.host.close();
  }

  /** The first test that fails, or "" when all of them pass. */
  async judge(bundle: string): Promise<string> {
    for (const story of this.stories) {
      const why = await this.play(story, bundle).catch((error: unknown) => (error as Error).message);
      if (why !== "") return `scripts/${story.name}`;
    }
    const others: [string, () => Promise<unknown>][] = [
      ["mash", () => mash(5, 1500, bundle)],
      ...PAIRED.map((name): [string, () => Promise<unknown>] => [`cuts of ${name}`, () => this.cut(name, bundle)]),
      ...TORTURES.map((seed): [string, () => Promise<unknown>] => [
        "torture",
        () => torture({ seed, transactions: 80, terminals: 2, bundle }),
      ]),
    ];
    for (const [name, run] of others) {
      const isRed = await run().then(
        () => false,
        () => true,
      );
      if (isRed) return name;
    }
    return "";
  }

  private async cut(name: string, bundle: string): Promise<void> {
    const world = await CutWorld.open(bundle);
    try {
      const story = this.stories.find((each) => each.name === name);
      if (story) await world.sweep(story, FEW);
    } finally {
      await world.close();
    }
  }

  private async play({ script, scriptFolder, image }: CutStory, bundle: string): Promise<string> {
    const { host, factory } = this;
    host.store.restore(factory);
    this.random = seededBytes(1);
    const options = { script, scriptFolder, engine: openNode(bundle), seed: 1, onEvent: () => undefined };
    const result = await runScript(options, async (world) => {
      const flash = new FlashTwin(image);
      const openNet: OpenNet = (...wires) => new WireTwin(host, FAIR, ...wires);
      const handheld = openHandheld({ ...world, openNet }, flash, host.host, (count) => this.random(count));
      this.nowMs = () => handheld.nowMs;
      return { handheld, flash, host: host.host, tid: FACTORY_TID, close: () => handheld.powerCut() };
    });
    return result.failure || (result.agree ? "" : "the books differ");
  }
}
