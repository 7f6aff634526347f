/**
 * Power cut inside every flash operation of sign-on, agreement of keys and its echo, and with every answer lost: terminal and host, the
 * real one, can talk afterwards, and flash holds one key.
 */
import nacl from "tweetnacl";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Happening } from "../../src/board/board";
import { factorySettings } from "../../src/cli/world";
import { testKey } from "../../src/host/keys";
import { factoryImage, readBook } from "../../src/sim/journal-image";
import { seededBytes } from "../../src/sim/random";
import { type PlannedCut, PowerCut } from "../../src/sim/twins/flash";
import { trackBits } from "../../src/sim/twins/magstripe";
import { openRekey, RekeyStage } from "../../src/txn/rekey";
import { Timer } from "../../src/txn/timers";
import { Bench } from "../host/bench";
import { FASTEST } from "../host/stores";
import { almostFull } from "../images";
import { WorksBench } from "./works";

const UNKNOWN_CARD = ";4000000000009995=28122011143800000000?";
const host = new Bench();
const random = seededBytes(20260110);

beforeAll(() => host.open(FASTEST));
afterAll(() => host.close());

async function newImage(isFull: boolean): Promise<Uint8Array> {
  const { tid } = await host.newTerminal();
  const image = factoryImage(factorySettings(tid), testKey(tid));
  return isFull ? almostFull(image) : image;
}

/** Brings what the terminal says to the host and back, until it says no more; the answer number `lost` of them stays away. */
async function talk(bench: WorksBench, lost = -1): Promise<void> {
  for (let exchange = 0; ; exchange++) {
    const [line] = bench.asked();
    if (!line) return;
    const answer = await host.send(line);
    expect(answer).not.toBe("");
    if (exchange === lost) return;
    bench.hear(answer);
  }
}

/** The work for the key is done: what `workRekey` would come to, without its 35,000 slices. */
function agree(bench: WorksBench): void {
  const s = bench.works.signOn;
  const pair = nacl.box.keyPair.fromSecretKey(Buffer.from(random(32), "latin1"));
  const shared = nacl.scalarMult(pair.secretKey, Buffer.from(s.hostKey, "latin1"));
  s.rekey = {
    ...openRekey(s.hostKey),
    stage: RekeyStage.Ready,
    publicKey: Buffer.from(pair.publicKey).toString("latin1"),
    shared: new Uint32Array(shared.slice().buffer),
  };
}

/** Sign-on, agreement, echo: three exchanges, of which the one numbered `lost` gets no answer. */
async function story(bench: WorksBench, lost = -1): Promise<void> {
  bench.connect();
  await talk(bench, lost);
  if (lost === 0) return;
  agree(bench);
  bench.fire(Timer.SignOn);
  await talk(bench, lost - 1);
}

/** Power is back: the terminal signs on, and a sale is answered. */
async function checkTalk(image: Uint8Array): Promise<void> {
  const bench = new WorksBench(image);
  bench.connect();
  await talk(bench);
  expect(bench.works.t.isSignedOn).toBe(true);
  bench.press("1250E");
  bench.happen(Happening.Bits, 2, trackBits(2, UNKNOWN_CARD));
  bench.fire(Timer.Swipe);
  await talk(bench);
  expect(bench.rows()).toEqual(expect.arrayContaining(["DECLINED", "Card is not known"]));
  expect(readBook(bench.flash.image).keyCount).toBe(1);
}

/** Both ends of an operation, and every fourth byte between them. */
function prefixes(byteCount: number): number[] {
  const some = Array.from({ length: Math.ceil(Math.min(byteCount, 256) / 4) }, (_, index) => 4 * index);
  return [...some, 1, byteCount - 1, byteCount];
}

describe.each([
  ["on a new page", false],
  ["while a page turns", true],
])("%s", (_, isFull) => {
  test("after a power cut terminal and host can talk", async () => {
    const whole = new WorksBench(await newImage(isFull));
    await story(whole);
    expect(whole.works.signOn.hostKey).toBe("");
    const { operations } = whole.flash;
    expect(operations.length).toBeGreaterThan(9);
    for (const [index, { byteCount }] of operations.entries()) {
      for (const bytesDone of prefixes(byteCount)) {
        const cut: PlannedCut = { operation: index + 1, bytesDone };
        const bench = new WorksBench(await newImage(isFull));
        bench.flash.plan(cut);
        await expect(story(bench)).rejects.toThrow(PowerCut);
        await checkTalk(bench.flash.image).catch((error: Error) => {
          throw new Error(`cut ${JSON.stringify(cut)}: ${error.message}`);
        });
      }
    }
  });
});

test.each([0, 1, 2])("with answer %i lost, and power with it, they can talk", async (lost) => {
  const bench = new WorksBench(await newImage(false));
  await story(bench, lost);
  await checkTalk(bench.flash.image);
});

test.each([0, 1, 2])("with answer %i lost it comes again, and they can talk", async (lost) => {
  const bench = new WorksBench(await newImage(false));
  await story(bench, lost);
  bench.fire(Timer.Link);
  bench.connect();
  await talk(bench);
  await checkTalk(bench.flash.image);
});
