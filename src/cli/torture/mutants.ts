/** Which of the quick tests turns red over a bundle whose machine was changed: `tools/mutate` makes them. */
import { type CutStory, cutStories, CutWorld, FEW } from "./cuts";
import { torture } from "./day";
import { mash } from "./mash";
import { Stage } from "./play";

const TORTURES = [11];
const CUT = ["no-answer.ndjson", "settle.ndjson"];

export class Judge {
  private constructor(
    private readonly stage: Stage,
    private readonly stories: readonly CutStory[],
  ) {}

  static async open(): Promise<Judge> {
    return new Judge(await Stage.open(), cutStories());
  }

  close(): Promise<void> {
    return this.stage.close();
  }

  /** The first test that fails, or "" when all of them pass. */
  async judge(bundle: string): Promise<string> {
    for (const story of this.stories) {
      const why = await this.play(story, bundle).catch((error: unknown) => (error as Error).message);
      if (why !== "") return `scripts/${story.name}`;
    }
    const others: [string, () => Promise<unknown>][] = [
      ["mash", () => mash(5, 1000, bundle)],
      ...CUT.map((name): [string, () => Promise<unknown>] => [`cuts of ${name}`, () => this.cut(name, bundle)]),
      ...TORTURES.map((seed): [string, () => Promise<unknown>] => [
        "torture",
        () => torture({ seed, transactions: 60, terminals: 2, bundle }),
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

  private async play(story: CutStory, bundle: string): Promise<string> {
    const { failure, agree } = await this.stage.play({ ...story, bundle });
    return failure || (agree ? "" : "the books differ");
  }
}
