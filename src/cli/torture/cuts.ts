/**
 * Cuts of the power in every place of a story, by forks: the story is played once, and at each flash operation and each message what
 * outlives a cut is kept: the flash, the host, the paper, what has left for the host. Power takes all else, so that a handheld that
 * begins with these is the one after the cut. It must come to rest by itself, and then the money is counted.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Picture } from "../../host/memory";
import { openNode } from "../../sim/engines/node";
import { Handheld } from "../../sim/handheld";
import type { FingerModel } from "../../sim/factory-settings";
import { isBookAtRest, readBook } from "../../sim/journal-image";
import { seededBytes } from "../../sim/random";
import { blockAt } from "../block";
import { BOOT_MS, parseScript, play, type Player, scriptSettings } from "../../sim/script";
import { FlashTwin, offset } from "../../sim/twins/flash";
import { FAIR, WireTwin } from "../../sim/twins/wire";
import { BUNDLE, FACTORY_TID, ROOT, scriptTime, testImage } from "../world";
import { checkBatch, checkLedger, checkOnce } from "./check";
import { openSimulatedHost, type SimulatedHost } from "./host";
import { piecesOf, readReceipt } from "./paper";

export interface CutStory {
  name: string;
  script: string;
  image: Uint8Array;
  /** Which fingerprint sensor is built in; none without it. */
  finger?: FingerModel | undefined;
  scriptFolder: string;
}

/** What outlives a cut. */
interface Kept {
  image: Uint8Array;
  finger?: FingerModel | undefined;
  host: Picture;
  nowMs: number;
  slips: readonly (readonly string[])[];
  sent: ReadonlyMap<number, string>;
}

/** A place where the power may go: before a message or behind it, or in an operation after some of its bytes. */
interface Place extends Kept {
  what: string;
  operation: { start: number; before: Uint8Array; after: Uint8Array; isErase: boolean } | null;
}

export type Prefixes = (byteCount: number) => number[];
/** Every number of bytes. */
export const EVERY: Prefixes = (byteCount) => Array.from({ length: byteCount + 1 }, (_, index) => index);
/** None, one, half, and all. */
export const FEW: Prefixes = (byteCount) => [0, 1, Math.floor(byteCount / 2), byteCount];

export interface CutCount {
  operations: number;
  messages: number;
  cuts: number;
  /** A second cut in the recovery from the first. */
  pairs: number;
}

/** Every story that there is, on a handheld that has just been made. X25519 would be most of the work; its cuts are in `txn/rekey.test`. */
export function cutStories(): CutStory[] {
  const scriptFolder = join(ROOT, "test", "scripts");
  const names = readdirSync(scriptFolder).filter((name) => name.endsWith(".ndjson"));
  return names.map((name) => {
    const script = readFileSync(join(scriptFolder, name), "utf8");
    const settings = scriptSettings(parseScript(script));
    const image = testImage(FACTORY_TID, { rekey: "off", ...settings });
    return { name, script, image, finger: settings.finger, scriptFolder };
  });
}

const MERCHANT = "TILLET CORNER";
const REST_MS = 2000;
const REST_MS_MAX = 20 * 60 * 1000;
const SEED = 1;

class WatchedFlash extends FlashTwin {
  constructor(
    image: Uint8Array,
    private readonly before: (what: string, start: number, bytes: Uint8Array, isErase: boolean) => void,
  ) {
    super(image);
  }

  override write(address: number, text: string): void {
    const start = offset(address, text.length);
    const bytes = Buffer.from(text, "latin1").map((byte, index) => byte & (this.image[start + index] as number));
    this.before(`write ${this.operations.length + 1}`, start, bytes, false);
    super.write(address, text);
  }

  override erase(address: number): void {
    this.before(`erase ${this.operations.length + 1}`, offset(address, 4096), new Uint8Array(4096).fill(0xff), true);
    super.erase(address);
  }
}

export class CutWorld {
  private nowMs = () => 0;
  private random = seededBytes(SEED);
  private factory: Picture = new Map();
  private fundedMinor = 0;

  private constructor(
    private readonly host: SimulatedHost,
    private readonly bundle: string,
  ) {}

  /** `bundle`: another than the built one. */
  static async open(bundle = BUNDLE): Promise<CutWorld> {
    let world: CutWorld | null = null;
    const host = await openSimulatedHost({
      tids: [FACTORY_TID],
      localTime: () => scriptTime(world?.nowMs() ?? 0),
      randomBytes: (count) => (world as CutWorld).random(count),
    });
    world = new CutWorld(host, bundle);
    world.factory = host.store.picture();
    const cards = host.store.rows("account").filter(({ kind }) => kind === "card");
    world.fundedMinor = cards.reduce((sum, row) => sum + Number(row.balance_minor), 0);
    return world;
  }

  close(): Promise<void> {
    return this.host.host.close();
  }

  /** Cuts everywhere in a story; with `second` also everywhere in what follows each of the cuts of `second`. */
  async sweep(story: CutStory, first: Prefixes, second: Prefixes | null = null): Promise<CutCount> {
    const whole = await this.run(this.newBorn(story), story);
    const cardsShown = whole.cardsShown;
    const count: CutCount = { operations: 0, messages: 0, cuts: 0, pairs: 0 };
    for (const place of whole.places) {
      count[place.operation ? "operations" : "messages"]++;
      for (const [name, kept] of afterCuts(place, first)) {
        const recovery = await this.recover(story, cardsShown, name, kept, second !== null);
        count.cuts++;
        if (!second) continue;
        for (const again of recovery) {
          for (const [nextName, nextKept] of afterCuts(again, second)) {
            await this.recover(story, cardsShown, `${name}, then ${nextName}`, nextKept, false);
            count.pairs++;
          }
        }
      }
    }
    return count;
  }

  private newBorn({ image, finger }: CutStory): Kept {
    return { image, finger, host: this.factory, nowMs: 0, slips: [], sent: new Map() };
  }

  /** Power comes back, nobody presses a key: where `isAgain` the places where it may go again. Throws when money is not where it belongs then. */
  private async recover(
    story: CutStory,
    cardsShown: number,
    name: string,
    kept: Kept,
    isAgain: boolean,
  ): Promise<Place[]> {
    try {
      const { places, end } = await this.run(kept, null, isAgain);
      const pieces = end.slips.flatMap((lines) => piecesOf(lines, MERCHANT));
      const receipts = pieces.flatMap((piece) => readReceipt(piece) ?? []);
      checkBatch(this.host, { tid: FACTORY_TID, flash: end, pieces, receipts });
      checkLedger(this.host, this.fundedMinor);
      checkOnce(this.host, [{ tid: FACTORY_TID, cardsShown }]);
      return places;
    } catch (error) {
      throw new Error(`${story.name}, power cut at ${name}: ${(error as Error).message}`);
    }
  }

  /** A story, or the recovery from a cut, to its rest. Places are large: they are kept where they are wanted. */
  private async run(from: Kept, story: CutStory | null, isKept = true) {
    const { store } = this.host;
    store.restore(from.host);
    this.random = seededBytes(SEED);
    const slips = [...from.slips];
    const sent = new Map(from.sent);
    const places: Place[] = [];
    let displayed: string[] = [];
    const nowMs = () => from.nowMs + handheld.nowMs;
    const keep = (what: string, operation: Place["operation"]) => {
      if (!isKept) return;
      const paper = [...slips, handheld.printer.hanging().lines];
      places.push({
        what,
        operation,
        image: flash.image.slice(),
        finger: from.finger,
        host: store.picture(),
        nowMs: nowMs(),
        slips: paper,
        sent: new Map(sent),
      });
    };
    const flash = new WatchedFlash(from.image, (what, start, after, isErase) => {
      keep(what, { start, before: flash.image.slice(start, start + after.length), after, isErase });
    });
    const answer = async (line: string) => {
      keep(`message ${sent.size}, before the host has it`, null);
      const reply = await this.host.answer(line);
      keep(`message ${sent.size}, before its answer is heard`, null);
      return reply;
    };
    const handheld = new Handheld({
      engine: openNode(this.bundle),
      flash,
      finger: from.finger,
      door: null,
      openNet: (...wires) => new WireTwin({ answer }, FAIR, ...wires),
      onEvent: (_, event) => {
        if ("display" in event) displayed = event.display;
        if ("printed" in event) slips.push(event.printed);
      },
      onSent: (bytes) => note(sent, bytes),
      randomBytes: (count) => this.random(count),
    });
    this.nowMs = nowMs;
    await handheld.powerOn();
    await handheld.runFor(BOOT_MS);
    const block = blockAt(this.host.host);
    const player: Player = { handheld, flash, printed: someOf(slips), displayed: () => displayed, block };
    const cardsShown = story ? await playStory(story, player) : 0;
    await rest(handheld, flash);
    slips.push(handheld.printer.hanging().lines);
    await handheld.powerCut();
    return { places, cardsShown, end: { image: flash.image, slips } };
  }
}

/** What the player asks of the lines that were printed, of slips that are still to come too. */
function someOf(slips: readonly (readonly string[])[]): string[] {
  return { some: (is: (line: string) => boolean) => slips.flat().some(is) } as string[];
}

/** Gives how many cards were shown. */
async function playStory({ script, scriptFolder }: CutStory, player: Player): Promise<number> {
  const { handheld } = player;
  handheld.wallet.folders.unshift(scriptFolder);
  const lines = parseScript(script);
  scriptSettings(lines);
  const inputs = lines.map(({ input }) => input);
  for (const input of inputs) await play(player, input);
  if (!handheld.isOn) await handheld.powerOn();
  return inputs.filter((input) => "swipe" in input || "tap" in input).length;
}

/** M6: one frame a counter, over all power cuts. */
function note(sent: Map<number, string>, bytes: string): void {
  const counter = Buffer.from(bytes, "base64").readUInt32BE(9);
  const known = sent.get(counter);
  if (known !== undefined && known !== bytes) throw new Error(`M6: counter ${counter} went out with two frames`);
  sent.set(counter, bytes);
}

async function rest(handheld: Handheld, flash: FlashTwin): Promise<void> {
  const untilMs = handheld.nowMs + REST_MS_MAX;
  do {
    await handheld.runFor(500);
    if (handheld.nowMs > untilMs) throw new Error(`not at rest after ${REST_MS_MAX} ms`);
  } while (handheld.nextMs() - handheld.nowMs <= REST_MS || !isBookAtRest(readBook(flash.image)));
}

/** What is left of each cut in a place. A prefix that leaves the flash as a shorter one did is that cut. */
function* afterCuts(place: Place, prefixes: Prefixes): Generator<[name: string, kept: Kept]> {
  const { what, operation } = place;
  if (!operation) {
    yield [what, place];
    return;
  }
  const { start, before, after, isErase } = operation;
  const counts = isErase ? FEW(after.length) : prefixes(after.length);
  let last = "";
  for (const bytesDone of counts) {
    const image = place.image.slice();
    image.set(after.subarray(0, bytesDone), start);
    const now = createHash("md5")
      .update(image.subarray(start, start + before.length))
      .digest("hex");
    if (now === last) continue;
    last = now;
    yield [`${what}, after ${bytesDone} of ${after.length} bytes`, { ...place, image }];
  }
}
