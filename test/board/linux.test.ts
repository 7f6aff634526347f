/**
 * The Linux board, a real engine with its buses on sockets and its flash in a file: the stories of `test/scripts` give the same events as on
 * the console board, and a sale is whole after SIGKILL inside each write to the file. CUTS in the environment says how many of the cuts are
 * played, after all stories; unless given, as much as fits into a run of all tests.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../../src/cli/world";
import { openLinuxBoard } from "../../src/sim/engines/linux";
import type { FileCut } from "../../src/sim/engines/linux-shim";
import type { ScriptEvent } from "../../src/sim/script";
import { hasEspruino } from "../engines";
import { almostFullImage } from "../images";
import { checkInvariants } from "../invariants";
import { report } from "../report";
import { newImage, openSharedHost, playOn, type Played, type SharedHost } from "../world";

const BUNDLE = join(ROOT, "dist", "tillet-linux.js");
const FOLDER = join(ROOT, "test", "scripts");
/** One story of each kind; all of them with CUTS. */
const FEW =
  "sale sale-pin tap tap-torn paper-out swipe-ways answer-late keys-held battery-low power-cut-online power-cut-printing sign-on";
const NAMES = process.env.CUTS
  ? readdirSync(FOLDER).filter((name) => name.endsWith(".ndjson"))
  : FEW.split(" ").map((name) => `${name}.ndjson`);
const CUTS = Number(process.env.CUTS ?? 12);
/** Each time the link waits it is up to a quarter longer by chance, and this board's chance is its own. */
const CHANCE_MS = 5000;

const read = (name: string) => readFileSync(join(FOLDER, name), "utf8");

let shared: SharedHost;
const counts: string[] = [];
beforeAll(async () => {
  shared = await openSharedHost();
});
afterAll(async () => {
  report("3-linux-board", counts);
  await shared.close();
});

async function playOnLinux(script: string, image: Uint8Array, cut?: FileCut): Promise<Played> {
  const board = openLinuxBoard(BUNDLE, image, cut);
  try {
    const played = await playOn(shared, script, { engine: board, image, ...(cut && { cut }) });
    // What the simulator was told of is what the file has, and only the file outlived the cut.
    expect(Buffer.from(board.image()).equals(Buffer.from(played.image))).toBe(true);
    return played;
  } finally {
    await board.close();
  }
}

/** Times apart, and what the host makes of the board's chance. */
function story(events: readonly ScriptEvent[]): unknown {
  const text = JSON.stringify(events.map(({ t: _, ...event }) => event));
  return JSON.parse(text.replace(/Approval code( +)\d{6}/g, "Approval code$1000000")) as unknown;
}

describe.skipIf(!hasEspruino)("on the Linux board", () => {
  test.each(NAMES)("%s gives the events of the console board", async (name) => {
    const script = read(name);
    const onConsole = await playOn(shared, script);
    const onLinux = await playOnLinux(script, newImage());
    expect(onLinux.failure).toBe("");
    expect(story(onLinux.events)).toEqual(story(onConsole.events));
    onLinux.events.forEach(({ t }, index) => {
      expect(Math.abs(t - (onConsole.events[index]?.t ?? NaN))).toBeLessThan(CHANCE_MS);
    });
  });

  test("a sale is whole after SIGKILL inside a write to its flash", { timeout: 3_600_000 }, async () => {
    const stories = [
      { script: read("sale.ndjson"), image: newImage() },
      { script: read("answer-late.ndjson"), image: newImage() },
      { script: read("sale.ndjson"), image: almostFullImage() },
    ];
    const all: { script: string; image: Uint8Array; cut: FileCut }[] = [];
    for (const each of stories) {
      const whole = await playOn(shared, each.script, { image: each.image });
      whole.flashOperations.forEach(({ kind, byteCount }, index) => {
        const step = kind === "write" ? 1 : PAGE_STEP;
        for (let bytesDone = 0; bytesDone <= byteCount; bytesDone += step)
          all.push({ ...each, cut: { operation: index + 1, bytesDone } });
      });
    }
    const count = Math.min(CUTS, all.length);
    for (let i = 0; i < count; i++) {
      const { script, image, cut } = all[Math.floor(((i + 0.5) * all.length) / count)] as (typeof all)[number];
      const played = await playOnLinux(script, image, cut);
      await checkInvariants(played, shared.host, 1).catch((error: Error) => {
        throw new Error(`cut in operation ${cut.operation} after ${cut.bytesDone} bytes: ${error.message}`);
      });
    }
    counts.push(`Power cuts on the Linux board, SIGKILL inside a write to its flash file: ${count} of ${all.length}`);
  });
});

/** Bytes of an erase are all alike. */
const PAGE_STEP = 256;
