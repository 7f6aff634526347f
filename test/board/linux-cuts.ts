/** Power cuts on the Linux board: SIGKILL inside a write to its flash file, after every number of bytes, in stories that write all kinds of records. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { ROOT } from "../../src/cli/world";
import { openLinuxBoard } from "../../src/sim/engines/linux";
import type { FileCut } from "../../src/sim/engines/linux-shim";
import { almostFullImage } from "../images";
import { checkInvariants } from "../invariants";
import { newImage, playOn, type Played, type SharedHost } from "../world";

const BUNDLE = join(ROOT, "dist", "tillet-linux.js");
export const SCRIPTS = join(ROOT, "test", "scripts");
/** Bytes of an erase are all alike. */
const PAGE_STEP = 256;
/** Of a walk through a list in steps of this share, any beginning is spread evenly over it. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

export interface LinuxCut {
  story: string;
  script: string;
  image: Uint8Array;
  cut: FileCut;
}

export const readStory = (name: string) => readFileSync(join(SCRIPTS, `${name}.ndjson`), "utf8");

const WITH_TAP = `
{"keys":["1","2","5","0","E"]}
{"tap":"../cards/mastercard.json"}
{"settle":true}
`;

function stories(): Omit<LinuxCut, "cut">[] {
  const behindSale = `${readStory("sale").trimEnd()}\n{"key":"E"}\n`;
  return [
    { story: "sale", script: readStory("sale"), image: newImage() },
    { story: "answer-late", script: readStory("answer-late"), image: newImage() },
    { story: "sale while a page turns", script: readStory("sale"), image: almostFullImage() },
    { story: "tap", script: WITH_TAP, image: newImage() },
    { story: "void", script: `${behindSale}{"keys":["F","1","1","E","E"]}\n{"settle":true}\n`, image: newImage() },
    { story: "settlement", script: `${behindSale}{"keys":["F","4","E"]}\n{"settle":true}\n`, image: newImage() },
  ];
}

/** Every cut there is, in such an order that any beginning has some of each story and of each record. */
export async function linuxCuts(shared: SharedHost): Promise<LinuxCut[]> {
  const all: LinuxCut[] = [];
  for (const each of stories()) {
    const whole = await playOn(shared, each.script, { image: each.image });
    whole.flashOperations.forEach(({ kind, byteCount }, index) => {
      const step = kind === "write" ? 1 : PAGE_STEP;
      for (let bytesDone = 0; bytesDone <= byteCount; bytesDone += step)
        all.push({ ...each, cut: { operation: index + 1, bytesDone } });
    });
  }
  const place = (index: number) => (index * GOLDEN) % 1;
  return all
    .map((each, index) => ({ each, at: place(index) }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);
}

export async function playOnLinux(
  shared: SharedHost,
  script: string,
  image: Uint8Array,
  cut?: FileCut,
): Promise<Played> {
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

/** "" when the story is whole after the cut, else what is wrong. */
export async function playCut(shared: SharedHost, { story, script, image, cut }: LinuxCut): Promise<string> {
  try {
    await checkInvariants(await playOnLinux(shared, script, image, cut), shared.host, 1);
    return "";
  } catch (error) {
    return `${story}, operation ${cut.operation} after ${cut.bytesDone} bytes: ${(error as Error).message}`;
  }
}
