/** Every kind of receipt as a picture: each is printed by a handheld in a sale of its own, and is the paper that came out. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FactorySettings } from "../sim/journal-image";
import { dotsPng } from "../sim/png";
import { type RunResult, runScript } from "./run";
import { openScriptWorld, type World, type WorldOptions } from "./world";

const SALE = [`{"keys":["1","2","5","0","E"]}`, `{"swipe":{"t2":";4761739001010010=28122011143800000000?"}}`];
const SETTLED = `{"settle":true}`;
/** The printer is opened in the middle of the receipt, and closed again. */
const DISTURBED = [
  ...SALE,
  `{"wait":900}`,
  `{"printer":"cover"}`,
  `{"wait":5000}`,
  `{"printer":"ok"}`,
  `{"wait":9000}`,
];

interface Kind {
  name: string;
  settings: Partial<FactorySettings>;
  story?: readonly string[];
}

const KINDS: readonly Kind[] = [
  { name: "58-test", settings: {} },
  { name: "58-live", settings: { mode: "live" } },
  { name: "58-duplicate", settings: {}, story: DISTURBED },
  { name: "58-qr", settings: { printer: "58", receiptCode: "qr" } },
  { name: "58-barcode", settings: { printer: "58", receiptCode: "bar" } },
  { name: "58-gbk-qr", settings: { printer: "58-gbk", receiptCode: "qr" } },
  // Symbols that the terminal draws, since the printer does not.
  { name: "58-drawn-qr", settings: { printer: "58-status", receiptCode: "qr" } },
  { name: "58-drawn-barcode", settings: { printer: "58-mute", receiptCode: "bar" } },
  { name: "80-live", settings: { printer: "80", mode: "live" } },
  { name: "80-qr", settings: { printer: "80", receiptCode: "qr" } },
  { name: "80-barcode", settings: { printer: "80", receiptCode: "bar" } },
];

/** Prints them all and writes `receipt-KIND.png` for each into the folder; gives the files' names. */
export async function peekSlips(
  folder: string,
  openWorld: (options: WorldOptions) => Promise<World> = openScriptWorld,
): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const names: string[] = [];
  for (const { name, settings, story = SALE } of KINDS) {
    const script = [...story, SETTLED].join("\n");
    const played = await runScript({ script, engine: "node", seed: 1, settings, onEvent: () => undefined }, openWorld);
    const file = `receipt-${name}.png`;
    writeFileSync(join(folder, file), lastSlip(name, played));
    names.push(file);
  }
  return names;
}

function lastSlip(name: string, { failure, slips }: RunResult): Buffer {
  const slip = slips[slips.length - 1];
  if (failure || !slip) throw new Error(`receipt ${name}: ${failure || "nothing was printed"}`);
  return dotsPng(slip.rows, slip.widthDots);
}
